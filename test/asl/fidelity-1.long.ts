/** As `fidelity.test.ts`, over thousands of flows; its other half is `fidelity-2.long.ts`. */
import { expect, test } from "vitest";
import { half, livedAlike } from "./fidelity/thousands.ts";

test("thousands of random flows do the same on both engines", async () => {
  expect(await livedAlike(1)).toBe(half);
});
