/** The doctor on Step Functions: a flow without a machine, another account's machines, a right that is missing. */
import { type SFNClient, SFNServiceException, StateMachineDoesNotExist } from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import { readMachineArns } from "../../../src/asl/engine/machine-arns.ts";
import { machinesCheck } from "../../../src/app/doctor/machines-check.ts";
import { agentStep, flow } from "../../engine/flows.ts";

const before = "arn:aws:states:eu-west-1:123456789012:stateMachine:revops-";
const all = ["one", "two", "three"].map((flow_id) => ({
  definition: flow([agentStep("look", "noop")], { flow_id }),
  file: null,
}));

function checked(answers: Readonly<Record<string, Error>>) {
  const arns = readMachineArns(`${before}FLOW:live`);
  if (arns === null) throw new Error("The pattern can't be read.");
  const send = ({ input }: { input: { stateMachineArn?: string } }) => {
    const error = answers[input.stateMachineArn ?? ""];
    return error === undefined ? Promise.resolve({ executions: [] }) : Promise.reject(error);
  };
  const client = { send: send as SFNClient["send"] };
  return machinesCheck({ engine: { kind: "stepfunctions", arns }, flows: { all } }, client);
}

const none = new StateMachineDoesNotExist({ message: "State Machine Does Not Exist", $metadata: {} });

test("each flow has its machine", async () => {
  expect(await checked({})).toMatchObject([{ state: "ok", message: "each of 3 flows has its own" }]);
});

test("flows that were never deployed are named, the first of them", async () => {
  const [check] = await checked({ [`${before}two`]: none, [`${before}three`]: none });
  expect(check).toMatchObject({ state: "problem", message: `there is no ${before}two, and 1 more` });
  expect(check?.advice).toContain("npx revops deploy");
});

test("a right that is missing is told as the service says it", async () => {
  const message = "User: bot is not authorized to perform: states:ListExecutions";
  const denied = new SFNServiceException({ name: "AccessDeniedException", message, $fault: "client", $metadata: {} });
  expect(await checked({ [`${before}one`]: denied })).toMatchObject([{ state: "problem", message }]);
});

test("the app's own engine needs none, and asks nobody", async () => {
  expect(await machinesCheck({ engine: { kind: "embedded" }, flows: { all } })).toEqual([]);
});
