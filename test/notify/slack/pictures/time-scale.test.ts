/** Is time told truly on one line, from milliseconds to weeks? */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { timeScale } from "../../../../src/notify/slack/pictures/time-scale.ts";

const span = { left: 20, right: 460 };
const hour = 3_600_000;
const instants = fc.uniqueArray(
  fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 60 * 24 * hour })),
  {
    minLength: 2,
    maxLength: 60,
  },
);

describe("whatever happened when", () => {
  test("the first is at the left, the last at the right, and later is further right by a width that can be seen", () => {
    fc.assert(
      fc.property(instants, (times) => {
        const { x } = timeScale({ instants: times, ...span });
        const places = times.toSorted((one, other) => one - other).map(x);
        expect(places[0]).toBeCloseTo(span.left);
        expect(places.at(-1)).toBeCloseTo(span.right);
        for (const [index, place] of places.slice(1).entries())
          expect(place - (places[index] ?? 0)).toBeGreaterThan(1.5);
      }),
    );
  });

  test("its stretches follow one another without a gap", () => {
    fc.assert(
      fc.property(instants, (times) => {
        const { stretches } = timeScale({ instants: times, ...span });
        for (const [index, { from, x }] of stretches.slice(1).entries()) {
          const before = stretches[index];
          expect(from).toBe(before?.to);
          expect(x).toBeCloseTo((before?.x ?? 0) + (before?.width ?? 0));
        }
      }),
    );
  });
});

describe("one scale holds", () => {
  test("where nothing is too short to be seen: twice as long is twice as wide", () => {
    const { stretches } = timeScale({ instants: [0, 1000, 3000], ...span });
    const [one, two] = stretches.map(({ width }) => width);
    expect(two).toBeCloseTo(2 * (one ?? 0));
    expect(stretches.map(({ broken }) => broken)).toEqual([false, false]);
  });

  test("between breaks, though two days lie between 40 ms and 80 ms", () => {
    const { stretches } = timeScale({ instants: [0, 40, 40 + 48 * hour, 120 + 48 * hour], ...span });
    expect(stretches.map(({ broken }) => broken)).toEqual([false, true, false]);
    const [before, wait, after] = stretches.map(({ width }) => width);
    expect(after).toBeCloseTo(2 * (before ?? 0));
    expect(wait).toBeCloseTo(0.4 * (span.right - span.left));
  });
});

test("several waits are broken, each by the scale of what is left", () => {
  const times = [0, 40, 40 + 72 * hour, 90 + 72 * hour, 90 + 72 * hour + 30_000, 130 + 72 * hour + 30_000];
  const { stretches } = timeScale({ instants: times, ...span });
  expect(stretches.map(({ broken }) => broken)).toEqual([false, true, false, true, false]);
});

test("waits alone are no break: there is nothing that they would squeeze", () => {
  const { stretches } = timeScale({ instants: [0, hour, 3 * hour, 4 * hour], ...span });
  expect(stretches.some(({ broken }) => broken)).toBe(false);
});

test("a single instant has a place", () => {
  expect(timeScale({ instants: [5, 5], ...span }).x(5)).toBe(span.left);
});
