/** What starts a flow: `trigger:`, or a list of them under `triggers:`. */
import { compileFilter } from "../filter.ts";
import type { Trigger } from "../flow.ts";
import { normaliseSchedule, parseSchedule } from "../schedule.ts";
import { isZone } from "../zone.ts";
import type { Fields, Reader } from "./reader.ts";
import { entryOf, type ScalarNode, type SourceNode } from "./source.ts";

const types = ["schedule", "event", "manual"] as const;
const overlaps = ["skip", "queue", "allow"] as const;
const catchUps = ["none", "latest", "all"] as const;

const keysOf: Readonly<Record<Trigger["type"], readonly string[]>> = {
  schedule: ["type", "schedule", "timezone", "catch_up", "overlap", "filter", "jitter"],
  event: ["type", "event", "overlap", "filter"],
  manual: ["type", "overlap"],
};

export function readTriggers(flow: Fields, reader: Reader): Trigger[] {
  const one = flow.entry("trigger");
  const several = flow.entry("triggers");
  if (one !== null && several !== null) {
    reader.report.error(several.keyAt, "a flow has either trigger or triggers; move them all under triggers");
  }
  const nodes = [one, several].flatMap((entry) => (entry === null ? [] : reader.list(entry.value)));
  return nodes.flatMap((node) => readTrigger(node, reader) ?? []);
}

function readTrigger(node: SourceNode, reader: Reader): Trigger | null {
  const type = triggerType(node, reader);
  if (type === null) return null;
  const keys = keysOf[type];
  const foreign = types.flatMap((other) => keysOf[other]).filter((key) => !keys.includes(key));
  const elsewhere = Object.fromEntries(foreign.map((key) => [key, `doesn't go with a trigger of type ${type}`]));
  const fields = reader.fields(node, { what: "a trigger", keys, elsewhere });
  if (fields === null) return null;
  const overlap = word({ fields, key: "overlap", words: overlaps, reader }) ?? "skip";
  switch (type) {
    case "schedule":
      return scheduleTrigger(fields, overlap, reader);
    case "event":
      return eventTrigger(fields, overlap, reader);
    case "manual":
      return { type, overlap };
  }
}

function triggerType(node: SourceNode, reader: Reader): Trigger["type"] | null {
  const entry = entryOf(node, "type");
  if (entry !== null) return reader.oneOf(entry.value, { what: "trigger type", words: types });
  const hint = `add type: ${types.join(", or type: ")}`;
  reader.report.error(
    node.at,
    node.kind === "map" ? `a trigger needs a type; ${hint}` : `a trigger is a mapping; ${hint}`,
  );
  return null;
}

type Overlap = (typeof overlaps)[number];

function scheduleTrigger(fields: Fields, overlap: Overlap, reader: Reader): Trigger | null {
  const filter = readFilter(fields.get("filter"), reader);
  const timezone = readZone(fields.get("timezone"), reader);
  const catchUp = word({ fields, key: "catch_up", words: catchUps, reader }) ?? "latest";
  const jitter = fields.get("jitter");
  const jitterMs = jitter === null ? 0 : (reader.duration(jitter, "jitter") ?? 0);
  const node = fields.get("schedule");
  if (node === null) {
    reader.report.error(fields.at, 'a trigger of type schedule needs a schedule, such as "cron(0 9 * * ? *)"');
    return null;
  }
  const schedule = readSchedule(node, reader);
  if (schedule === null) return null;
  return { type: "schedule", schedule, timezone, catch_up: catchUp, overlap, filter, jitter_ms: jitterMs };
}

function eventTrigger(fields: Fields, overlap: Overlap, reader: Reader): Trigger | null {
  const filter = readFilter(fields.get("filter"), reader);
  const node = fields.get("event");
  const event = node === null ? null : reader.text(node, "event");
  if (node === null) reader.report.error(fields.at, "a trigger of type event needs an event, such as customer.created");
  return event === null ? null : { type: "event", event, overlap, filter };
}

function readSchedule(node: SourceNode, reader: Reader): string | null {
  const text = reader.text(node, "schedule");
  if (text === null || node.kind !== "scalar") return null;
  const parsed = parseSchedule(text);
  if (parsed.ok) return normaliseSchedule(text);
  reader.report.error(node.place(placeOfField(text, parsed.problem.field)), `schedule: ${parsed.problem.message}`);
  return null;
}

const cronFields = ["minutes", "hours", "day-of-month", "month", "day-of-week", "year"];
const rateFields = ["value", "unit"];

/** Where in the schedule's text the field stands that is wrong. */
function placeOfField(text: string, field: string | null): number {
  if (field === null) return 0;
  const bracket = text.indexOf("(");
  const names = rateFields.includes(field) ? rateFields : cronFields;
  const words = [...text.slice(bracket + 1).matchAll(/[^\s)]+/g)];
  const found = words[names.indexOf(field)];
  return found === undefined ? 0 : bracket + 1 + found.index;
}

function readZone(node: SourceNode | null, reader: Reader): string | null {
  const zone = node === null ? null : reader.text(node, "timezone");
  if (node === null || zone === null || isZone(zone)) return zone;
  reader.report.error(node.at, `there is no time zone "${zone}"; write an IANA name such as Europe/Berlin`);
  return null;
}

function readFilter(node: SourceNode | null, reader: Reader): string[] | null {
  if (node === null) return null;
  const texts: { node: ScalarNode; text: string }[] = reader.list(node).flatMap((item) => {
    const text = reader.text(item, "a filter's predicate");
    return text === null || item.kind !== "scalar" ? [] : [{ node: item, text }];
  });
  if (texts.length === 0) return null;
  const compiled = compileFilter({ predicates: texts.map(({ text }) => text) });
  const place = (problem: { predicate: number; offset: number }) =>
    texts[problem.predicate]?.node.place(problem.offset) ?? node.at;
  if (compiled.ok)
    for (const warning of compiled.warnings) reader.report.warning(place(warning), `filter: ${warning.message}`);
  else for (const problem of compiled.problems) reader.report.error(place(problem), `filter: ${problem.message}`);
  return texts.map(({ text }) => text);
}

function word<Word extends string>(asked: {
  fields: Fields;
  key: string;
  words: readonly Word[];
  reader: Reader;
}): Word | null {
  const { fields, key, words, reader } = asked;
  const node = fields.get(key);
  return node === null ? null : reader.oneOf(node, { what: key, words });
}
