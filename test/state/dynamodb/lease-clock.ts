/** Time for leases that moves only when a test says so, for one process: its clocks may stand still, or differ. */
import type { LeaseTime } from "../../../src/state/dynamodb/lease-time.ts";

export interface LeaseClock {
  time: LeaseTime;
  /** Strikes what is due, second by second, and waits for what came of it. */
  pass: (ms: number) => Promise<void>;
  /** Time passes and the process does nothing; with `machine`, its steady clock stands still too. */
  suspend: (ms: number, options?: { machine: boolean }) => void;
}

const stepMs = 500;

/** `settled` waits for the requests that a strike has begun. */
export function leaseClock({ settled }: { settled: () => Promise<void> }): LeaseClock {
  let steady = 0;
  let wall = 0;
  const repeated = new Set<{ ms: number; next: number; run: () => void }>();
  return {
    time: {
      now: () => wall,
      mark: () => {
        const [steadyBegun, wallBegun] = [steady, wall];
        return { least: () => steady - steadyBegun, most: () => Math.max(steady - steadyBegun, wall - wallBegun) };
      },
      every: (ms, run) => {
        const one = { ms, next: steady + ms, run };
        repeated.add(one);
        return () => repeated.delete(one);
      },
    },
    pass: async (ms) => {
      for (let passed = 0; passed < ms; passed += stepMs) {
        steady += stepMs;
        wall += stepMs;
        for (const one of repeated) {
          if (one.next > steady) continue;
          one.next = steady + one.ms;
          one.run();
        }
        await settled();
      }
    },
    suspend: (ms, { machine } = { machine: false }) => {
      wall += ms;
      if (!machine) steady += ms;
    },
  };
}
