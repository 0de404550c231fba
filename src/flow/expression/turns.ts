/**
 * One evaluation at a time: JSONata awaits at every node, so several would run interleaved, and none could tell the
 * processor's time that it uses from its neighbours'. Between them the event loop gets its turn.
 */
import { setImmediate as nextTurn } from "node:timers/promises";

/** Evaluations follow each other without a pause for about as many milliseconds of processor time. */
const pauseAfterMs = 8;

let queue: Promise<unknown> = Promise.resolve();
let usedSincePauseMs = 0;

export function inTurn<T>(evaluate: () => Promise<T>): Promise<T> {
  const result = queue.then(() => timed(evaluate));
  queue = result.catch(() => null);
  return result;
}

async function timed<T>(evaluate: () => Promise<T>): Promise<T> {
  if (usedSincePauseMs > pauseAfterMs) {
    await nextTurn();
    usedSincePauseMs = 0;
  }
  const before = process.threadCpuUsage();
  try {
    return await evaluate();
  } finally {
    const used = process.threadCpuUsage(before);
    usedSincePauseMs += (used.user + used.system) / 1000;
  }
}
