/** More work at once than may be. */
import { expect, test } from "vitest";
import { Limiter } from "../../src/flow/limiter.ts";

test("A thousand at once, every third fails: do so many go out, in the order in which they came, and does each end?", async () => {
  const limiter = new Limiter(3);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const call = async (index: number) => {
    begun.push(index);
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (index % 3 === 0) throw new Error(`${index} failed`);
    return index;
  };
  const indexes = Array.from({ length: 1_000 }, (_, index) => index);
  const ended = await Promise.allSettled(indexes.map((index) => limiter.run(() => call(index))));
  expect(most).toBe(3);
  expect(begun).toEqual(indexes);
  expect(ended.map(({ status }) => status)).toEqual(
    indexes.map((index) => (index % 3 === 0 ? "rejected" : "fulfilled")),
  );
  expect(await limiter.run(() => call(1))).toBe(1);
});
