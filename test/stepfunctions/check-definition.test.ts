/** The gate's own rules; its slow parts are held in `interpreter.long.ts`. */
import { expect, test } from "vitest";
import { checkRules } from "./check-definition.ts";
import { everyKindOfState } from "./every-kind-of-state.ts";
import { machine, pass } from "./interpreter/sample-machines.ts";

test("a machine of every kind of state passes, and stays as it was", () => {
  const definition = everyKindOfState();
  const before = JSON.stringify(definition);
  expect(checkRules(definition)).toEqual([]);
  expect(JSON.stringify(definition)).toBe(before);
});

test("a payload's keys that read like the machine's own", () => {
  expect(checkRules(machine({ x: pass({ States: "none", StartAt: 1, "a.$": "$.b" }) }))).toEqual([]);
});
