/** Where does a refusal that is only known once the whole flow is stand in its file? */
import { expect, test } from "vitest";
import { fieldPlace } from "../../src/cli/field-place.ts";

const file = `flow_id: renewal
input:
  note: { type: string, default: "long" }
  other: string
steps:
  - id: one
    parameters: { input: 1 }
  - { id: two, for_each: "\${[1..2000]}", compensate: { parameters: { a: 1 } } }
`;

test.each([
  ["of a step", { step: "one", path: ["parameters"] }, { line: 7, column: 5 }],
  ["of a step on one line", { step: "two", path: ["for_each"] }, { line: 8, column: 16 }],
  ["below another", { step: "two", path: ["compensate", "parameters"] }, { line: 8, column: 56 }],
  ["of the flow", { step: null, path: ["input", "note", "default"] }, { line: 3, column: 25 }],
  ["in a short form", { step: null, path: ["input", "other", "default"] }, { line: 4, column: 3 }],
  ["of a step of another file", { step: "three", path: ["parameters"] }, null],
  ["that stands in another file", { step: "one", path: ["for_each"] }, null],
  ["that nobody names", { step: "one", path: [] }, null],
])("a field %s", (_what, of, place) => {
  expect(fieldPlace(of, file)).toEqual(place);
});

test("a file that can't be read as one", () => {
  expect(fieldPlace({ step: "one", path: ["parameters"] }, "steps: [")).toBeNull();
});
