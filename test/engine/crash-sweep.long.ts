/** Every point of every flow: before and after each write of the store, each effect and each card. */
import { expect, test } from "vitest";
import { sweep } from "./crash-checks.ts";
import { sweptFlows } from "./crash-flows.ts";
import { shippedFlows } from "./crash-shipped.ts";

test.each([...sweptFlows, ...shippedFlows])(
  "$name: the end is the same wherever the process dies, each effect once",
  async (swept) => {
    const points = await sweep(swept);
    console.info(`${swept.name}: ${points} points swept`);
    expect(points).toBeGreaterThan(20);
  },
);
