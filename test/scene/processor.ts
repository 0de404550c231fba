/**
 * Time as a process has it: without that in which it was ready to run and the machine gave its processors to others. What a
 * limit in real time says of the app is then true on a machine that is busy otherwise, and nothing is forgiven on a quiet one.
 * Where the system doesn't tell how long a process waited, time is time.
 */
import { readFileSync } from "node:fs";
import { onTestFinished } from "vitest";

/** Milliseconds that its main thread has waited for a processor; null: it has ended, or the system doesn't tell. */
function waitedMs(pid: number): number | null {
  try {
    const [, nanoseconds] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ");
    return Number(nanoseconds) / 1e6;
  } catch {
    return null;
  }
}

export interface Stopwatch {
  /** Milliseconds that the process has had. */
  had(): number;
  /** Of all the time: 1 where it never waited. */
  share(): number;
}

/** For the rest of the test: looks again and again, as a process that has ended can't be asked any more. */
export function watchOf({ pid }: { pid: number }): Stopwatch {
  const [begun, before] = [performance.now(), waitedMs(pid) ?? 0];
  let last = before;
  const look = (): number => (last = waitedMs(pid) ?? last);
  const looking = setInterval(look, 20);
  onTestFinished(() => clearInterval(looking));
  const had = (): number => performance.now() - begun - (look() - before);
  return { had, share: () => had() / (performance.now() - begun) };
}
