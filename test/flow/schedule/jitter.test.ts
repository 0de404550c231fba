/** Is a firing's delay the same in every process, within its bound, and not the same for all? */
import { expect, test } from "vitest";
import { jitterOf } from "../../../src/flow/schedule/jitter.ts";

const firing = { flowId: "renewal", trigger: 0, at: Date.parse("2026-11-20T09:00Z"), jitterMs: 600_000 };
const dayMs = 86_400_000;
const many = Array.from({ length: 1_000 }, (_, day) => jitterOf({ ...firing, at: firing.at + day * dayMs }));

test("the same firing draws the same, another flow, trigger or instant another", () => {
  const others = [
    { ...firing, flowId: "renewals" },
    { ...firing, trigger: 1 },
    { ...firing, at: firing.at + 1 },
  ];
  const draws = [firing, ...others].map(jitterOf);
  expect(jitterOf({ ...firing })).toBe(draws[0]);
  expect(new Set(draws).size).toBe(4);
});

test("none is early, none later than said, and they are spread over the whole", () => {
  expect(Math.min(...many)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...many)).toBeLessThanOrEqual(firing.jitterMs);
  const tenths = new Set(many.map((ms) => Math.floor((ms / firing.jitterMs) * 10)));
  expect([...Array(10).keys()].filter((tenth) => !tenths.has(tenth))).toEqual([]);
  expect(many.every((ms) => Number.isInteger(ms))).toBe(true);
});

test("without jitter there is none, and a millisecond is drawn both ways", () => {
  expect(jitterOf({ ...firing, jitterMs: 0 })).toBe(0);
  const draws = many.map((_, index) => jitterOf({ ...firing, at: index, jitterMs: 1 }));
  expect(new Set(draws)).toEqual(new Set([0, 1]));
});
