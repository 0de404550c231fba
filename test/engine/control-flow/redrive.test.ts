/** What a redrive starts again and what it keeps; a flow's own timeout. */
import { describe, expect, test } from "vitest";
import { FailureError } from "../../../src/flow/failure.ts";
import type { InputField } from "../../../src/flow/flow.ts";
import { agentStep, approvalStep, flow } from "../flows.ts";
import { startHarness } from "../harness.ts";
import { answer, scriptedAgents } from "../scripted-agents.ts";
import { lead } from "../world.ts";

const manual = { triggers: [] };
const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };
const text: InputField = { type: "string", enum: null, required: true, default: null, description: null };

function counted() {
  const calls: Record<string, number> = {};
  const agents = scriptedAgents({
    noop: (request) => {
      calls[request.context.stepId] = (calls[request.context.stepId] ?? 0) + 1;
      if (request.parameters["word"] === "wrong") throw new FailureError({ error: "Input.Invalid", cause: "wrong" });
      return answer(request.parameters);
    },
  });
  return { agents, calls };
}

describe("redrive", () => {
  const steps = [
    agentStep("one", "noop"),
    agentStep("aside", "noop"),
    agentStep("two", "noop", { after: ["one"], parameters: { word: "${input.word}" } }),
    agentStep("three", "noop", { after: ["two"] }),
  ];
  const definition = flow(steps, { ...manual, input: { customer_id: text, word: text } });
  const wrong = { ...acme, input: { customer_id: "acme", word: "wrong" } };

  test("with another input: whatever reads it starts again, the rest is kept", async () => {
    const { agents, calls } = counted();
    const harness = await startHarness({ flows: [definition], agents });
    const { executionId } = await harness.engine.start(wrong);
    await harness.engine.idle();
    const redriven = await harness.engine.redrive({ executionId, person: lead, input: { word: "right" } });
    expect(redriven).toEqual({ kind: "recorded", ended: true, restarts: ["two", "three"], keeps: ["one", "aside"] });
    await harness.engine.idle();
    const state = await harness.engine.execution({ executionId });
    expect(state).toMatchObject({ status: "succeeded", input: { word: "right", customer_id: "acme" } });
    expect(calls).toEqual({ one: 1, aside: 1, two: 2, three: 1 });
  });

  test("from a chosen step, also after an end that went well", async () => {
    const { agents, calls } = counted();
    const harness = await startHarness({ flows: [definition], agents });
    const { executionId } = await harness.engine.start({ ...wrong, input: { ...wrong.input, word: "right" } });
    await harness.engine.idle();
    expect(await harness.engine.redrive({ executionId, person: lead })).toMatchObject({ kind: "refused" });
    expect(await harness.engine.redrive({ executionId, person: lead, from: "two" })).toMatchObject({
      restarts: ["two", "three"],
    });
    await harness.engine.idle();
    expect(calls).toEqual({ one: 1, aside: 1, two: 2, three: 2 });
  });

  test("a step, an input or a customer that it can't have is refused with the nearest right name", async () => {
    const harness = await startHarness({ flows: [definition] });
    const { executionId } = await harness.engine.start({ ...wrong, input: { ...wrong.input, word: "right" } });
    await harness.engine.idle();
    const redrive = (with_: object) => harness.engine.redrive({ executionId, person: lead, ...with_ });
    await expect(redrive({ from: "tow" })).rejects.toMatchObject({ suggestion: "two" });
    await expect(redrive({ input: { wodr: "x" } })).rejects.toMatchObject({ suggestion: "word" });
    await expect(redrive({ input: { customer_id: "beta" } })).rejects.toThrow(/keeps its customer/);
  });

  test("asks an approval again only if what was approved has changed", async () => {
    let score = 1;
    const agents = scriptedAgents({ assess: () => answer({ score }) });
    const approved = flow(
      [
        agentStep("assess", "assess"),
        approvalStep("ask", { after: ["assess"] }),
        agentStep("tell", "notify", { after: ["ask"] }),
      ],
      manual,
    );
    const harness = await startHarness({ flows: [approved], agents });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    const vote = { executionId, stepId: "ask", version: 1, person: lead, decision: "approve" as const, reason: null };
    await harness.engine.decide(vote);
    await harness.engine.idle();
    expect(harness.world.effects).toHaveLength(2);

    await harness.engine.redrive({ executionId, person: lead, from: "assess" });
    await harness.engine.idle();
    expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");

    score = 2;
    await harness.engine.redrive({ executionId, person: lead, from: "assess" });
    await harness.engine.idle();
    const state = await harness.engine.execution({ executionId });
    expect(state).toMatchObject({ status: "running", steps: { ask: { approval: { status: "pending", version: 2 } } } });
    expect(await harness.engine.decide(vote)).toMatchObject({ kind: "refused", reason: "overtaken" });
    await harness.engine.decide({ ...vote, version: 2 });
    await harness.engine.idle();
    expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
    // E1: what happened stays; to send again is a person's choice.
    expect(harness.world.effects).toHaveLength(2);
  });
});

describe("a flow's timeout", () => {
  test("ends it, withdraws its approval, tells by mail and by a card that offers Redrive", async () => {
    const hour = 3_600_000;
    const definition = flow([approvalStep("ask"), agentStep("tell", "notify", { after: ["ask"] })], {
      ...manual,
      timeout_ms: 2 * hour,
      failure_notification: "ops@example.com",
    });
    const harness = await startHarness({ flows: [definition] });
    const start = harness.clock.now();
    const { executionId } = await harness.engine.start(acme);
    await harness.moveTo(start + 2 * hour);
    const state = await harness.engine.execution({ executionId });
    expect(state).toMatchObject({ status: "timed_out", steps: { ask: { approval: { status: "withdrawn" } } } });
    expect(harness.world.ofKind("email").map(({ effect }) => (effect.kind === "email" ? effect.subject : ""))).toEqual([
      "renewal for Customer acme ran out of time",
    ]);
    expect(harness.world.card("failure")).toMatchObject([{ failure: { error: "Step.Timeout" } }]);
    await harness.engine.redrive({ executionId, person: lead });
    await harness.moveTo(start + 3 * hour);
    expect((await harness.engine.report({ executionId })).header.status).toBe("running");
    await harness.moveTo(start + 4 * hour);
    expect((await harness.engine.report({ executionId })).header.status).toBe("timed_out");
  });
});
