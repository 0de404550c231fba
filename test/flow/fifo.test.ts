import { expect, test } from "vitest";
import { Fifo } from "../../src/flow/fifo.ts";

test("thousands come and go in between: each leaves in the order of its coming, and nobody is forgotten", () => {
  const queue = new Fifo<number>();
  const left: number[] = [];
  for (let coming = 0; coming < 5_000; coming += 1) {
    queue.push(coming);
    if (coming % 3 === 0) left.push(queue.shift() ?? -1);
  }
  expect(queue.size).toBe(5_000 - left.length);
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) left.push(item);
  expect(left).toEqual(Array.from({ length: 5_000 }, (_, index) => index));
  expect(queue.size).toBe(0);
});
