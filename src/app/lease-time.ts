/**
 * Real time for leases. `performance.now()` stands still while the machine is suspended; the system's uptime counts that on
 * Linux, and the wall clock counts it once it is set right again.
 */
import { uptime } from "node:os";
import type { LeaseTime } from "../state/dynamodb/lease-time.ts";

export const systemLeaseTime: LeaseTime = {
  now: () => Date.now(),
  mark: () => {
    const begun = clocks();
    const passed = () => clocks().map((now, index) => now - (begun[index] ?? now));
    return { least: () => passed()[0] ?? 0, most: () => Math.max(...passed()) };
  },
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** The steady one first. */
function clocks(): number[] {
  return [performance.now(), uptime() * 1_000, Date.now()];
}
