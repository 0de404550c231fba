/** How much later than its instant a firing comes: a draw by hash, so that every process draws the same. Pure. */
import { createHash } from "node:crypto";

/** Whole milliseconds from 0 to `jitterMs`, spread evenly over the instants. */
export function jitterOf(firing: { flowId: string; trigger: number; at: number; jitterMs: number }): number {
  const { flowId, trigger, at, jitterMs } = firing;
  if (jitterMs === 0) return 0;
  const digest = createHash("sha256")
    .update(JSON.stringify(["jitter", flowId, trigger, at]))
    .digest();
  return Math.floor((digest.readUIntBE(0, 6) / 2 ** 48) * (jitterMs + 1));
}
