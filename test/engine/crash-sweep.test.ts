/** The crash sweep over flows of the product's shape, and a sample of it over those that have more; the whole is a long test. */
import { expect, test } from "vitest";
import { sweep } from "./crash-checks.ts";
import { sweptFlows } from "./crash-flows.ts";
import { shippedFlows } from "./crash-shipped.ts";

test.each(sweptFlows)("a flow $name ends the same wherever the process dies, each effect once", async (swept) => {
  expect(await sweep(swept, { each: swept.isLarge ? 5 : 1 })).toBeGreaterThan(10);
});

test.each(shippedFlows)("$name ends the same wherever the process dies, each effect once", async (swept) => {
  expect(await sweep(swept, { each: 29 })).toBeGreaterThan(1);
});
