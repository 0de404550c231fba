/** Who has started a nested execution, by what the service and the name tell, and what neither may pretend. */
import { expect, test } from "vitest";
import { answers, startedByField } from "../../../src/asl/protocol.ts";
import { startedByStep } from "../../../src/asl/handlers/parentage.ts";
import { derivedId } from "../../../src/flow/execution-id.ts";
import { approvalStep, flow, flowStep } from "../../engine/flows.ts";
import { startHarness } from "../../engine/harness.ts";
import { failureOf, Machine } from "./machine.ts";

const child = flow([approvalStep("approve")], { flow_id: "child" });
const parent = flow([
  flowStep("sub", "child"),
  flowStep("each", "child", { for_each: "${['a', 'b']}" }),
  flowStep("other", "another"),
]);
const arn = (name: string) => `arn:aws:states:eu-central-1:123456789012:execution:revops-renewal:${name}`;

async function begun() {
  const harness = await startHarness({ flows: [parent, child], fires: false });
  const above = await new Machine(harness, parent).deploy();
  await above.begin();
  const state = await above.state();
  const nameOf = (stepId: string, part: number | "") =>
    derivedId({ at: state.startedAt, parts: ["flow", state.executionId, stepId, part] });
  const machine = (name: string) => new Machine(harness, child, name).deploy();
  return { harness, above, state, nameOf, machine };
}

test("by its step: named as the parent's, with its customer passed on, and the step says whom it waits for", async () => {
  const { harness, above, nameOf, machine } = await begun();
  const name = nameOf("sub", "");
  const nested = await machine(name);
  const { roots } = answers.begin.parse(await nested.begin({ [startedByField]: arn("by-boto3") }));
  expect(roots["input"]).toEqual({ customer_id: "acme" });
  expect((await nested.state()).startedBy).toMatchObject({
    execution_id: "by-boto3",
    step_id: "sub",
    part: null,
    depth: 1,
  });
  expect((await above.state()).steps["sub"]).toMatchObject({ status: "waiting", child: { executionId: name } });
  // Its answer was lost.
  await nested.begin({ [startedByField]: arn("by-boto3") });
  const started = (await harness.log("by-boto3"))
    .flatMap(({ events }) => events)
    .filter(({ type }) => type === "flow_started");
  expect(started).toHaveLength(1);
});

test("one of a list, and under the name of a redrive of its parent", async () => {
  const { state, nameOf } = await begun();
  const of = (name: string) => startedByStep(state, { flowId: "child", name });
  expect(of(nameOf("each", 1))).toMatchObject({ step_id: "each", part: 1 });
  expect(of(`${nameOf("each", 1)}_redrive02`)).toMatchObject({ step_id: "each", part: 1 });
  expect(startedByStep(state, { flowId: "another", name: nameOf("each", 1) })).toBeNull();
});

test("a program that says it were a step's: it is a start of its own", async () => {
  const { above, machine } = await begun();
  const nested = await machine("pretender");
  await nested.begin({ customer_id: "acme", [startedByField]: arn("by-boto3") });
  const { startedBy, input } = await nested.state();
  expect(startedBy).toEqual({ type: "manual", person: null });
  expect(input).toEqual({ customer_id: "acme" });
  expect((await above.state()).steps["sub"]?.status).toBe("pending");
});

test("too deep, and again after it has ended", async () => {
  const { harness, state, nameOf, machine } = await begun();
  const deep = {
    ...state,
    startedBy: { type: "flow" as const, execution_id: "x", step_id: "y", part: null, requester: null, depth: 8 },
  };
  expect(() => startedByStep(deep, { flowId: "child", name: nameOf("sub", "") })).toThrow("would be one too many");
  const nested = await machine(nameOf("sub", ""));
  await nested.begin({ [startedByField]: arn("by-boto3") });
  await harness.engine.abort({ executionId: nested.id, person: null, compensate: false });
  expect(await failureOf(nested.begin({ customer_id: "acme" }))).toMatchObject({ name: "Flow.Failed" });
});
