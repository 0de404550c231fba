import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../src/flow/duration.ts";

describe("parseDuration", () => {
  test.each([
    ["PT2S", 2000],
    ["PT0.25S", 250],
    ["PT1.5000S", 1500],
    ["PT1,5S", 1500],
    ["PT4H10M", 15_000_000],
    ["P1D", 86_400_000],
    ["P1DT1H", 90_000_000],
    ["P2W", 1_209_600_000],
    ["P730D", 63_072_000_000],
    ["PT0S", 0],
    ["PT90M", 5_400_000],
  ])("%s is %i ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    ..."P PT P1DT P1M P1Y P1Y2D P0.5D PT1.5H PT0.0001S -P1D P-1D PT-1S P1H PT1D p1d PT1S1S PT1S2M P1D2W 3 3d P1D\n".split(
      " ",
    ),
    "",
    " P1D",
    "P99999999999999D",
  ])("%j has no fixed length that we could keep", (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  test("a long text of digits doesn't take long", () => {
    expect(parseDuration(`PT${"1".repeat(100_000)}`)).toBeNull();
  });
});

describe("formatDuration", () => {
  test.each([
    [0, "0 s"],
    [0.4, "0 s"],
    [340, "340 ms"],
    [999.6, "1 s"],
    [1500, "1.5 s"],
    [9_960, "10 s"],
    [12_000, "12 s"],
    [59_999, "1 min"],
    [63_000, "1 min 3 s"],
    [3_599_999, "1 h"],
    [15_000_000, "4 h 10 min"],
    [86_399_999, "1 day"],
    [100_800_000, "1 day 4 h"],
    [259_200_000, "3 days"],
    [-2000, "-2 s"],
  ])("%i ms reads %j", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test("never says 60 s, 60 min or 24 h, nor more than two units", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (ms) => {
        const text = formatDuration(ms);
        expect(text).not.toMatch(/\b60 (?:s|min)\b|\b24 h\b|1000 ms/);
        expect(text.split(" ").length).toBeLessThanOrEqual(4);
      }),
    );
  });
});
