import { describe, expect, test } from "vitest";
import type { DecisionAnswer } from "../../src/engine/engine.ts";
import type { Person } from "../../src/flow/person.ts";
import { approvalStep, agentStep, flow, renewalFlow } from "./flows.ts";
import { startHarness, type Harness } from "./harness.ts";
import { customer } from "./scripted-agents.ts";
import { dana, lead, outsider, second } from "./world.ts";

const hour = 3_600_000;

async function asked(overrides: Parameters<typeof renewalFlow>[0] = {}, person: Person = outsider) {
  const harness = await startHarness({ flows: [renewalFlow(overrides)] });
  const started = await harness.engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person });
  await harness.engine.idle();
  return { harness, executionId: started.executionId };
}

function decide(
  harness: Harness,
  executionId: string,
  person: Person,
  decision: "approve" | "reject" = "approve",
  reason: string | null = null,
): Promise<DecisionAnswer> {
  return harness.engine.decide({ executionId, stepId: "approve", version: 1, person, decision, reason });
}

describe("an approval", () => {
  test("nothing leaves before it, everything planned leaves after it", async () => {
    const { harness, executionId } = await asked();
    expect(harness.world.effects).toEqual([]);
    expect(harness.world.card("approval")).toHaveLength(1);
    expect(harness.world.card("approval")[0]?.plans.map(({ stepId }) => stepId)).toEqual(["notify", "book"]);
    expect(await decide(harness, executionId, dana)).toEqual({ kind: "recorded", ended: true });
    await harness.engine.idle();
    expect(harness.world.effects.map(({ effect }) => effect.kind).toSorted()).toEqual([
      "calendar_event",
      "email",
      "slack_message",
    ]);
    const [card] = harness.world.card("approval");
    expect(card?.status).toBe("approved");
    expect(card?.votes[0]?.by).toEqual(dana);
    expect(card?.execution).toEqual({ status: "succeeded", outcome: "completed", stopped: null });
    expect(harness.logged).toEqual([]);
  });

  test("what was planned is what is performed, though the world has changed meanwhile", async () => {
    const { harness, executionId } = await asked();
    const planned = harness.world
      .card("approval")[0]
      ?.plans.flatMap(({ effects }) => effects.map(({ effect }) => effect));
    await harness.moveTo(harness.clock.now() + 5 * hour);
    await decide(harness, executionId, dana);
    await harness.engine.idle();
    expect(harness.world.effects.map(({ effect }) => effect)).toEqual(expect.arrayContaining(planned ?? []));
    expect(harness.world.effects).toHaveLength(planned?.length ?? 0);
  });

  test("a second press changes nothing and is told who decided and when", async () => {
    const { harness, executionId } = await asked();
    await decide(harness, executionId, dana);
    const again = await decide(harness, executionId, dana);
    const late = await decide(harness, executionId, lead, "reject", "no");
    expect(again).toMatchObject({ kind: "refused", reason: "already_decided" });
    expect(late).toMatchObject({
      kind: "refused",
      message: expect.stringMatching(/Dana Reyes approved this on .*Nothing changed/),
    });
    await harness.engine.idle();
    expect(harness.world.ofKind("email")).toHaveLength(1);
  });

  test("fifty presses at once count once", async () => {
    const { harness, executionId } = await asked();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => decide(harness, executionId, index % 2 === 0 ? dana : lead)),
    );
    expect(answers.filter(({ kind }) => kind === "recorded")).toHaveLength(1);
    await harness.engine.idle();
    expect(harness.world.effects).toHaveLength(3);
  });

  test("an outsider's press changes nothing and says who can", async () => {
    const { harness, executionId } = await asked({}, lead);
    const answer = await decide(harness, executionId, outsider);
    expect(answer).toMatchObject({ kind: "refused", reason: "not_an_approver" });
    expect(answer.kind === "refused" && answer.message).toContain("Dana Reyes or a RevOps lead");
  });

  test("the requester's press changes nothing, lead or not", async () => {
    const { harness, executionId } = await asked({}, lead);
    expect(await decide(harness, executionId, lead)).toMatchObject({ kind: "refused", reason: "requester" });
    expect(await decide(harness, executionId, dana)).toMatchObject({ kind: "recorded" });
  });

  test("a rejection needs its reason, and lets nothing out", async () => {
    const { harness, executionId } = await asked();
    expect(await decide(harness, executionId, dana, "reject", "  ")).toMatchObject({
      kind: "refused",
      reason: "reason_missing",
    });
    expect(await decide(harness, executionId, dana, "reject", "too early")).toEqual({ kind: "recorded", ended: true });
    await harness.engine.idle();
    expect(harness.world.effects).toEqual([]);
    const { header } = await harness.engine.report({ executionId });
    expect(header).toMatchObject({ status: "succeeded", outcome: "rejected", open: false });
    expect(harness.world.card("approval")[0]).toMatchObject({ status: "rejected", votes: [{ reason: "too early" }] });
  });

  test("a click after the timeout is told so, whether or not the timer has rung", async () => {
    const { harness, executionId } = await asked();
    const expiresAt = harness.world.card("approval")[0]?.expiresAt ?? 0;
    harness.clock.moveTo(expiresAt);
    const early = await decide(harness, executionId, dana);
    expect(early).toMatchObject({ kind: "refused", reason: "expired" });
    await harness.moveTo(expiresAt + hour);
    expect(await decide(harness, executionId, dana)).toMatchObject({ kind: "refused", reason: "expired" });
    const { header } = await harness.engine.report({ executionId });
    expect(header).toMatchObject({ status: "succeeded", outcome: "expired" });
    expect(harness.world.effects).toEqual([]);
  });

  test("a click on an older version of the card is told so", async () => {
    const { harness, executionId } = await asked();
    const answer = await harness.engine.decide({
      executionId,
      stepId: "approve",
      version: 0,
      person: dana,
      decision: "approve",
      reason: null,
    });
    expect(answer).toMatchObject({ kind: "refused", reason: "overtaken" });
  });

  test("two people of a quorum, one of them twice", async () => {
    const steps = [approvalStep("approve", { quorum: 2 }), agentStep("notify", "notify", { after: ["approve"] })];
    const harness = await startHarness({ flows: [flow(steps)] });
    const { executionId } = await harness.engine.start({
      flowId: "renewal",
      input: { customer_id: "acme" },
      person: null,
    });
    await harness.engine.idle();
    expect(await decide(harness, executionId, dana)).toEqual({ kind: "recorded", ended: false });
    expect(await decide(harness, executionId, dana)).toMatchObject({ kind: "refused", reason: "already_voted" });
    await harness.engine.idle();
    expect(harness.world.effects).toEqual([]);
    expect(await decide(harness, executionId, second)).toEqual({ kind: "recorded", ended: true });
    await harness.engine.idle();
    expect(harness.world.effects).toHaveLength(2);
  });

  test("nobody but the requester could decide: it fails by name", async () => {
    const steps = [approvalStep("approve", { approvers: ["${customer.csm_email}", "lead@example.com"] })];
    const harness = await startHarness({ flows: [flow(steps)], customers: [customer("acme")] });
    const { executionId } = await harness.engine.start({
      flowId: "renewal",
      input: { customer_id: "acme" },
      person: lead,
    });
    await harness.engine.idle();
    const report = await harness.engine.report({ executionId });
    expect(report.header.status).toBe("failed");
    expect(report.failure).toMatch(/^Approval.NoApprover: approve needs 1 to approve/);
    expect(harness.world.card("failure")).toHaveLength(1);
  });

  test("below the threshold nobody is asked and nothing leaves", async () => {
    const harness = await startHarness({ flows: [renewalFlow()], customers: [customer("acme", { nps: 10 })] });
    const { executionId } = await harness.engine.start({
      flowId: "renewal",
      input: { customer_id: "acme" },
      person: null,
    });
    await harness.engine.idle();
    const report = await harness.engine.report({ executionId });
    expect(report.header).toMatchObject({ status: "succeeded", outcome: "nothing_to_do", open: false });
    expect(report.steps.map(({ status, skipped }) => [status, skipped])).toEqual([
      ["succeeded", null],
      ["succeeded", null],
      ["skipped", "condition"],
      ["skipped", "upstream"],
      ["skipped", "upstream"],
    ]);
    expect(harness.world.posts).toEqual([]);
  });

  test("every start, decision and refusal is in the audit", async () => {
    const { harness, executionId } = await asked({}, lead);
    await harness.moveTo(harness.clock.now() + 1_000);
    await decide(harness, executionId, outsider);
    await harness.moveTo(harness.clock.now() + 1_000);
    await decide(harness, executionId, dana);
    const { items } = await harness.store.listAudit({ limit: 100, executionId });
    expect(items.map(({ action, person }) => [action, person?.user_id])).toEqual([
      ["start", "ULEAD"],
      ["refuse", "UOUT"],
      ["approve", "UDANA"],
    ]);
  });
});
