/** A step that repeats: each item once, in bounds, its failure what the flow says, over restarts too. */
import { describe, expect, test } from "vitest";
import type { Agents } from "../../../src/agents/agent.ts";
import { FailureError } from "../../../src/flow/failure.ts";
import { agentStep, approvalStep, flow } from "../flows.ts";
import { kill, startHarness } from "../harness.ts";
import { answer, scriptedAgents } from "../scripted-agents.ts";
import { dana } from "../world.ts";

const manual = { triggers: [] };
const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };
const each = { for_each: '${["a", "b", "c"]}', parameters: { to: '${item & "@example.com"}', place: "${index}" } };

test("each item gets its own parameters; the outputs come in order", async () => {
  const definition = flow(
    [agentStep("all", "noop", each), agentStep("sum", "noop", { after: ["all"], parameters: { n: "${$count(all)}" } })],
    manual,
  );
  const harness = await startHarness({ flows: [definition] });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  const { steps } = await harness.engine.execution({ executionId });
  expect(steps["all"]?.output).toEqual([
    { to: "a@example.com", place: 0 },
    { to: "b@example.com", place: 1 },
    { to: "c@example.com", place: 2 },
  ]);
  expect(steps["sum"]?.output).toEqual({ n: 3 });
});

test("a single value is a list of one, nothing is a list of none", async () => {
  const one = flow(
    [agentStep("all", "noop", { for_each: "${customer.name}", parameters: { name: "${item}" } })],
    manual,
  );
  const none = flow([agentStep("all", "noop", { for_each: "${customer.nps}" })], { ...manual, flow_id: "none" });
  const harness = await startHarness({ flows: [one, none] });
  const first = await harness.engine.start(acme);
  const second = await harness.engine.start({ ...acme, flowId: "none" });
  await harness.engine.idle();
  const outputOf = async ({ executionId }: { executionId: string }) =>
    (await harness.engine.execution({ executionId })).steps["all"]?.output;
  expect(await outputOf(first)).toEqual([{ name: "Customer acme" }]);
  expect(await outputOf(second)).toEqual([]);
});

test("no more are under way than the flow allows", async () => {
  let underWay = 0;
  let most = 0;
  const agents = scriptedAgents({
    noop: async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return answer({});
    },
  });
  const definition = flow([agentStep("all", "noop", { for_each: "${[1..20]}", max_concurrency: 3 })], manual);
  const harness = await startHarness({ flows: [definition], agents });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  expect(most).toBe(3);
  expect((await harness.engine.execution({ executionId })).steps["all"]?.output).toHaveLength(20);
});

function failsAtTwo(): Agents {
  return scriptedAgents({
    noop: (request) => {
      if (request.parameters["n"] === 2) throw new FailureError({ error: "Input.Invalid", cause: "two" });
      return answer({ n: request.parameters["n"] ?? null });
    },
  });
}

describe("an item that fails", () => {
  const repeated = { for_each: "${[1..4]}", max_concurrency: 1, parameters: { n: "${item}" } };

  test("starts no further ones and fails the step, naming itself", async () => {
    const harness = await startHarness({
      flows: [flow([agentStep("all", "noop", repeated)], manual)],
      agents: failsAtTwo(),
    });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    const state = await harness.engine.execution({ executionId });
    expect(state.failure).toMatchObject({ failure: { error: "Input.Invalid", cause: "Item 2 of 4: two" } });
    expect(state.steps["all"]?.items?.map(({ status }) => status)).toEqual([
      "succeeded",
      "failed",
      "pending",
      "pending",
    ]);
  });

  test("with on_error continue leaves its failure in its place", async () => {
    const definition = flow([agentStep("all", "noop", { ...repeated, on_error: "continue" })], manual);
    const harness = await startHarness({ flows: [definition], agents: failsAtTwo() });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    const state = await harness.engine.execution({ executionId });
    const failure = { error: "Input.Invalid", cause: "two" };
    expect(state).toMatchObject({
      status: "succeeded",
      steps: { all: { output: [{ n: 1 }, failure, { n: 3 }, { n: 4 }] } },
    });
  });

  test("is tried again on its own, and a redrive keeps those that succeeded", async () => {
    const calls: unknown[] = [];
    let isDown = true;
    const scripted = scriptedAgents({
      noop: (request) => {
        calls.push(request.parameters["n"]);
        if (request.parameters["n"] === 2 && isDown)
          throw new FailureError({ error: "Agent.Unavailable", cause: "down" });
        return answer({});
      },
    });
    const harness = await startHarness({
      flows: [flow([agentStep("all", "noop", repeated)], manual)],
      agents: scripted,
    });
    const { executionId } = await harness.engine.start(acme);
    await harness.moveTo(harness.clock.now() + 600_000);
    expect(calls).toEqual([1, 2, 2, 2, 2]);
    isDown = false;
    expect(await harness.engine.redrive({ executionId, person: null })).toMatchObject({ restarts: ["all"], keeps: [] });
    await harness.engine.idle();
    expect(calls).toEqual([1, 2, 2, 2, 2, 2, 3, 4]);
    expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
  });
});

test("a million items are refused by name, and others are unharmed", async () => {
  const endless = flow([agentStep("all", "noop", { for_each: "${[1..5000]}" })], manual);
  const fine = flow([agentStep("all", "noop")], { ...manual, flow_id: "fine" });
  const harness = await startHarness({ flows: [endless, fine] });
  const { executionId } = await harness.engine.start(acme);
  const other = await harness.engine.start({ ...acme, flowId: "fine" });
  await harness.engine.idle();
  expect((await harness.engine.report({ executionId })).failure).toContain(
    "Input.Invalid: all would repeat for 5,000 items",
  );
  expect((await harness.engine.report(other)).header.status).toBe("succeeded");
});

test("effects of items have keys of their own, and each happens once though the process dies", async () => {
  const definition = flow(
    [agentStep("all", "notify", { for_each: '${["x@example.com", "y@example.com"]}', parameters: { to: "${item}" } })],
    manual,
  );
  const harness = await startHarness({ flows: [definition] });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  expect(harness.world.effects.map(({ key }) => key).toSorted()).toEqual(
    [0, 1].flatMap((index) => [`${executionId}/all/${index}/email`, `${executionId}/all/${index}/slack`]),
  );
  await kill(harness);
  const next = await startHarness({
    ...harness,
    process: { alive: true, step: () => {} },
    flows: [definition],
    seed: 2,
  });
  await next.moveTo(next.clock.now() + 60_000);
  expect(next.world.effects).toHaveLength(4);
});

test("behind an approval each item's effects are planned, shown, and performed as shown", async () => {
  const definition = flow(
    [
      approvalStep("approve"),
      agentStep("all", "notify", {
        after: ["approve"],
        for_each: '${[customer.account_manager_email, "csm@example.com"]}',
        parameters: { to: "${item}" },
      }),
    ],
    manual,
  );
  const harness = await startHarness({ flows: [definition] });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  const approval = await harness.engine.approval({ executionId, stepId: "approve" });
  expect(approval?.plans.flatMap(({ effects }) => effects)).toHaveLength(4);
  await harness.engine.decide({
    executionId,
    stepId: "approve",
    version: 1,
    person: dana,
    decision: "approve",
    reason: null,
  });
  await harness.engine.idle();
  const mails = harness.world.ofKind("email").map(({ effect }) => (effect.kind === "email" ? effect.to : ""));
  expect(mails.toSorted()).toEqual(["csm@example.com", "dana@example.com"]);
});
