/** What a cell may hold: each kind turns text into a value, or says what is wrong. Empty is null, unless it must be there. */
import { Temporal } from "temporal-polyfill";
import { isZone } from "../../../flow/zone.ts";
import { isMailAddress } from "../../../flow/mail-address.ts";

export type CellValue = string | number | boolean | null;
export type CellAnswer = { kind: "value"; value: CellValue } | { kind: "fault"; message: string };
export type CellReader = (text: string) => CellAnswer;

type Read = (text: string) => CellValue | undefined;

/** `read` gives undefined for what isn't of its kind. */
function cell(expected: string, read: Read): CellReader {
  return (text) => {
    const trimmed = text.trim();
    if (trimmed === "") return { kind: "value", value: null };
    const value = read(trimmed);
    if (value !== undefined) return { kind: "value", value };
    return { kind: "fault", message: `${shown(trimmed)} is not ${expected}` };
  };
}

export function required(reader: CellReader): CellReader {
  return (text) => (text.trim() === "" ? { kind: "fault", message: "is empty" } : reader(text));
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

export const text: CellReader = cell("text", (value) => value);

export const date: CellReader = cell("a date such as 2026-11-30", readDate);

export const month: CellReader = cell("a month such as 2026-11", (value) =>
  /^\d{4}-(0[1-9]|1[0-2])$/.test(value) ? value : undefined,
);

/** A date, or a time with its offset; without one nobody knows which instant is meant. */
export const dateOrInstant: CellReader = cell(
  "a date such as 2026-11-30 or a time such as 2026-11-30T09:00:00Z",
  (value) => readDate(value) ?? readInstant(value),
);

/** An instant; a bare date is its first moment in UTC. */
export const instant: CellReader = cell("a time such as 2026-11-30T09:00:00Z or a date", (value) =>
  readDate(value) === undefined ? readInstant(value) : `${value}T00:00:00Z`,
);

export const truth: CellReader = cell("true or false", (value) => {
  const word = value.toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
});

export const zone: CellReader = cell("a time zone such as Europe/Berlin", (value) =>
  isZone(value) ? value : undefined,
);

export const mail: CellReader = cell("one mail address", (value) => (isMailAddress(value) ? value : undefined));

export const currency: CellReader = cell("a currency such as USD", (value) =>
  /^[A-Z]{3}$/.test(value) ? value : undefined,
);

export function decimal(range: { min?: number; max?: number } = {}): CellReader {
  return cell(`a number${inWords(range)}, written like 1234.5`, (value) => readNumber(value, range));
}

export function integer(range: { min?: number; max?: number } = {}): CellReader {
  return cell(`a whole number${inWords(range)}`, (value) => {
    const number = readNumber(value, range);
    return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
  });
}

export function oneOf(words: readonly string[]): CellReader {
  return cell(`one of ${words.join(", ")}`, (value) => {
    const word = value.toLowerCase();
    return words.includes(word) ? word : undefined;
  });
}

function readNumber(text: string, { min = -Infinity, max = Infinity }: { min?: number; max?: number }) {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) && number >= min && number <= max ? number : undefined;
}

function inWords({ min, max }: { min?: number; max?: number }): string {
  if (min === undefined) return max === undefined ? "" : ` up to ${max}`;
  return max === undefined ? ` from ${min}` : ` from ${min} to ${max}`;
}

function readDate(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  return parses(() => Temporal.PlainDate.from(text, { overflow: "reject" })) ? text : undefined;
}

function readInstant(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text)) return undefined;
  return parses(() => Temporal.Instant.from(text)) ? text : undefined;
}

function parses(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
