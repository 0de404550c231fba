/** Branches side by side: at most so many at a time, and the first failure stops the others at once. */
import { Cancellation, Stopped } from "./cancellation.ts";

/**
 * Results in their places. What fails first is thrown once every other one has stopped; those not begun never begin.
 * `work` gets the cancellation that stops it with its siblings.
 */
export async function allOrFirstFailure<T>(asked: {
  count: number;
  atOnce: number;
  parent: Cancellation;
  work: (index: number, cancellation: Cancellation) => Promise<T>;
}): Promise<T[]> {
  const { count, atOnce, work } = asked;
  const cancellation = new Cancellation(asked.parent);
  const results: T[] = [];
  const failures: unknown[] = [];
  let next = 0;
  async function lane(): Promise<void> {
    while (next < count && !cancellation.isStopped) {
      const index = next++;
      try {
        results[index] = await work(index, cancellation);
      } catch (error) {
        if (!(error instanceof Stopped)) failures.push(error);
        cancellation.stop();
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(count, atOnce) }, () => lane()));
  cancellation.release();
  asked.parent.check();
  if (failures.length > 0) throw failures[0];
  return results;
}
