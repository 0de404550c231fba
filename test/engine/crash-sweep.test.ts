/** The crash sweep over the product's flows, and a sample of it over those that have everything; the whole is a long test. */
import { expect, test } from "vitest";
import { sweep } from "./crash-checks.ts";
import { sweptFlows } from "./crash-flows.ts";

test.each(sweptFlows)("a flow $name ends the same wherever the process dies, each effect once", async (swept) => {
  expect(await sweep(swept, { each: swept.isLarge ? 5 : 1 })).toBeGreaterThanOrEqual(10);
});
