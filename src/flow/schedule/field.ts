/** One numeric field of a cron expression: numbers, names, ranges, steps and lists. The day fields' own signs are read in `day.ts`. */

export interface FieldRange {
  /** As EventBridge names it, for people. */
  name: string;
  min: number;
  max: number;
  /** Names for numbers, in order from `min`. */
  names: readonly string[];
  /** Whether a range may run over the end: 20-2 is eight in the evening to two. */
  wraps: boolean;
  steps: boolean;
}

const months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const weekdays = "SUN MON TUE WED THU FRI SAT".split(" ");

const clockField = { min: 0, names: [], wraps: true, steps: true };
export const minutesField: FieldRange = { ...clockField, name: "minutes", max: 59 };
export const hoursField: FieldRange = { ...clockField, name: "hours", max: 23 };
export const dayOfMonthField: FieldRange = {
  name: "day-of-month",
  min: 1,
  max: 31,
  names: [],
  wraps: true,
  steps: true,
};
export const monthField: FieldRange = { name: "month", min: 1, max: 12, names: months, wraps: true, steps: true };
/** EventBridge lists no `/` for weekdays. */
export const dayOfWeekField: FieldRange = {
  name: "day-of-week",
  min: 1,
  max: 7,
  names: weekdays,
  wraps: true,
  steps: false,
};
export const yearField: FieldRange = { name: "year", min: 1970, max: 2199, names: [], wraps: false, steps: true };

/** What is wrong with a schedule, as a sentence; caught by `parseSchedule`. */
export class ScheduleProblem extends Error {
  readonly field: string | null;

  constructor(message: string, field: string | null) {
    super(message);
    this.field = field;
  }
}

/** The numbers that a field allows, ascending. */
export function parseField(text: string, range: FieldRange): number[] {
  const found = new Set<number>();
  for (const item of splitList(text, range)) for (const value of parseItem(item, range)) found.add(value);
  return [...found].toSorted((a, b) => a - b);
}

export function splitList(text: string, range: FieldRange): string[] {
  const items = text.split(",");
  if (items.includes(""))
    throw new ScheduleProblem(`${range.name}: "${text}" has an empty place in its list`, range.name);
  return items;
}

export function parseItem(item: string, range: FieldRange): number[] {
  const [span = "", step, ...rest] = item.split("/");
  if (rest.length > 0) throw new ScheduleProblem(`${range.name}: "${item}" has more than one "/"`, range.name);
  if (step === undefined) return span === "*" ? allOf(range) : parseSpan(span, range);
  if (!range.steps) {
    throw new ScheduleProblem(
      `${range.name}: "/" isn't allowed here; list the days, for example MON,WED,FRI`,
      range.name,
    );
  }
  const every = parseStep(item, step, range);
  const values = span === "*" ? allOf(range) : span.includes("-") ? parseSpan(span, range) : openSpan(span, range);
  return values.filter((_, index) => index % every === 0);
}

/** One number or name, inside the field's range. */
export function parseValue(text: string, range: FieldRange): number {
  const named = range.names.indexOf(text);
  if (named >= 0) return range.min + named;
  if (!/^\d{1,4}$/.test(text)) throw new ScheduleProblem(notAValue(text, range), range.name);
  const value = Number(text);
  if (value >= range.min && value <= range.max) return value;
  const hint = range.name === "day-of-week" ? ", where 1 is SUN and 7 is SAT" : "";
  throw new ScheduleProblem(`${range.name}: ${text} is outside ${range.min}-${range.max}${hint}`, range.name);
}

function parseSpan(text: string, range: FieldRange): number[] {
  const [low = "", high, ...rest] = text.split("-");
  if (high === undefined) return [parseValue(low, range)];
  if (rest.length > 0) throw new ScheduleProblem(notAValue(text, range), range.name);
  const from = parseValue(low, range);
  const to = parseValue(high, range);
  if (from <= to) return between(from, to);
  if (range.wraps) return [...between(from, range.max), ...between(range.min, to)];
  throw new ScheduleProblem(`${range.name}: the range ${text} runs backwards`, range.name);
}

/** `10/5`: from 10 to the end of the field. */
function openSpan(text: string, range: FieldRange): number[] {
  return between(parseValue(text, range), range.max);
}

function parseStep(item: string, step: string, range: FieldRange): number {
  const every = /^\d{1,4}$/.test(step) ? Number(step) : 0;
  const widest = range.max - range.min + 1;
  if (every >= 1 && every <= widest) return every;
  throw new ScheduleProblem(`${range.name}: the step of "${item}" must be a number from 1 to ${widest}`, range.name);
}

function allOf(range: FieldRange): number[] {
  return between(range.min, range.max);
}

function between(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function notAValue(text: string, range: FieldRange): string {
  if (text === "?")
    return `${range.name}: "?" is allowed in day-of-month and day-of-week only; write * for every value`;
  const names = range.names.length === 0 ? "" : ` or ${range.names[0]}-${range.names.at(-1)}`;
  return `${range.name}: "${text}" is not a value; expected ${range.min}-${range.max}${names}`;
}
