/** `people.holidays` of revops.yml: a region, a list of regions and days, or a mapping of time zones to either. */
import type { Reader } from "../../flow/flow-file/reader.ts";
import { entryOf, type SourceEntry, type SourceNode } from "../../flow/flow-file/source.ts";
import type { HolidayRules, HolidaySet } from "../../flow/holiday-calendar.ts";
import { regionProblem } from "../../flow/public-holidays.ts";
import { isZone, localDate, startOfDay } from "../../flow/zone.ts";

/** Of the zones that the mapping doesn't name. */
const othersKey = "default";
const none: HolidaySet = { regions: [], dates: [] };

export function readHolidays(node: SourceNode, reader: Reader): HolidayRules {
  if (node.kind !== "map") return { zones: new Map(), others: readSet(node, reader) };
  const others = entryOf(node, othersKey);
  const zones = node.entries.flatMap((entry) => (entry.key === othersKey ? [] : [readZone(entry, reader)]));
  return { zones: new Map(zones), others: others === null ? none : readSet(others.value, reader) };
}

function readZone({ key, keyAt, value }: SourceEntry, reader: Reader): readonly [string, HolidaySet] {
  if (!isZone(key)) {
    const form = `write a zone such as Europe/Berlin, or ${othersKey} for all others`;
    reader.report.error(keyAt, `"${key}" is no time zone; ${form}`);
  }
  return [key, readSet(value, reader)];
}

function readSet(node: SourceNode, reader: Reader): HolidaySet {
  const texts = reader.list(node).flatMap((item) => {
    const text = reader.text(item, "a region or a day of holidays");
    return text === null || !isKnown({ text, at: item.at, reader }) ? [] : [text];
  });
  return { regions: texts.filter((text) => !isDay(text)), dates: texts.filter(isDay) };
}

function isKnown({ text, at, reader }: { text: string; at: number; reader: Reader }): boolean {
  const problem = isDay(text) ? dayProblem(text) : regionProblem(text);
  if (problem !== null) reader.report.error(at, problem);
  return problem === null;
}

function isDay(text: string): boolean {
  return /^\d/.test(text);
}

function dayProblem(text: string): string | null {
  if (/^\d{4}-\d\d-\d\d$/.test(text) && isDate(text)) return null;
  return `"${text}" is no day; write it as in 2026-12-24`;
}

function isDate(text: string): boolean {
  try {
    return localDate({ at: startOfDay({ date: text, timezone: "UTC" }), timezone: "UTC" }) === text;
  } catch {
    return false;
  }
}
