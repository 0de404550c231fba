/** `people` of revops.yml: by which way each wants to be told, and when nobody wants to be. */
import { type PreferredWays, Way } from "../../agents/local/execution/way.ts";
import type { HolidayRules } from "../../flow/holiday-calendar.ts";
import { isMailAddress } from "../../flow/mail-address.ts";
import { nearest } from "../../flow/nearest.ts";
import type { Reader } from "../../flow/flow-file/reader.ts";
import { kindOf } from "../../flow/flow-file/reader.ts";
import type { SourceEntry, SourceNode } from "../../flow/flow-file/source.ts";
import { openMinutes, type QuietHours } from "../../flow/working-time.ts";
import { readHolidays } from "./holidays.ts";

export interface PeopleSettings {
  preferences: PreferredWays;
  /** False: what would be a direct message is a mail, or isn't sent. */
  directMessages: boolean;
  /** Null: at any hour. */
  quietHours: QuietHours | null;
  /** Null: no day is a holiday. */
  holidays: HolidayRules | null;
}

export const noPreferences: PeopleSettings = {
  preferences: new Map(),
  directMessages: true,
  quietHours: null,
  holidays: null,
};

const keys = ["direct_messages", "quiet_hours", "holidays", "preferences"];

export function readPeople(node: SourceNode | null, reader: Reader): PeopleSettings {
  const sections = node === null ? null : reader.fields(node, { what: "people", keys });
  if (sections === null) return noPreferences;
  const directMessages = sections.get("direct_messages");
  const quietHours = sections.get("quiet_hours");
  const holidays = sections.get("holidays");
  const preferences = sections.get("preferences");
  return {
    preferences: preferences === null ? noPreferences.preferences : readPreferences(preferences, reader),
    directMessages: directMessages === null || reader.flag(directMessages, "direct_messages") !== false,
    quietHours: quietHours === null ? null : readQuietHours(quietHours, reader),
    holidays: holidays === null ? null : readHolidays(holidays, reader),
  };
}

function readQuietHours(node: SourceNode, reader: Reader): QuietHours | null {
  const fields = reader.fields(node, { what: "quiet_hours", keys: ["from", "to"] });
  if (fields === null) return null;
  const [from, to] = (["from", "to"] as const).map((key) => {
    const value = fields.get(key);
    if (value === null) reader.report.error(node.at, `quiet_hours needs both from and to, such as "18:00" and "08:00"`);
    return value === null ? null : readTime(value, { key, reader });
  });
  if (from === undefined || to === undefined || from === null || to === null) return null;
  if (from === to) {
    reader.report.error(node.at, "quiet_hours from and to are the same: that is always or never; give two times");
    return null;
  }
  if (openMinutes({ from, to }).length > 0) return { from, to };
  reader.report.error(
    node.at,
    `quiet_hours leave nothing of a working day, from 09:00 to 17:00; did you mean from ${clock(to)} to ${clock(from)}?`,
  );
  return null;
}

function readTime(node: SourceNode, { key, reader }: { key: string; reader: Reader }): number | null {
  const text = reader.text(node, key);
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text ?? "") ?? [];
  if (hour !== undefined && minute !== undefined) return Number(hour) * 60 + Number(minute);
  if (text !== null) reader.report.error(node.at, `"${text}" is no time of day; write "08:00" or "18:30", in quotes`);
  return null;
}

function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

function readPreferences(node: SourceNode, reader: Reader): PreferredWays {
  if (node.kind !== "map") {
    reader.report.error(node.at, `preferences must be a mapping of mail addresses to ${ways}, not ${kindOf(node)}`);
    return noPreferences.preferences;
  }
  const pairs = node.entries.flatMap((entry) => {
    const way = readWay(entry, reader);
    return way === null ? [] : [[entry.key.toLowerCase(), way] as const];
  });
  return new Map(pairs);
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
