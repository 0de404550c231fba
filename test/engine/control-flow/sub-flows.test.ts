/** A flow that starts a flow: its own execution, its end brought back whatever dies, its requester and its abort kept. */
import { describe, expect, test } from "vitest";
import { FailureError } from "../../../src/flow/failure.ts";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import { agentStep, approvalStep, flow, flowStep } from "../flows.ts";
import { kill, startHarness, type Harness } from "../harness.ts";
import { answer, scriptedAgents } from "../scripted-agents.ts";
import { dana, lead, second } from "../world.ts";

const manual = { triggers: [] };
const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };
const parent = (overrides = {}) =>
  flow(
    [
      flowStep("onboard", "child", overrides),
      agentStep("last", "noop", { after: ["onboard"], parameters: { got: "${onboard}" } }),
    ],
    manual,
  );
const child = flow([agentStep("work", "noop", { parameters: { about: "${customer.id}" } })], {
  ...manual,
  flow_id: "child",
});
const asking = flow([approvalStep("ask"), agentStep("work", "noop", { after: ["ask"] })], {
  ...manual,
  flow_id: "child",
});

async function childOf(harness: Harness, executionId: string): Promise<string> {
  const { items } = await harness.store.list({ filter: { parentId: executionId }, limit: 10 });
  expect(items).toHaveLength(1);
  return items[0]?.execution_id ?? "";
}

test("is an execution of its own, whose outputs are the step's, about the same customer", async () => {
  const harness = await startHarness({ flows: [parent(), child] });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  const childId = await childOf(harness, executionId);
  const state = await harness.engine.execution({ executionId });
  const output = { execution_id: childId, outcome: "completed", outputs: { work: { about: "acme" } } };
  expect(state).toMatchObject({
    status: "succeeded",
    steps: { onboard: { output }, last: { output: { got: output } } },
  });
  expect(await harness.engine.execution({ executionId: childId })).toMatchObject({
    startedBy: { type: "flow", execution_id: executionId, step_id: "onboard", depth: 1 },
  });
});

test("while it waits for a person the parent is parked and says for what", async () => {
  const harness = await startHarness({ flows: [parent(), asking] });
  const { executionId } = await harness.engine.start({ ...acme, person: dana });
  await harness.engine.idle();
  const childId = await childOf(harness, executionId);
  const { header } = await harness.engine.report({ executionId });
  expect(header).toMatchObject({ status: "running", wake_at: null });
  expect(header.waiting_for).toMatchObject([{ kind: "flow", step_id: "onboard", execution_id: childId }]);
  const vote = { executionId: childId, stepId: "ask", version: 1, decision: "approve" as const, reason: null };
  expect(await harness.engine.decide({ ...vote, person: dana })).toMatchObject({
    kind: "refused",
    reason: "requester",
  });
  expect(await harness.engine.decide({ ...vote, person: lead })).toMatchObject({ kind: "recorded" });
  await harness.engine.idle();
  expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
});

function failing() {
  const calls: string[] = [];
  let isBroken = true;
  const agents = scriptedAgents({
    noop: (request) => {
      calls.push(request.context.stepId);
      if (isBroken && request.context.stepId === "work")
        throw new FailureError({ error: "Input.Invalid", cause: "broken" });
      return answer({});
    },
  });
  return { agents, calls, mend: () => (isBroken = false) };
}

describe("that fails", () => {
  test("fails its step by name, and the redrive of the parent redrives it", async () => {
    const { agents, calls, mend } = failing();
    const harness = await startHarness({ flows: [parent(), child], agents });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    const childId = await childOf(harness, executionId);
    expect((await harness.engine.report({ executionId })).failure).toBe(
      `Flow.Failed: The execution ${childId} failed with Input.Invalid: broken.`,
    );
    mend();
    await harness.engine.redrive({ executionId, person: lead });
    await harness.engine.idle();
    expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
    expect(await childOf(harness, executionId)).toBe(childId);
    expect(calls).toEqual(["work", "work", "last"]);
  });

  test("with on_error continue the parent goes on", async () => {
    const { agents } = failing();
    const harness = await startHarness({ flows: [parent({ on_error: "continue" }), child], agents });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
  });
});

test("an aborted parent aborts it, and closes only then", async () => {
  const harness = await startHarness({ flows: [parent(), asking] });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  const childId = await childOf(harness, executionId);
  await harness.engine.abort({ executionId, person: lead, compensate: false });
  await harness.engine.idle();
  expect((await harness.engine.report({ executionId: childId })).header).toMatchObject({
    status: "aborted",
    open: false,
  });
  expect((await harness.engine.report({ executionId })).header).toMatchObject({ status: "aborted", open: false });
});

test("that takes longer than the step's timeout is ended, and the step fails", async () => {
  const harness = await startHarness({ flows: [parent({ timeout_ms: 3_600_000 }), asking] });
  const { executionId } = await harness.engine.start(acme);
  await harness.moveTo(harness.clock.now() + 2 * 3_600_000);
  const childId = await childOf(harness, executionId);
  expect((await harness.engine.report({ executionId })).failure).toMatch(/^Step.Timeout: onboard waited longer/);
  expect((await harness.engine.report({ executionId: childId })).header.status).toBe("aborted");
});

test("one that is shifted to the next working hour doesn't use up its timeout meanwhile", async () => {
  const late = { due: "2026-11-20T08:00:00Z", late: "shift" as const, timeout_ms: 60_000 };
  const harness = await startHarness({ flows: [parent(late), child] });
  const { executionId } = await harness.engine.start(acme);
  await harness.moveTo(harness.clock.now() + 5 * 3_600_000);
  const { header, failure } = await harness.engine.report({ executionId });
  expect(failure).toBeNull();
  expect(header.status).toBe("succeeded");
});

test("for each of a list there is one, and all are waited for", async () => {
  const definition = flow(
    [flowStep("each", "child", { for_each: '${["acme", "beta"]}', input: { customer_id: "${item}" } })],
    manual,
  );
  const harness = await startHarness({ flows: [definition, child] });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  const { items } = await harness.store.list({ filter: { parentId: executionId }, limit: 10 });
  expect(items.map(({ customer_id }) => customer_id ?? "").toSorted()).toEqual(["acme", "beta"]);
  expect((await harness.engine.execution({ executionId })).steps["each"]?.output).toMatchObject([
    { outputs: { work: { about: "acme" } } },
    { outputs: { work: { about: "beta" } } },
  ]);
});

test("one that starts itself ends in a named failure, not in a flood", async () => {
  const endless = flow([flowStep("again", "renewal")], { triggers: [{ type: "manual", overlap: "allow" }] });
  const harness = await startHarness({ flows: [endless] });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  expect((await harness.engine.report({ executionId })).failure).toMatch(/^Flow.Failed/);
  expect((await harness.store.list({ filter: {}, limit: 100 })).items).toHaveLength(9);
});

async function failureOf(flows: FlowDefinition[], busy = false): Promise<string | null> {
  const harness = await startHarness({ flows });
  if (busy) await harness.engine.start({ ...acme, flowId: "child" });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  return (await harness.engine.report({ executionId })).failure;
}

test("an unknown flow, a missing input, another execution about the same customer: each is named", async () => {
  const needy = flow([agentStep("work", "noop")], {
    ...manual,
    flow_id: "child",
    input: { level: { type: "integer", enum: null, required: true, default: null, description: null } },
  });
  expect(await failureOf([parent()])).toMatch(/^Input.Invalid: There is no flow child/);
  expect(await failureOf([parent(), needy])).toMatch(/^Input.Invalid: child needs level/);
  expect(await failureOf([parent(), asking], true)).toMatch(
    /^Flow.Failed: Another execution of this flow about Customer acme runs/,
  );
});

test("the process dies while it runs: the end reaches the parent all the same", async () => {
  const harness = await startHarness({ flows: [parent(), asking] });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  const childId = await childOf(harness, executionId);
  await kill(harness);
  const next = await startHarness({
    ...harness,
    process: { alive: true, step: () => {} },
    flows: [parent(), asking],
    seed: 2,
  });
  const vote = { executionId: childId, stepId: "ask", version: 1, decision: "approve" as const, reason: null };
  await next.engine.decide({ ...vote, person: second });
  await next.moveTo(next.clock.now() + 60_000);
  expect((await next.engine.report({ executionId })).header.status).toBe("succeeded");
});
