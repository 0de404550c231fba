import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atEnd, atStart, keep, shift, SHOWN, type ListWindow } from "../../../src/sandbox/page/list-window.ts";

const lengths = fc.integer({ min: 0, max: 6_000 });

function sizeOf({ from, to }: ListWindow): number {
  return to - from;
}

describe("is what is drawn of a long list bounded, and all of it reachable?", () => {
  test("from the end up to the first entry and down again", () => {
    fc.assert(
      fc.property(lengths, (length) => {
        let window = atEnd(length);
        const steps: ListWindow[] = [window];
        for (let next = shift(window, -1, length); next !== window; next = shift(window, -1, length)) {
          // The next window holds what was at its edge before: nothing is jumped over.
          expect(next.to).toBeGreaterThan(window.from);
          window = next;
          steps.push(window);
        }
        expect(window).toEqual(atStart(length));
        for (let next = shift(window, 1, length); next !== window; next = shift(window, 1, length)) window = next;
        expect(window).toEqual(atEnd(length));
        expect(Math.max(...steps.map(sizeOf))).toBe(Math.min(length, SHOWN));
      }),
    );
  });

  test("what was first in sight stays first while entries come and go", () => {
    const keys = Array.from({ length: 500 }, (_, index) => String(index));
    const window = { from: 200, to: 300 };
    expect(keep(window, "200", [...keys, "new"])).toEqual(window);
    expect(keep(window, "200", keys.slice(50))).toEqual({ from: 150, to: 250 });
    expect(keep(window, "gone", keys)).toEqual(window);
    expect(keep(window, "gone", keys.slice(0, 120))).toEqual({ from: 20, to: 120 });
    expect(keep(window, null, [])).toEqual({ from: 0, to: 0 });
  });
});
