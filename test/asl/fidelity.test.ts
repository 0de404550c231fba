/** Does a random flow do the same on the embedded engine and, compiled, on Step Functions? The long test asks ten thousand. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { features } from "../../src/asl/features.ts";
import { cases } from "./fidelity/cases.ts";
import { difference } from "./fidelity/compare.ts";
import { elsewhere, reach } from "./fidelity/reach.ts";

test("random flows: the same steps, outputs, attempts and end, in an order of the graph", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (played) => {
      expect(await difference(played)).toBeNull();
    }),
    { numRuns: 20 },
  );
});

test("each row of the table of features is drawn, or it is said where it is tested", () => {
  const drawn = Object.keys(reach).map((name) => name.split(":")[0]);
  const isCovered = (field: string) => drawn.includes(field) || field in elsewhere || field.startsWith("trigger.");
  expect(features.map(({ field }) => field).filter((field) => !isCovered(field))).toEqual([]);
  const fields = new Set(features.map(({ field }) => field));
  expect([...drawn, ...Object.keys(elsewhere)].filter((field) => !fields.has(field ?? ""))).toEqual([]);
});
