/** The difference that an edit made, as lines: for lists what was added, left out, changed; for the rest from what to what. */
import type { FieldChange } from "../../flow/field-change.ts";
import { canonicalJson, type Json } from "../../flow/json.ts";
import { piece } from "./escape.ts";
import { day, inWords } from "./format.ts";

const valueLength = 200;
const linesShown = 20;
const headings = ["title", "name", "subject", "text", "id"];

/** `today`: ISO, of the reader's day. */
export function changeLines({ field, from, to }: FieldChange, today: string): string[] {
  const name = piece(inWords(field), 80);
  const lines = Array.isArray(from) && Array.isArray(to) ? listLines(from, to, today) : [fromTo(from, to, today)];
  const more = lines.length > linesShown ? [`… and ${lines.length - linesShown} more`] : [];
  return lines.length === 1 && !Array.isArray(from)
    ? [`*${name}*: ${lines[0]}`]
    : [`*${name}*`, ...lines.slice(0, linesShown), ...more];
}

/** Records are matched by `id` where they have one, else by what they are called. */
function listLines(from: Json[], to: Json[], today: string): string[] {
  const before = new Map(from.map((item) => [identity(item), item]));
  const after = new Map(to.map((item) => [identity(item), item]));
  const changed = [...after].flatMap(([id, item]) => {
    const earlier = before.get(id);
    if (earlier === undefined) return [`Added: ${called(item)}`];
    return canonicalJson(earlier) === canonicalJson(item) ? [] : [`Changed: ${itemChange(earlier, item, today)}`];
  });
  const left = [...before].flatMap(([id, item]) => (after.has(id) ? [] : [`Left out: ${called(item)}`]));
  const isReordered = changed.length === 0 && left.length === 0;
  return [...changed, ...left, ...(isReordered ? [`Order: ${to.map((item) => called(item)).join(", ")}`] : [])];
}

function itemChange(from: Json, to: Json, today: string): string {
  if (!isRecord(from) || !isRecord(to)) return fromTo(from, to, today);
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const parts = names.flatMap((name) => {
    const [earlier, later] = [from[name] ?? null, to[name] ?? null];
    if (canonicalJson(earlier) === canonicalJson(later)) return [];
    const values = fromTo(earlier, later, today);
    return [headings.includes(name) ? values : `${piece(name.replaceAll("_", " "), 60)} ${values}`];
  });
  const isCalledTheSame = called(from) === called(to);
  return `${isCalledTheSame ? `${called(to)}: ` : ""}${parts.join(", ")}`;
}

function identity(item: Json): string {
  if (!isRecord(item)) return canonicalJson(item);
  const id = item["id"];
  return typeof id === "string" && id !== "" ? id : called(item);
}

function called(item: Json): string {
  if (!isRecord(item)) return shown(item);
  const name = headings.map((heading) => item[heading]).find((value) => typeof value === "string" && value !== "");
  return name === undefined ? shown(item) : shown(name);
}

function isRecord(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fromTo(from: Json, to: Json, today: string): string {
  return `${shown(from, today)} → ${shown(to, today)}`;
}

function shown(value: Json, today = ""): string {
  if (value === null || value === "") return "nothing";
  if (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)) return piece(day(value, today));
  return piece(typeof value === "string" ? value : JSON.stringify(value), valueLength);
}
