/** Instants and durations as a test writes them. */
import { parseDuration } from "../flow/duration.ts";
import { TestError } from "./test-error.ts";

/** Milliseconds. */
export function instantOf(value: string | number): number {
  const at = typeof value === "number" ? value : Date.parse(value);
  if (Number.isFinite(at)) return at;
  throw new TestError(`"${value}" is no instant; write it as 2026-11-23T08:00:00Z.`);
}

/** Milliseconds. */
export function durationOf(value: string | number): number {
  const ms = typeof value === "number" ? value : parseDuration(value);
  if (ms !== null && ms >= 0) return ms;
  throw new TestError(`"${value}" is no duration; write it as PT4H or P3D.`);
}
