/** Steps one after another: is none asked in vain whether it may run, and none let through that should have been asked? */
import { expect, test } from "vitest";
import { agentStep, flow, renewalFlow, waitStep } from "../../engine/flows.ts";
import { NamedError } from "../../stepfunctions/interpreter/handlers.ts";
import { asked, compiled, play, told, type Reply } from "./play.ts";

const failing =
  (stepId: string): Reply =>
  (request) => {
    if (request.kind === "step" && request.step_id === stepId) throw new NamedError("Effect.Refused", "No.");
    return undefined;
  };

const skipped = { status: "skipped", reason: "upstream" };

test("the first of a chain fails: all others are noted as skipped, and none is called", async () => {
  const chain = flow(
    [
      agentStep("a", "noop"),
      agentStep("b", "noop", { after: ["a"] }),
      waitStep("c", { after: ["b"] }),
      agentStep("d", "noop", { after: ["c", "a"] }),
    ],
    { triggers: [] },
  );
  const played = await play(chain, failing("a"));
  expect(told(played)).toMatchObject({ a: { status: "failed" }, b: skipped, c: skipped, d: skipped });
  expect(asked(played)).toEqual(["begin", "step a", "failure", "end"]);
  const names = Object.keys(compiled(chain).machine.States);
  expect(names.filter((name) => name.endsWith("may run"))).toEqual([]);
});

test("a step that needs more than the last one to succeed is asked", async () => {
  const steps = [
    agentStep("x", "noop"),
    agentStep("a", "noop", { depends_on: [{ step: "x", optional: true }] }),
    agentStep("b", "noop", { after: ["a", "x"] }),
  ];
  const played = await play(flow(steps, { triggers: [] }), failing("x"));
  expect(told(played)).toMatchObject({ x: { status: "failed" }, a: { status: "succeeded" }, b: skipped });
});

test("one that failed and continues lets the next one run, one that was skipped doesn't", async () => {
  const steps = [
    agentStep("a", "noop", { on_error: "continue", when: "${input.customer_id != 'beta'}" }),
    agentStep("b", "noop", { after: ["a"] }),
  ];
  const definition = flow(steps, { triggers: [] });
  const ran = await play(definition, failing("a"));
  expect(told(ran)).toMatchObject({ a: { status: "failed" }, b: { status: "succeeded" } });
  const past = await play(definition, undefined, { input: { customer_id: "beta" } });
  expect(told(past)).toMatchObject({ a: { status: "skipped", reason: "condition" }, b: skipped });
});

test("a renewal that is approved takes a state for each thing that it does", async () => {
  const played = await play(renewalFlow(), (request, { tokens }) => {
    if (request.kind === "approval")
      tokens.succeed(request.task_token, { output: { decision: "approved" }, edited: {} });
    if (request.kind === "step") return { state: "done", output: { over_threshold: true, score: 0.8 }, effects: 1 };
    return undefined;
  });
  const entered = played.events.filter(({ type }) => type.endsWith("StateEntered"));
  expect(entered.map(({ details }) => details["stateEnteredEventDetails"]?.["name"])).toEqual([
    "begin",
    "retrieve_data",
    "assess",
    "approve may run",
    "approve",
    "notify may run",
    "notify",
    "notify arrived",
    "book",
    "book arrived",
    "all ended",
    "end",
    "succeeded",
  ]);
});
