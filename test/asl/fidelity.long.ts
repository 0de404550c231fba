/** As `fidelity.test.ts`, over thousands of flows; the gate draws the same ones each time, `FIDELITY_SEED=…` others. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cases } from "./fidelity/cases.ts";
import { difference } from "./fidelity/compare.ts";

const usualSeed = 20_783;
const wanted = 10_000;
/** What doesn't fit is left for another seed. */
const longestMs = 60_000;

test("thousands of random flows do the same on both engines", async () => {
  const seed = Number(process.env["FIDELITY_SEED"] ?? usualSeed);
  let lived = 0;
  const found = await fc.check(
    fc.asyncProperty(cases, async (played) => {
      const told = await difference(played);
      if (told !== null) throw new Error(`${told}\nexpect(await difference(${JSON.stringify(played)})).toBeNull();`);
      lived += 1;
    }),
    { numRuns: wanted, seed, interruptAfterTimeLimit: longestMs, markInterruptAsFailure: false },
  );
  console.info(`fidelity: ${lived} flows of seed ${seed}`);
  if (found.failed) throw found.errorInstance;
  expect(lived).toBeGreaterThan(0);
});
