/** The pure parts of `npm run bench`: what several runs come to, and what is said of it. */
import { describe, expect, test } from "vitest";
import type { FigureKind, Measure, Taken } from "../../bench/measure.ts";
import { percentile, rangeOf } from "../../bench/range.ts";
import { measuredOf, type Report, unmeasured } from "../../bench/report.ts";
import { reportText } from "../../bench/report-text.ts";
import { withFigures } from "../../bench/figures-page.ts";

const speed: FigureKind = { name: "speed", unit: "flows/s", goal: { atLeast: 100 }, floor: "bare_speed" };
const time: FigureKind = { name: "time", unit: "ms", goal: { atMost: 2 }, floor: "bare_time" };

function measureOf(...figures: FigureKind[]): Measure {
  return { name: "racing", about: "how fast it is", figures, run: () => Promise.resolve({}) };
}

function measured(kinds: FigureKind[], runs: Taken[], { quick = false } = {}) {
  return measuredOf(measureOf(...kinds), runs, { quick });
}

function report(measures: Report["measures"], { quick = false } = {}): Report {
  const load_average = { before: 0.5, after: 1.25 };
  const machine = { processor: "A processor", cores: 2, node: "v24.0.0", load_average };
  return { measured_at: "2026-11-26T09:00:00.000Z", machine, runs: 3, quick, measures, not_measured: ["the weather"] };
}

describe("what several runs come to", () => {
  test.each([
    { values: [3], median: 3, min: 3, max: 3 },
    { values: [9, 1, 5], median: 5, min: 1, max: 9 },
    { values: [4, 1, 3, 2], median: 2, min: 1, max: 4 },
    { values: [10, 9, 100], median: 10, min: 9, max: 100 },
  ])("$values: the middle one, by number and not by letter", ({ values, ...range }) => {
    expect(rangeOf(values)).toEqual(range);
  });

  test("a run without a number has no range, and neither has no run", () => {
    expect(() => rangeOf([1, NaN])).toThrow(RangeError);
    expect(() => rangeOf([])).toThrow(RangeError);
  });

  test("the 99th percentile of a hundred is not the greatest", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([percentile(hundred, 50), percentile(hundred, 99), percentile(hundred, 100)]).toEqual([50, 99, 100]);
  });
});

describe("a figure beside its floor", () => {
  test("the ratio is the median of each run's own, not of the medians", () => {
    const runs = [
      { speed: 50, bare_speed: 100 },
      { speed: 100, bare_speed: 1_000 },
      { speed: 90, bare_speed: 300 },
    ];
    expect(measured([speed], runs).figures).toMatchObject([{ median: 90, of_floor: 0.3, floor: { median: 300 } }]);
  });

  test.each([
    { kind: speed, value: 100, reached: true },
    { kind: speed, value: 99.9, reached: false },
    { kind: time, value: 2, reached: true },
    { kind: time, value: 2.01, reached: false },
  ])("$value $kind.unit: reached is $reached", ({ kind, value, reached }) => {
    const run = { [kind.name]: value, [kind.floor ?? ""]: 1 };
    expect(measured([kind], [run]).figures).toMatchObject([{ reached }]);
  });

  test("tiny sizes reach nothing and miss nothing", () => {
    expect(measured([time], [{ time: 1, bare_time: 1 }], { quick: true }).figures).toMatchObject([{ reached: null }]);
  });

  test("a figure that a run forgot, or a floor of no time at all, is no measure", () => {
    expect(() => measured([time], [{ time: 1, bare_time: 1 }, { bare_time: 1 }])).toThrow("Run 2 gave no figure time.");
    expect(() => measured([time], [{ time: 1, bare_time: 0 }])).toThrow("no time");
  });
});

describe("what is said", () => {
  const runs = [{ speed: 50, bare_speed: 200, time: 1, bare_time: 0.5 }];
  const text = reportText(report([measured([speed, time], runs), unmeasured(measureOf(), "no server")]));

  test("each goal, whether it is reached, and what the bare writes gave", () => {
    expect(text).toContain("50 flows/s (50 to 50), goal ≥ 100 NOT REACHED, 25 % of the floor of 200");
    expect(text).toContain("1 ms (1 to 1), goal ≤ 2 reached, 2 times the floor of 0.5");
    expect(text).toContain("1 of 2 goals are not reached: racing speed");
  });

  test("what could not be taken, what is not measured, and how busy the machine was", () => {
    expect(text).toContain("not taken: no server");
    expect(text).toContain("not measured: the weather");
    expect(text).toContain("load average 0.5 before, 1.25 after");
  });

  test("of tiny sizes no verdict", () => {
    const quick = reportText(report([measured([time], runs, { quick: true })], { quick: true }));
    expect(quick).toContain("tiny sizes");
    expect(quick).not.toMatch(/reached/i);
  });
});

describe("docs/figures.md", () => {
  const page =
    "# Figures\n\nBefore.\n\n<!-- measured: written by `npm run bench -- --write` -->\n\nold\n\n<!-- measured: end -->\n\nAfter.\n";
  const written = withFigures(page, report([measured([speed], [{ speed: 50, bare_speed: 200 }])]));

  test("its measured part is replaced, the words around it stay", () => {
    expect(written).toMatch(/^# Figures\n\nBefore\.\n/);
    expect(written).toMatch(/\n\nAfter\.\n$/);
    expect(written).toContain("| `racing` | 50 (50 to 50) | flows/s | ≥ 100 | **no** | 25 % of the floor of 200 |");
    expect(written).not.toContain("old");
  });

  test("writing it again changes nothing", () => {
    expect(withFigures(written, report([measured([speed], [{ speed: 50, bare_speed: 200 }])]))).toBe(written);
  });

  test("a page without that part is told, not guessed", () => {
    expect(() => withFigures("# Figures\n", report([]))).toThrow("docs/figures.md has no part");
  });
});
