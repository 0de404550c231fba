import { expect, test } from "vitest";
import { readSettings, type Environment } from "../../src/app/settings.ts";

const machines = "arn:aws:states:eu-west-1:123456789012:stateMachine:revops-FLOW:live";
const whole = { REVOPS_ENGINE: "stepfunctions", REVOPS_STATE_MACHINES: machines, REVOPS_STATE: "dynamodb:revops" };

function problems(environment: Environment): string[] {
  const read = readSettings(environment);
  return read.ok ? [] : read.problems;
}

test("the whole group: a flow's machine and its executions are found by its id", () => {
  const read = readSettings(whole);
  if (!read.ok || read.settings.engine.kind !== "stepfunctions") throw new Error("It is not read.");
  const { arns } = read.settings.engine;
  expect(arns.machine("onboarding")).toBe("arn:aws:states:eu-west-1:123456789012:stateMachine:revops-onboarding:live");
  expect(arns.execution({ flowId: "onboarding", name: "x" })).toBe(
    "arn:aws:states:eu-west-1:123456789012:execution:revops-onboarding:x",
  );
});

test("left out, it is the embedded engine", () => {
  const read = readSettings({});
  expect(read.ok && read.settings.engine).toEqual({ kind: "embedded" });
});

test.each([
  [{ REVOPS_STATE_MACHINES: undefined }, /^REVOPS_ENGINE=stepfunctions is set, but REVOPS_STATE_MACHINES is not\./],
  [{ REVOPS_STATE: undefined }, /^REVOPS_ENGINE=stepfunctions needs REVOPS_STATE=dynamodb:TABLE: /],
  [{ REVOPS_ENGINE: undefined }, /^REVOPS_STATE_MACHINES would do nothing\. Set REVOPS_ENGINE=stepfunctions, or leave/],
  [
    { REVOPS_ENGINE: "step_functions" },
    /^REVOPS_ENGINE must be embedded or stepfunctions, not step_functions\. Did you mean stepfunctions\?$/,
  ],
  [{ REVOPS_ENGINE: "temporal" }, /^REVOPS_ENGINE must be embedded or stepfunctions, not temporal\.$/],
  [
    { REVOPS_STATE_MACHINES: "arn:aws:states:eu-west-1:123456789012:stateMachine:revops" },
    /^REVOPS_STATE_MACHINES must be the ARN of a state machine with FLOW in the place of the flow_id, such as arn:/,
  ],
  [
    { REVOPS_STATE_MACHINE: machines, REVOPS_STATE_MACHINES: undefined },
    /^REVOPS_STATE_MACHINE is no setting\. Did you mean REVOPS_STATE_MACHINES\?$/,
  ],
])("a half-set or mistaken group says what to do: %j", (change, wanted) => {
  expect(problems({ ...whole, ...change })).toEqual(expect.arrayContaining([expect.stringMatching(wanted)]));
});

test("beside a stand-in on this machine SQLite will do; beside any other address it won't", () => {
  const local = { ...whole, REVOPS_STATE: "sqlite:data/revops.db", AWS_ENDPOINT_URL_SFN: "http://127.0.0.1:8083" };
  expect(problems(local)).toEqual([]);
  expect(problems({ ...local, AWS_ENDPOINT_URL_SFN: "https://states.example.com" })).toHaveLength(1);
});
