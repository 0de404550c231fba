/** Snooze and Dismiss on the engine: what becomes of the approval, who may, second presses, and what comes after. */
import { expect, test } from "vitest";
import { trackCase } from "../../src/agents/local/cases/track-case.ts";
import { CaseRecords } from "../../src/engine/case-records.ts";
import type { Person } from "../../src/flow/person.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { caseFlow } from "./case-flow.ts";
import { agentStep } from "./flows.ts";
import { startHarness } from "./harness.ts";
import { answer, scriptedAgents } from "./scripted-agents.ts";
import { dana, lead, outsider } from "./world.ts";

const hour = 3_600_000;
const dayMs = 24 * hour;
const flows = [
  caseFlow({
    score: "score",
    approval: { remind_after_ms: 4 * hour },
    behind: [agentStep("notify", "notify", { after: ["approve"] })],
  }),
];

async function asked() {
  const store = new MemoryStateStore();
  const cases = new CaseRecords(store);
  const risk = { score: 0.75 };
  const agents = scriptedAgents({
    assess: () => answer({ score: risk.score }),
    track_case: (request) => trackCase({ cases }).invoke(request),
  });
  const harness = await startHarness({ flows, store, agents });
  const { engine, clock, world } = harness;
  const assess = async () => {
    const { executionId } = await engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person: null });
    await engine.idle();
    return executionId;
  };
  const executionId = await assess();
  const subject = { approval: { executionId, stepId: "approve", version: 1 } };
  const snooze = (person: Person, days = 3) => {
    const until = clock.now() + days * dayMs;
    return engine.setAside({ subject, person, aside: { kind: "snooze", until }, reason: "talks go on" });
  };
  const dismiss = (person: Person) =>
    engine.setAside({ subject, person, aside: { kind: "dismiss", why: "known" }, reason: null });
  const nextDay = async () => {
    await harness.moveTo(clock.now() + dayMs);
    await assess();
    return world.card("approval").length;
  };
  const record = async () => {
    const found = await store.getCase({ caseId: "renewal_risk:acme" });
    if (found === null) throw new Error("There is no case.");
    return found;
  };
  const audit = async () => (await store.listAudit({ limit: 100 })).items;
  return { harness, risk, subject, executionId, snooze, dismiss, nextDay, record, audit };
}

test("a snooze answers the approval: nothing goes out, no reminder comes, the card and the audit say who and why", async () => {
  const { harness, executionId, snooze, record, audit } = await asked();
  expect(await snooze(dana)).toEqual({ kind: "recorded", ended: true });
  await harness.moveTo(harness.clock.now() + 5 * hour);
  expect(harness.world.effects).toEqual([]);
  expect(harness.world.card("note")).toEqual([]);
  const [card] = harness.world.card("approval");
  expect(card).toMatchObject({
    status: "rejected",
    votes: [{ by: dana, aside: { kind: "snooze" }, reason: "talks go on" }],
  });
  expect(await record()).toMatchObject({ status: "snoozed", snooze: { by: dana, reason: "talks go on" } });
  const said = (await audit()).filter(({ action }) => action === "snooze" || action === "reject");
  expect(said.map(({ action, person }) => [action, person?.name])).toEqual([
    ["reject", "Dana Reyes"],
    ["snooze", "Dana Reyes"],
  ]);
  const { lines } = await harness.engine.history({ executionId });
  expect(lines.map(({ text }) => text).join("\n")).toContain("Dana Reyes snoozed approve, because: talks go on.");
});

test("silent until its end, then asked again; dismissed, never again but for worse", async () => {
  const { snooze, nextDay, harness, risk } = await asked();
  await snooze(dana);
  expect([await nextDay(), await nextDay(), await nextDay()]).toEqual([1, 1, 2]);
  const second = harness.world.card("approval").find(({ status }) => status === "pending");
  const subject = { approval: { executionId: second?.executionId ?? "", stepId: "approve", version: 1 } };
  const aside = { kind: "dismiss", why: "not_a_risk" } as const;
  expect(await harness.engine.setAside({ subject, person: lead, aside, reason: null })).toMatchObject({
    kind: "recorded",
  });
  expect([await nextDay(), await nextDay()]).toEqual([2, 2]);
  risk.score = 0.86;
  expect(await nextDay()).toBe(3);
});

test("who may not decide may not set aside, before and after; nothing changes but the audit", async () => {
  const { harness, subject, snooze, dismiss, record, audit } = await asked();
  const may = await harness.engine.maySetAside({ subject, person: outsider });
  expect(may).toMatchObject({ kind: "refused", reason: "not_an_approver" });
  expect(await snooze(outsider)).toMatchObject({ kind: "refused", reason: "not_an_approver" });
  expect(await record()).toMatchObject({ status: "open", version: 1 });
  await harness.engine.decide({ ...subject.approval, person: dana, decision: "approve", reason: null });
  await harness.engine.idle();
  const { version } = await record();
  const aside = { kind: "dismiss", why: "known" } as const;
  const listed = { subject: { caseId: "renewal_risk:acme", version }, aside, reason: null };
  expect(await harness.engine.setAside({ ...listed, person: outsider })).toMatchObject({ reason: "not_an_operator" });
  expect((await audit()).filter(({ action }) => action === "refuse")).toHaveLength(3);
  expect(await dismiss(lead)).toMatchObject({
    reason: "already_decided",
    message: expect.stringMatching(/^Dana Reyes approved/),
  });
  expect(await harness.engine.setAside({ ...listed, person: dana })).toMatchObject({ kind: "recorded" });
});

test("a press on the old card after a snooze: who was faster, until when and why; nothing changes", async () => {
  const { harness, snooze, dismiss, record } = await asked();
  await snooze(dana);
  await harness.engine.idle();
  const stands = await record();
  for (const person of [dana, lead]) {
    const message = expect.stringMatching(/^Dana Reyes snoozed this until .*: talks go on\. Nothing changed\.$/);
    expect(await dismiss(person)).toMatchObject({ kind: "refused", reason: "overtaken", message });
  }
  expect(await record()).toEqual(stands);
});

test("killed between the vote and the case: the same person says it again, and the case hears it", async () => {
  const { harness, subject, snooze, record } = await asked();
  const aside = { kind: "snooze", until: harness.clock.now() + dayMs } as const;
  const putCase = harness.store.putCase.bind(harness.store);
  harness.store.putCase = () => Promise.reject(new Error("killed"));
  const word = { subject, person: dana, aside, reason: "talks go on" };
  await expect(harness.engine.setAside(word)).rejects.toThrow("killed");
  harness.store.putCase = putCase;
  await harness.engine.idle();
  expect(await record()).toMatchObject({ status: "open" });
  expect(await snooze(lead)).toMatchObject({ kind: "refused", message: expect.stringMatching(/^Dana Reyes snoozed/) });
  expect(await harness.engine.setAside(word)).toMatchObject({ kind: "recorded" });
  expect(await record()).toMatchObject({ status: "snoozed" });
});

test("two people at once, and a second press: one is heard, the other is told who was faster", async () => {
  const { snooze, dismiss, record } = await asked();
  const answers = await Promise.all([snooze(dana), dismiss(lead)]);
  expect(answers.map(({ kind }) => kind)).toEqual(["recorded", "refused"]);
  expect(answers[1]).toMatchObject({ message: expect.stringMatching(/^Dana Reyes snoozed /) });
  expect(await record()).toMatchObject({ status: "snoozed" });
});

test("a card in Slack that is overtaken, a closed case, a bad date: a truthful sentence, no vote", async () => {
  const { harness, subject, snooze, record, executionId } = await asked();
  const { engine } = harness;
  expect(await snooze(dana, -1)).toMatchObject({ kind: "refused", reason: "bad_date" });
  expect(await snooze(dana, 400)).toMatchObject({ kind: "refused", reason: "bad_date" });
  const listed = { caseId: "renewal_risk:acme", version: (await record()).version };
  await snooze(dana);
  const aside = { kind: "dismiss", why: "known" } as const;
  const stale = await engine.setAside({ subject: listed, person: dana, aside, reason: null });
  expect(stale).toMatchObject({
    kind: "refused",
    reason: "overtaken",
    message: expect.stringContaining("talks go on"),
  });
  const now = { ...listed, version: (await record()).version };
  expect(await engine.setAside({ subject: now, person: dana, aside, reason: null })).toMatchObject({
    kind: "recorded",
  });
  const nothing = await engine.setAside({
    subject: { caseId: "churn_risk:acme", version: 1 },
    person: dana,
    aside,
    reason: null,
  });
  expect(nothing).toMatchObject({ kind: "refused", reason: "no_case" });
  expect((await engine.execution({ executionId })).steps["approve"]?.approval?.votes).toHaveLength(1);
  expect(subject.approval.executionId).toBe(executionId);
});

test("the lists: by owner, by status, those with most at stake first", async () => {
  const { harness, snooze } = await asked();
  const { engine } = harness;
  expect((await engine.cases({ limit: 5 })).items).toMatchObject([{ customer: { id: "acme" }, status: "open" }]);
  await snooze(dana);
  expect(await engine.cases({ status: "open", limit: 5 })).toEqual({ items: [], total: 0 });
  expect((await engine.cases({ owner: "DANA@example.com", limit: 5 })).total).toBe(1);
  expect((await engine.cases({ owner: "nobody@example.com", limit: 5 })).total).toBe(0);
});
