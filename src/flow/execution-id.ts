/** Execution and batch ids: at most 80 of `[A-Za-z0-9_-]`, sorting by start time; the same firing makes the same id everywhere. */
import { createHash } from "node:crypto";
import type { Randomness } from "./clock.ts";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** Nine digits of Crockford's base 32 hold the milliseconds until the year 3084. */
function sortableTime(ms: number): string {
  let text = "";
  let rest = ms;
  for (let digit = 0; digit < 9; digit += 1) {
    text = (alphabet[rest % 32] ?? "0") + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** The instant that an id sorts by, in milliseconds; null: it is none of ours. */
export function instantOf(id: string): number | null {
  const time = /^[0-9a-hj-km-np-tv-z]{9}(?=-)/.exec(id)?.[0];
  return time === undefined ? null : time.split("").reduce((ms, digit) => ms * 32 + alphabet.indexOf(digit), 0);
}

export function newId({ now, randomness }: { now: number; randomness: Randomness }): string {
  return `${sortableTime(now)}-${randomness.hex(6)}`;
}

/**
 * `at`: the instant that the id sorts by; `parts`: what makes it the same in every process. `digits`: of the hash; ids that
 * share an instant with a great many others need more of them.
 */
export function derivedId(asked: { at: number; parts: readonly (string | number)[]; digits?: number }): string {
  const { at, parts, digits = 12 } = asked;
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, digits);
  return `${sortableTime(at)}-${digest}`;
}
