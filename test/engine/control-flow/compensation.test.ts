/** What is taken back when a flow fails or is aborted: each step once, last first, nothing of it without being asked. */
import { describe, expect, test } from "vitest";
import { FailureError } from "../../../src/flow/failure.ts";
import type { Compensation } from "../../../src/flow/flow.ts";
import { agentStep, approvalStep, flow } from "../flows.ts";
import { startHarness } from "../harness.ts";
import { answer, scriptedAgents, type Script } from "../scripted-agents.ts";
import { lead, outsider } from "../world.ts";

const manual = { triggers: [] };
const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };
const undo = (name: string): Compensation => ({
  agent: "data_agent",
  action: "undo",
  parameters: { name, was: `\${${name}}` },
});

function recording(overrides: Record<string, Script> = {}) {
  const undone: unknown[] = [];
  const agents = scriptedAgents({
    undo: (request) => {
      undone.push(request.parameters["name"]);
      return answer({});
    },
    break: () => {
      throw new FailureError({ error: "Input.Invalid", cause: "broken" });
    },
    ...overrides,
  });
  return { agents, undone };
}

describe("on_error: compensate", () => {
  const steps = [
    agentStep("one", "noop", { compensate: undo("one"), parameters: { n: 1 } }),
    agentStep("two", "noop", { after: ["one"], compensate: undo("two") }),
    agentStep("three", "noop", { after: ["two"] }),
    agentStep("four", "break", { after: ["three"], on_error: "compensate" }),
    approvalStep("ask", { after: ["one"] }),
    agentStep("behind", "noop", { after: ["ask"] }),
  ];

  test("takes back what succeeded, last first, and withdraws the open approval", async () => {
    const { agents, undone } = recording();
    const harness = await startHarness({
      flows: [flow(steps, { ...manual, failure_notification: "ops@example.com" })],
      agents,
    });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    expect(undone).toEqual(["two", "one"]);
    const state = await harness.engine.execution({ executionId });
    expect(state).toMatchObject({ status: "failed", failure: { stepId: "four" } });
    expect(state.steps["ask"]?.approval?.status ?? state.steps["ask"]?.skipped).toMatch(/withdrawn|upstream/);
    expect(state.steps["behind"]?.status).toBe("skipped");
    expect(harness.world.ofKind("email").map(({ effect }) => (effect.kind === "email" ? effect.subject : ""))).toEqual([
      "renewal for Customer acme failed",
    ]);
  });

  test("sees the step's own output", async () => {
    const seen: unknown[] = [];
    const { agents } = recording({
      undo: (request) => {
        seen.push(request.parameters["was"]);
        return answer({});
      },
    });
    const harness = await startHarness({ flows: [flow(steps, manual)], agents });
    await harness.engine.start(acme);
    await harness.engine.idle();
    expect(seen).toEqual([{}, { n: 1 }]);
  });

  test("a compensation that fails is reported, and the others go on", async () => {
    const tried: unknown[] = [];
    const { agents } = recording({
      undo: (request) => {
        tried.push(request.parameters["name"]);
        if (request.parameters["name"] === "two") throw new FailureError({ error: "Input.Invalid", cause: "can't" });
        return answer({});
      },
    });
    const harness = await startHarness({ flows: [flow(steps, manual)], agents });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    const state = await harness.engine.execution({ executionId });
    expect(tried).toEqual(["two", "one"]);
    expect(state.steps["two"]?.compensation).toMatchObject({ status: "failed", failure: { cause: "can't" } });
    expect(state.steps["one"]?.compensation?.status).toBe("succeeded");
  });

  test("its effects have a suffix of their own; what a redrive sends again is another generation", async () => {
    let isBroken = true;
    const taken: Compensation = { agent: "execution_agent", action: "notify", parameters: { to: "sorry@example.com" } };
    const { agents } = recording({
      break: () => {
        if (isBroken) throw new FailureError({ error: "Input.Invalid", cause: "broken" });
        return answer({});
      },
    });
    const definition = flow(
      [
        agentStep("tell", "notify", { compensate: taken }),
        agentStep("four", "break", { after: ["tell"], on_error: "compensate" }),
      ],
      manual,
    );
    const harness = await startHarness({ flows: [definition], agents });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    const mails = () => harness.world.ofKind("email").map(({ key }) => key);
    expect(mails()).toEqual([`${executionId}/tell/email`, `${executionId}/tell#compensation/email`]);
    isBroken = false;
    await harness.engine.redrive({ executionId, person: lead });
    await harness.engine.idle();
    expect(mails()).toContain(`${executionId}/tell/email#2`);
    expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
  });
});

describe("abort", () => {
  const steps = [
    agentStep("one", "noop", { compensate: undo("one") }),
    approvalStep("ask", { after: ["one"] }),
    agentStep("behind", "noop", { after: ["ask"] }),
  ];

  test.each([
    [false, []],
    [true, ["one"]],
  ])("with compensation %s it takes back %j", async (compensate, expected) => {
    const { agents, undone } = recording();
    const harness = await startHarness({ flows: [flow(steps, manual)], agents });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    expect(await harness.engine.abort({ executionId, person: outsider, compensate })).toMatchObject({
      kind: "refused",
      reason: "not_an_operator",
    });
    expect(await harness.engine.abort({ executionId, person: lead, compensate })).toMatchObject({ kind: "recorded" });
    await harness.engine.idle();
    const state = await harness.engine.execution({ executionId });
    expect(state).toMatchObject({ status: "aborted", stopping: { by: lead } });
    expect(state.steps["ask"]?.approval?.status).toBe("withdrawn");
    expect(state.steps["behind"]?.status).toBe("aborted");
    expect(undone).toEqual(expected);
    const vote = { executionId, stepId: "ask", version: 1, person: lead, decision: "approve" as const, reason: null };
    expect(await harness.engine.decide(vote)).toMatchObject({ kind: "refused", reason: "withdrawn" });
    expect(await harness.engine.abort({ executionId, person: lead, compensate })).toMatchObject({ kind: "refused" });
  });

  test("what is under way is cut off, and its late answer is not heard", async () => {
    const finish: (() => void)[] = [];
    const { agents } = recording({
      noop: () => new Promise((resolve) => finish.push(() => resolve(answer({ late: true })))),
    });
    const harness = await startHarness({ flows: [flow([agentStep("slow", "noop")], manual)], agents });
    const { executionId } = await harness.engine.start(acme);
    await expect.poll(() => finish.length).toBe(1);
    await harness.engine.abort({ executionId, person: null, compensate: false });
    for (const one of finish) one();
    await harness.engine.idle();
    const state = await harness.engine.execution({ executionId });
    expect(state).toMatchObject({ status: "aborted", steps: { slow: { status: "aborted", output: null } } });
  });

  test("an effect that arrives after it is noted all the same", async () => {
    const harness = await startHarness({ flows: [flow([agentStep("tell", "notify")], manual)] });
    const held = Promise.withResolvers<void>();
    harness.world.hold = (kind) => (kind === "email" ? held.promise : null);
    const { executionId } = await harness.engine.start(acme);
    await expect.poll(() => harness.world.ofKind("slack_message").length).toBe(1);
    await harness.engine.abort({ executionId, person: null, compensate: false });
    held.resolve();
    await harness.engine.idle();
    const state = await harness.engine.execution({ executionId });
    expect(state.status).toBe("aborted");
    expect(state.steps["tell"]?.effects?.map((effect) => effect.state.status)).toEqual(["performed", "performed"]);
  });

  test("many by a filter: each on its own, what can't be is told", async () => {
    const { agents } = recording();
    const harness = await startHarness({
      flows: [flow(steps, manual), flow(steps, { ...manual, flow_id: "other" })],
      agents,
    });
    const one = await harness.engine.start(acme);
    const two = await harness.engine.start({ ...acme, input: { customer_id: "beta" } });
    const three = await harness.engine.start({ ...acme, flowId: "other" });
    await harness.engine.idle();
    const answerOf = await harness.engine.abortAll({ filter: { flowId: "renewal" }, person: null, compensate: false });
    expect(answerOf.done.toSorted()).toEqual([one.executionId, two.executionId].toSorted());
    expect((await harness.engine.report(three)).header.status).toBe("running");
    await harness.engine.idle();
    const again = await harness.engine.redriveAll({ filter: { customerId: "beta" }, person: null });
    expect(again.done).toEqual([two.executionId]);
  });
});
