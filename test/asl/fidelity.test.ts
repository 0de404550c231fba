/** Does a random flow do the same on the embedded engine and, compiled, on Step Functions? The long test asks ten thousand. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cases } from "./fidelity/cases.ts";
import { difference } from "./fidelity/compare.ts";

test("random flows: the same steps, outputs, attempts and end, in an order of the graph", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (played) => {
      expect(await difference(played)).toBeNull();
    }),
    { numRuns: 30 },
  );
});
