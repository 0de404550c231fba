/**
 * JSONata's functions on the meter: each call is charged, each result weighed, and those that could run away by one call,
 * or read a clock of their own, are bounded or written anew.
 */
import { canonicalJson } from "../json.ts";
import type { Json } from "../json.ts";
import { isInheritedName } from "./allowed.ts";
import { builtins } from "./engine.ts";
import type { Focus, Implementation, NativeFunction } from "./engine.ts";
import { LimitError, limits } from "./meter.ts";
import type { Meter } from "./meter.ts";
import { checkDatePicture, checkInteger, checkNumber, checkPicture } from "./pictures.ts";

/** JSONata's sort copies the rest of the list for every comparison, and holds on to each copy. */
const maxSorted = 2_000;
/** Its `$spread` copies what it has for each item. */
const maxSpread = 2_000;
const maxInstant = 8_640_000_000_000_000;

interface Call {
  original: Implementation;
  focus: Focus;
  args: unknown[];
  meter: Meter;
  now: number;
}

type Special = (call: Call) => unknown;

const specials: Readonly<Record<string, Special>> = {
  now: ({ focus, args, now }) => nativeFormat({ focus, args: [now, ...args] }),
  millis: ({ now }) => now,
  fromMillis: ({ focus, args }) => nativeFormat({ focus, args }),
  toMillis: ({ original, focus, args }) => original.call(focus, utc(args)),
  formatNumber: (call) => checked(call, () => checkNumber(call.args[0], call.args[1], call.args[2])),
  formatInteger: (call) => checked(call, () => checkInteger(call.args[0], call.args[1])),
  parseInteger: (call) => checked(call, () => checkPicture(call.args[1])),
  string: (call) => checked(call, () => checkText(call)),
  join: (call) => checked(call, () => checkJoin(call.args)),
  pad: (call) => checked(call, () => checkPad(call.args)),
  replace: (call) => checked(call, () => checkReplace(call.args)),
  spread: (call) => checked(call, () => checkLength(call.args[0], maxSpread)),
  sort: (call) =>
    call.args[1] === undefined ? sortPlain(call) : checked(call, () => checkLength(call.args[0], maxSorted)),
  lookup: ({ args }) => lookup(args[0], args[1]),
  distinct: ({ args }) => distinct(args[0]),
};

/** To be bound for one evaluation; only those that the expression names. */
export function meteredNatives(asked: { names: Iterable<string>; meter: Meter; now: number }): Record<string, unknown> {
  const bound: Record<string, unknown> = {};
  for (const name of asked.names) {
    const native = builtins.get(name);
    if (native !== undefined) bound[name] = metered({ name, native, meter: asked.meter, now: asked.now });
  }
  return bound;
}

function metered({ name, native, meter, now }: { name: string; native: NativeFunction; meter: Meter; now: number }) {
  const original = native.implementation;
  const special = Object.hasOwn(specials, name) ? specials[name] : undefined;
  const implementation = function (this: Focus, ...args: unknown[]): unknown {
    meter.called(args);
    const call = { original, focus: this, args, meter, now };
    const result = special === undefined ? original.apply(this, args) : special(call);
    return result instanceof Promise ? result.then((value: unknown) => weighed(value, meter)) : weighed(result, meter);
  };
  // JSONata reads a function's arity, and for `$f(?, 1)` the names of its parameters from its text.
  Object.defineProperties(implementation, {
    length: { value: original.length },
    toString: { value: () => original.toString() },
  });
  return { _jsonata_function: true, implementation, signature: native.signature };
}

function weighed(value: unknown, meter: Meter): unknown {
  meter.returned(value);
  return value;
}

function checked({ original, focus, args }: Call, check: () => void): unknown {
  check();
  return original.apply(focus, args);
}

function nativeFormat({ focus, args }: { focus: Focus; args: unknown[] }): unknown {
  checkDatePicture(args[1]);
  if (typeof args[0] === "number" && !(Math.abs(args[0]) <= maxInstant))
    throw new LimitError("the number is no instant");
  return builtins.get("fromMillis")?.implementation.apply(focus, args);
}

/** A time without an offset would be read in the process's own zone. */
function utc(args: unknown[]): unknown {
  const [text, picture] = args;
  if (picture !== undefined) throw new LimitError("$toMillis reads ISO 8601 only");
  if (typeof text === "string" && text.length > 40) throw new LimitError("this is too long for a time in ISO 8601");
  return typeof text === "string" && /T[\d:.]+$/.test(text) ? `${text}Z` : text;
}

/** Indented, each line begins with as many blanks as it is deep. */
function checkText({ args, meter }: Call): void {
  const { weight, nesting } = meter.weigh(args[0]);
  if (args[1] === true && weight * (nesting + 1) > limits.weight) throw new LimitError("a text becomes too long");
}

function checkJoin([texts, separator]: unknown[]): void {
  if (!Array.isArray(texts) || typeof separator !== "string") return;
  if (texts.length * separator.length > limits.weight) throw new LimitError("a text becomes too long");
}

function checkPad([text, width, filling]: unknown[]): void {
  if (typeof text !== "string" || typeof width !== "number") return;
  const added = Math.max(0, Math.abs(width) - text.length) * (typeof filling === "string" ? filling.length : 1);
  if (!(text.length + added <= limits.weight)) throw new LimitError("a text becomes too long");
}

function checkReplace([text, pattern, replacement]: unknown[]): void {
  if (typeof text !== "string" || typeof pattern !== "string" || typeof replacement !== "string") return;
  if (pattern === "") return;
  const count = text.split(pattern).length - 1;
  if (count * replacement.length > limits.weight) throw new LimitError("a text becomes too long");
}

function checkLength(list: unknown, most: number): void {
  if (Array.isArray(list) && list.length > most) throw new LimitError(`a list here may have ${most} items`);
}

/** Without a comparing function a list of numbers or of texts is sorted as JSONata would, in one go. */
function sortPlain(call: Call): unknown {
  const list: unknown = call.args[0];
  if (!Array.isArray(list)) return call.original.apply(call.focus, call.args);
  if (list.every((item) => typeof item === "number")) return list.toSorted((a, b) => a - b);
  if (list.every((item) => typeof item === "string")) return list.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  checkLength(list, maxSorted);
  return call.original.apply(call.focus, call.args);
}

/** Own fields only: JavaScript's objects have others, and through them lies everything (X5). */
function lookup(input: unknown, key: unknown): unknown {
  if (typeof key !== "string" || isInheritedName(key)) return undefined;
  if (!Array.isArray(input)) {
    return typeof input === "object" && input !== null && Object.hasOwn(input, key)
      ? Reflect.get(input, key)
      : undefined;
  }
  return sequence(
    input.flatMap((item) => {
      const found = lookup(item, key);
      return found === undefined ? [] : found;
    }),
  );
}

/** JSONata compares each with each. */
function distinct(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  const seen = new Map<string, Json>();
  const items: Json[] = list;
  for (const item of items) {
    const key = canonicalJson(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return "sequence" in list && list.sequence === true ? sequence([...seen.values()]) : [...seen.values()];
}

/** `a..b`, which JSONata would build with ten million items. */
export function range(from: unknown, to: unknown): unknown {
  for (const bound of [from, to]) {
    if (bound !== undefined && !Number.isInteger(bound))
      throw new LimitError("a range goes from a whole number to another");
  }
  if (typeof from !== "number" || typeof to !== "number" || from > to) return undefined;
  if (to - from >= limits.listLength) throw new LimitError("a list becomes too long");
  return sequence(Array.from({ length: to - from + 1 }, (_, index) => from + index));
}

/** A list that JSONata takes apart again where one item is left. */
function sequence(items: unknown[]): unknown[] {
  return Object.defineProperty(items, "sequence", { value: true, enumerable: false });
}
