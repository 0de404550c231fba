/** What Step Functions adds to JSONata: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
import { createHash } from "node:crypto";
import jsonata from "jsonata";

/** Names of functions that JSONata 2.0.6 has by itself, `$eval` but. */
export const builtinNames: ReadonlySet<string> = new Set(
  (
    "sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match " +
    "contains replace split join formatNumber formatBase formatInteger number floor ceil round abs sqrt power boolean not map " +
    "zip filter single reduce sift keys lookup append exists spread merge reverse each error assert type sort shuffle distinct " +
    "base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl parseInteger toMillis fromMillis clone"
  ).split(" "),
);

const algorithms: ReadonlyMap<string, string> = new Map([
  ["MD5", "md5"],
  ["SHA-1", "sha1"],
  ["SHA-256", "sha256"],
  ["SHA-384", "sha384"],
  ["SHA-512", "sha512"],
]);

const maxRange = 1_000;
const format = jsonata("$fromMillis($at, $picture, $zone)");

export const addedNames: readonly string[] = ["partition", "range", "hash", "random", "uuid", "parse", "now", "millis"];

/** To be bound for one evaluation; `now` is the same all through it. */
export function addedFunctions({ now, fraction }: { now: number; fraction: () => number }): Record<string, unknown> {
  return {
    partition: (list: unknown, size: unknown) => {
      if (list === undefined) return undefined;
      if (!isCount(size) || size === 0) throw new Error("$partition takes a list and a positive whole number");
      const items: unknown[] = Array.isArray(list) ? list : [list];
      return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
        items.slice(part * size, (part + 1) * size),
      );
    },
    range: (first: unknown, last: unknown, step: unknown) => range(first, last, step),
    hash: (content: unknown, algorithm: unknown) => {
      const name = typeof algorithm === "string" ? algorithms.get(algorithm) : undefined;
      if (typeof content !== "string" || name === undefined) {
        throw new Error(`$hash takes a text and one of ${[...algorithms.keys()].join(", ")}`);
      }
      return createHash(name).update(content).digest("hex");
    },
    random: (seed: unknown) => {
      if (seed === undefined) return fraction();
      if (typeof seed !== "number") throw new Error("$random takes a number");
      return createHash("sha256").update(String(seed)).digest().readUInt32BE(0) / 2 ** 32;
    },
    uuid: () => uuid(fraction),
    parse: (text: unknown) => {
      if (text === undefined) return undefined;
      if (typeof text !== "string") throw new Error("$parse takes a text");
      const value: unknown = JSON.parse(text);
      return value;
    },
    millis: () => now,
    now: (picture: unknown, zone: unknown) => format.evaluate(null, { at: now, picture, zone }),
  };
}

function range(first: unknown, last: unknown, step: unknown): number[] {
  if (typeof first !== "number" || typeof last !== "number" || typeof step !== "number" || step === 0) {
    throw new Error("$range takes its first and last value and a step other than 0");
  }
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (!(length <= maxRange)) throw new Error(`$range gives at most ${maxRange} values`);
  return Array.from({ length }, (_, index) => first + index * step);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Of version 4, from the given numbers. */
export function uuid(fraction: () => number): string {
  const digit = () => Math.floor(fraction() * 16);
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replaceAll(/[xy]/g, (place) =>
    (place === "x" ? digit() : 8 + (digit() & 3)).toString(16),
  );
}
