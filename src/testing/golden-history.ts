/**
 * An execution's history as text that is the same in every run: times counted from its start, ids by number, hashes left out.
 * What a test keeps of it shows any change of behaviour as a difference of lines.
 */
import type { ExecutionEvent, LogEntry } from "../flow/event.ts";
import { formatDuration } from "../flow/duration.ts";
import type { Json } from "../flow/json.ts";

/** Said in the file's first line, or no fact of the flow's own. */
const leftOut: ReadonlySet<string> = new Set(["type", "at", "definition_hash", "hash", "owner", "slots", "variables"]);

/** One line an event; the durations are since the start. Cards that were posted aren't the flow's doing. */
export function goldenHistory(entries: readonly LogEntry[]): string {
  const events = entries.flatMap((entry) => entry.events).filter(({ type }) => type !== "card_posted");
  const start = events[0]?.at ?? 0;
  const names = new Map<string, string>();
  return events.map((event) => `${line(event, { start, names })}\n`).join("");
}

interface Within {
  start: number;
  names: Map<string, string>;
}

function line(event: ExecutionEvent, within: Within): string {
  const facts = Object.entries(event).flatMap(([name, value]) =>
    leftOut.has(name) || value === null || value === undefined ? [] : [`${name}=${valueText(name, value, within)}`],
  );
  return [`+${formatDuration(event.at - within.start)}`, event.type, ...facts].join(" ");
}

/** Instants are told as everything is: since the start. */
function valueText(name: string, value: Json, within: Within): string {
  if (typeof value === "number" && name.endsWith("_at")) return `+${formatDuration(value - within.start)}`;
  if (typeof value === "number" && name === "until") return `+${formatDuration(value - within.start)}`;
  return named(JSON.stringify(sorted(value)), within.names);
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] ?? null)]));
}

/** Of executions and batches (`flow/execution-id.ts`). */
const ids = /\b[0-9a-hjkmnp-tv-z]{9}-[0-9a-f]{12,}\b/g;

function named(text: string, names: Map<string, string>): string {
  return text.replaceAll(ids, (id) => {
    const known = names.get(id) ?? `execution-${names.size + 1}`;
    names.set(id, known);
    return known;
  });
}
