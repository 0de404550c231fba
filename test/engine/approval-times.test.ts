/** What time does to an approval that nobody decides: reminders, hand-overs, the end. */
import { describe, expect, test } from "vitest";
import type { Person } from "../../src/flow/person.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";
import { kill, startHarness } from "./harness.ts";
import { dana, lead, outsider, second } from "./world.ts";

const hour = 3_600_000;
const day = 24 * hour;
const toLead = { after_ms: day, to: ["role:revops_lead"] };
const byDana = { approvers: ["dana@example.com"] };

function timedFlow(overrides: Parameters<typeof approvalStep>[1]) {
  return flow([approvalStep("approve", overrides), agentStep("notify", "notify", { after: ["approve"] })], {
    triggers: [],
  });
}

async function asked(overrides: Parameters<typeof approvalStep>[1], person: Person = outsider) {
  const store = new MemoryStateStore();
  const flows = [timedFlow(overrides)];
  const harness = await startHarness({ flows, store });
  const start = harness.clock.now();
  const { executionId } = await harness.engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person });
  await harness.engine.idle();
  const after = (ms: number) => harness.moveTo(start + ms);
  const card = () => harness.world.card("approval")[0];
  const approve = (by: Person) => {
    const decision = { stepId: "approve", version: 1, person: by, decision: "approve", reason: null } as const;
    return harness.engine.decide({ executionId, ...decision });
  };
  const header = async () => (await harness.engine.report({ executionId })).header;
  return { harness, store, flows, start, after, card, approve, header };
}

describe("remind_after", () => {
  test("edits the same card, and tells those who are waited for once, in its thread", async () => {
    const { harness, start, after, card } = await asked({ remind_after_ms: 4 * hour });
    expect(card()).toMatchObject({ remindAt: start + 4 * hour, remindedAt: null });
    await after(4 * hour);
    expect(card()).toMatchObject({ remindAt: null, remindedAt: start + 4 * hour });
    await after(2 * day);
    expect(harness.world.posts).toHaveLength(1);
    expect(harness.world.card("note")).toMatchObject([{ note: { type: "reminded" } }]);
  });

  test("what was said when it came stays as it was, whatever comes later", async () => {
    const { harness, after, approve } = await asked({ remind_after_ms: 4 * hour, ...byDana, escalate: toLead });
    await after(4 * hour);
    await after(day);
    await approve(dana);
    await harness.engine.idle();
    const notes = [...harness.world.cards.values()].filter(({ card }) => card.kind === "note");
    expect(notes.map(({ card, edits }) => [card.kind === "note" && card.note.type, edits])).toEqual([
      ["reminded", 0],
      ["escalated", 0],
    ]);
  });

  test("a decision before it: nobody is reminded", async () => {
    const { harness, after, approve } = await asked({ remind_after_ms: 4 * hour });
    await approve(dana);
    await after(5 * hour);
    expect(harness.world.card("note")).toEqual([]);
  });
});

describe("escalate", () => {
  test("after its time the others may decide too, and the first ones still", async () => {
    const { after, card, approve, start } = await asked({ ...byDana, escalate: toLead });
    expect(card()).toMatchObject({
      escalateAt: start + day,
      escalateTo: ["a RevOps lead"],
      waitingFor: ["Dana Reyes"],
    });
    expect(await approve(lead)).toMatchObject({ reason: "not_an_approver" });
    await after(day);
    expect(card()).toMatchObject({ escalateAt: null, waitingFor: ["Dana Reyes", "a RevOps lead"] });
    expect(await approve(dana)).toEqual({ kind: "recorded", ended: true });
  });

  test("nobody but the requester could decide: it goes there at once", async () => {
    const { card, approve, harness } = await asked({ ...byDana, escalate: toLead }, dana);
    expect(card()).toMatchObject({ waitingFor: ["a RevOps lead"], escalated: { reason: "no_approver" } });
    const called = { waitingFor: [{ label: "a RevOps lead" }], requesterId: dana.user_id };
    expect(harness.world.card("note")).toMatchObject([
      { note: { type: "escalated", reason: "no_approver", ...called } },
    ]);
    expect(await approve(dana)).toMatchObject({ kind: "refused", reason: "requester" });
    expect(await approve(lead)).toEqual({ kind: "recorded", ended: true });
  });

  test("the quorum can't be reached among the first: it goes there at once; if not there either, it fails by name", async () => {
    const reached = await asked({ ...byDana, quorum: 2, escalate: toLead });
    expect(reached.card()).toMatchObject({ waitingFor: ["a RevOps lead"] });
    const never = await asked({ ...byDana, quorum: 3, escalate: toLead });
    expect(await never.header()).toMatchObject({ status: "failed" });
    expect(never.harness.world.card("failure")).toMatchObject([{ failure: { error: "Approval.NoApprover" } }]);
  });
});

describe("on_timeout: escalate", () => {
  const overrides = {
    ...byDana,
    timeout_ms: day,
    on_timeout: "escalate" as const,
    escalate: { ...toLead, after_ms: null },
  };

  test("hands over for one more timeout, then expires", async () => {
    const { start, after, card, approve, header } = await asked(overrides);
    await after(day);
    expect(card()).toMatchObject({ status: "pending", waitingFor: ["a RevOps lead"], expiresAt: start + 2 * day });
    expect(await approve(dana)).toMatchObject({ kind: "refused", reason: "not_an_approver" });
    await after(2 * day);
    expect(card()).toMatchObject({ status: "expired" });
    expect(await header()).toMatchObject({ outcome: "expired" });
  });

  test("in the second time the others decide", async () => {
    const { after, approve, header, harness } = await asked(overrides);
    await after(day + hour);
    expect(await approve(second)).toEqual({ kind: "recorded", ended: true });
    await harness.engine.idle();
    expect(await header()).toMatchObject({ outcome: "completed" });
  });
});

test("after a downtime: what fell due meanwhile happens once, and a reminder that comes too late doesn't", async () => {
  const times = { remind_after_ms: hour, timeout_ms: 3 * day, escalate: toLead, ...byDana };
  const { harness, store, flows, start } = await asked(times);
  await kill(harness);
  const { world, clock } = harness;
  clock.moveTo(start + 2 * day);
  const next = await startHarness({ flows, store, world, clock, seed: 4 });
  await next.engine.idle();
  expect(world.card("approval")[0]).toMatchObject({ waitingFor: ["Dana Reyes", "a RevOps lead"], status: "pending" });
  expect(world.replies.filter((key) => /reminder|escalation/.test(key))).toHaveLength(2);
  await kill(next);
  clock.moveTo(start + 4 * day);
  const last = await startHarness({ flows, store, world, clock, seed: 5 });
  await last.engine.idle();
  expect(world.card("approval")[0]).toMatchObject({ status: "expired" });
  expect(last.logged).toEqual([]);
});

test("each reminder, hand-over and edit costs two writes (D6)", async () => {
  const { harness, after } = await asked({ remind_after_ms: hour, escalate: toLead, ...byDana });
  const entries = async () => {
    const [header] = (await harness.store.list({ filter: {}, limit: 1 })).items;
    return (await harness.log(header?.execution_id ?? "")).length;
  };
  const before = await entries();
  await after(2 * hour);
  expect(await entries()).toBe(before + 2);
  await after(2 * day);
  expect(await entries()).toBe(before + 4);
});
