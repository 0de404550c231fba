import { expect, test } from "vitest";
import { sizeText } from "../../../src/sandbox/page/file-size.ts";
import { numberProblem } from "../../../src/sandbox/page/text-check.ts";

const whole = { is_decimal_allowed: false, min_value: "1", max_value: "120" };

test.each([
  ["", null],
  ["12", null],
  [" 12 ", null],
  ["twelve", "Only a number fits here, such as 12."],
  ["1e3", "Only a number fits here, such as 12."],
  ["Infinity", "Only a number fits here, such as 12."],
  ["1.5", "Only a whole number fits here."],
  ["0", "1 is the least."],
  ["121", "120 is the most."],
])("can %j be sent where seats are asked for?", (text, problem) => {
  expect(numberProblem(whole, text)).toBe(problem);
});

test("is a decimal taken where it is allowed?", () => {
  expect(numberProblem({ is_decimal_allowed: true }, "-1.5")).toBeNull();
});

test.each([
  [999, "999 bytes"],
  [9_120, "9 kB"],
  [3_400_000, "3.4 MB"],
])("%d bytes read %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
