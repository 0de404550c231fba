/** What is no state machine: https://states-language.net/spec.html, https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html */
import { expect, test } from "vitest";
import { checkRules } from "../check-definition.ts";
import { branch, machine, pass, task, tokenTask } from "./sample-machines.ts";

const ok = { ok: { Type: "Succeed" } };

test.each([
  ["no query language", { StartAt: "ok", States: ok }, 'must be "JSONata"'],
  ["JSONPath", machine(ok, { QueryLanguage: "JSONPath" }), 'must be "JSONata"'],
  ["JSONPath in one state", machine({ x: { ...pass(1), QueryLanguage: "JSONPath" } }), "x.QueryLanguage"],
  ["InputPath", machine({ x: { Type: "Pass", InputPath: "$", End: true } }), "InputPath belongs to JSONPath"],
  ["ResultPath", machine({ x: { Type: "Pass", ResultPath: null, End: true } }), "ResultPath belongs to JSONPath"],
  ["Parameters", machine({ x: task("f", { Parameters: { "a.$": "$.a" } }) }), "Parameters belongs to JSONPath"],
  [
    "a choice by Variable",
    machine({ x: { Type: "Choice", Choices: [{ Variable: "$.x", IsNull: true, Next: "ok" }] }, ...ok }),
    "Variable belongs to JSONPath",
  ],
  ["a field nobody knows", machine({ x: { ...pass(1), Outputs: 1 } }), "Outputs is no field of it"],
  ["a Type nobody knows", machine({ x: { Type: "Loop", End: true } }), "x.Type"],
  ["no such start", machine(ok, { StartAt: "x" }), "StartAt x is no state of it"],
  ["no such Next", machine({ x: pass(1, { Next: "y" }) }), "leads to y"],
  ["a Next that only objects have", machine({ x: pass(1, { Next: "constructor" }) }), "leads to constructor"],
  [
    "a Next out of its branch",
    machine({ x: { Type: "Parallel", Branches: [branch({ y: pass(1, { Next: "ok" }) })], Next: "ok" }, ...ok }),
    "leads to ok",
  ],
  ["a Next into a branch", machine({ x: { Type: "Parallel", Branches: [branch(ok)], Next: "ok" } }), "leads to ok"],
  [
    "a catcher out of its branch",
    machine({
      x: {
        Type: "Parallel",
        Branches: [branch({ y: task("f", { Catch: [{ ErrorEquals: ["States.ALL"], Next: "ok" }] }) })],
        Next: "ok",
      },
      ...ok,
    }),
    "leads to ok",
  ],
  ["nothing leads there", machine({ x: pass(1), lost: pass(1) }), "lost: nothing leads to it"],
  ["a circle", machine({ x: pass(1, { Next: "y" }), y: pass(1, { Next: "x" }) }), "nothing ends it"],
  ["both Next and End", machine({ x: { ...pass(1, { Next: "ok" }), End: true }, ...ok }), "either Next or End"],
  ["neither", machine({ x: { Type: "Pass" }, ...ok }), "either Next or End"],
  ["End: false", machine({ x: { Type: "Pass", End: false } }), "x.End"],
  [
    "two of one name, far apart",
    machine({ x: { Type: "Parallel", Branches: [branch(ok), branch(ok)], End: true } }),
    "another state has this name",
  ],
  ["a name of 81 characters", machine({ ["x".repeat(81)]: pass(1) }), "1 to 80 characters"],
  ["an empty name", machine({ "": pass(1) }), "1 to 80 characters"],
  [
    "States.ALL with another",
    machine({ x: task("f", { Retry: [{ ErrorEquals: ["States.ALL", "Bad"] }] }) }),
    "stands alone",
  ],
  [
    "States.ALL before another",
    machine({ x: task("f", { Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["Bad"] }] }) }),
    "stands in the last one",
  ],
  [
    "an error that States. has not",
    machine({ x: task("f", { Retry: [{ ErrorEquals: ["States.Oops"] }] }) }),
    "no error of Step Functions",
  ],
  ["a Fail with a reserved name", machine({ x: { Type: "Fail", Error: "States.Oops" } }), "reserved"],
  ["an empty list of errors", machine({ x: task("f", { Retry: [{ ErrorEquals: [] }] }) }), "ErrorEquals"],
  [
    "an interval of 0",
    machine({ x: task("f", { Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 0 }] }) }),
    "IntervalSeconds",
  ],
  [
    "half a second",
    machine({ x: task("f", { Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 0.5 }] }) }),
    "IntervalSeconds",
  ],
  ["a rate below 1", machine({ x: task("f", { Retry: [{ ErrorEquals: ["A"], BackoffRate: 0.9 }] }) }), "BackoffRate"],
  [
    "a bound below the interval",
    machine({ x: task("f", { Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 9, MaxDelaySeconds: 8 }] }) }),
    "MaxDelaySeconds",
  ],
  [
    "a Catch on a Pass",
    machine({ x: { ...pass(1), Catch: [{ ErrorEquals: ["States.ALL"], Next: "ok" }] }, ...ok }),
    "Catch is no field",
  ],
  ["an Assign on Succeed", machine({ x: { Type: "Succeed", Assign: { a: 1 } } }), "Assign is no field"],
  [
    "a heartbeat as long as the timeout",
    machine({ x: tokenTask("f", { TimeoutSeconds: 5, HeartbeatSeconds: 5 }) }),
    "isn't smaller",
  ],
  [
    "a token that nobody gets",
    machine({ x: tokenTask("f", { Arguments: { FunctionName: "f" } }) }),
    "waits for a token",
  ],
  [
    "a token where there is none",
    machine({ x: task("f", { Arguments: { FunctionName: "f", Payload: "{% $states.context.Task.Token %}" } }) }),
    "has no token",
  ],
  [
    "a Resource by expression",
    machine({ x: task("f", { Resource: "{% $states.input.r %}" }) }),
    "none that can be run",
  ],
  [
    "a Resource nobody knows",
    machine({ x: task("f", { Resource: "arn:aws:states:::lambda:invoke.sync" }) }),
    "none that can be run",
  ],
  [
    "a child by .sync alone",
    machine({ x: task("f", { Resource: "arn:aws:states:::states:startExecution.sync" }) }),
    "none that can be run",
  ],
  ["a call of nobody", machine({ x: task("f", { Arguments: {} }) }), "FunctionName is missing"],
  [
    "both Seconds and Timestamp",
    machine({ x: { Type: "Wait", Seconds: 1, Timestamp: "2026-11-23T08:00:00Z", End: true } }),
    "either Seconds or Timestamp",
  ],
  ["a day as a Timestamp", machine({ x: { Type: "Wait", Timestamp: "2026-11-23", End: true } }), "RFC 3339"],
  [
    "a literal condition",
    machine({ x: { Type: "Choice", Choices: [{ Condition: true, Next: "ok" }] }, ...ok }),
    "Condition",
  ],
  ["no choices", machine({ x: { Type: "Choice", Choices: [], Default: "ok" }, ...ok }), "Choices"],
  [
    "an Express child",
    machine({
      x: {
        Type: "Map",
        ItemProcessor: { ...branch(ok), ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" } },
        End: true,
      },
    }),
    "ExecutionType",
  ],
  [
    "an ItemReader",
    machine({ x: { Type: "Map", ItemReader: {}, ItemProcessor: branch(ok), End: true } }),
    "ItemReader is no field",
  ],
  ["a megabyte", machine({ x: pass("x".repeat(1_048_576)) }), "larger than 1048576 bytes"],
  ["null", null, "the definition"],
  ["nothing", undefined, "no JSON"],
])("%s", (_what, definition, problem) => {
  expect(checkRules(definition).join("\n")).toContain(problem);
});

test("every problem at once", () => {
  const problems = checkRules(
    machine({
      x: pass("{% name %}", { Next: "y" }),
      lost: task("f", { Retry: [{ ErrorEquals: ["States.ALL", "A"] }] }),
    }),
  );
  expect(problems.length).toBeGreaterThanOrEqual(4);
});
