/** `people` of revops.yml: by which way each wants to be told. */
import { isMailAddress } from "../../flow/mail-address.ts";
import { type PreferredWays, Way } from "../../agents/local/execution/way.ts";
import { nearest } from "../../flow/nearest.ts";
import type { Reader } from "../../flow/flow-file/reader.ts";
import { kindOf } from "../../flow/flow-file/reader.ts";
import type { SourceEntry, SourceNode } from "../../flow/flow-file/source.ts";

export interface PeopleSettings {
  preferences: PreferredWays;
}

export const noPreferences: PeopleSettings = { preferences: new Map() };

/** Of DESIGN §6, but for later: said rather than ignored. */
const later = ["direct_messages", "quiet_hours", "holidays"];

export function readPeople(node: SourceNode | null, reader: Reader): PeopleSettings {
  const sections = node === null ? null : reader.fields(node, { what: "people", keys: ["preferences"], later });
  const preferences = sections?.get("preferences") ?? null;
  if (preferences === null) return noPreferences;
  if (preferences.kind !== "map") {
    reader.report.error(
      preferences.at,
      `preferences must be a mapping of mail addresses to ${ways}, not ${kindOf(preferences)}`,
    );
    return noPreferences;
  }
  const pairs = preferences.entries.flatMap((entry) => {
    const way = readWay(entry, reader);
    return way === null ? [] : [[entry.key.toLowerCase(), way] as const];
  });
  return { preferences: new Map(pairs) };
}

const ways = Way.options.join(", ");

function readWay({ key, keyAt, value }: SourceEntry, reader: Reader): Way | null {
  if (!isMailAddress(key)) reader.report.error(keyAt, `a preference is a mail address's: "${key}" is none`);
  const text = reader.text(value, `the preference of ${key}`);
  if (text === null) return null;
  const way = Way.options.find((one) => one === text);
  if (way !== undefined) return way;
  const near = nearest(text, Way.options);
  const hint = near === null ? `there are ${ways}` : `did you mean ${near}?`;
  reader.report.error(value.at, `"${text}" is no way to tell somebody; ${hint}`);
  return null;
}
