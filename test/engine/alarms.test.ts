/** Which factor raised how many alarms, and what did people say of them, wherever they said it? */
import { expect, test } from "vitest";
import { trackCase } from "../../src/agents/local/cases/track-case.ts";
import { readAlarms } from "../../src/engine/alarms.ts";
import { CaseRecords } from "../../src/engine/case-records.ts";
import { caseId, type SetAside } from "../../src/flow/case.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { caseFlow } from "./case-flow.ts";
import { startHarness } from "./harness.ts";
import { answer, scriptedAgents } from "./scripted-agents.ts";
import { dana } from "./world.ts";

const dayMs = 86_400_000;
const flows = [caseFlow({ score: "risk_score", approval: { timeout_ms: 2 * dayMs } })];

type Reason = { factor: string; points: number };

async function asking() {
  const store = new MemoryStateStore();
  const risk: { output: { model: string; risk_score: number; reasons: Reason[] } } = {
    output: { model: "renewal_risk_v2", risk_score: 0.8, reasons: [] },
  };
  const agents = scriptedAgents({
    assess: () => answer(structuredClone(risk.output)),
    track_case: (request) => trackCase({ cases: new CaseRecords(store) }).invoke(request),
  });
  const harness = await startHarness({ flows, store, agents });
  const { engine } = harness;
  return {
    harness,
    store,
    /** An execution about a customer whose risk has these reasons; gives its id. */
    ask: async (customer_id: string, reasons: Reason[], risk_score = 0.8) => {
      risk.output = { ...risk.output, risk_score, reasons };
      const { executionId } = await engine.start({ flowId: "renewal", input: { customer_id }, person: null });
      await engine.idle();
      return executionId;
    },
    decide: (executionId: string, decision: "approve" | "reject") =>
      engine.decide({ executionId, stepId: "approve", version: 1, decision, reason: "so", person: dana }),
    setAside: (executionId: string, aside: SetAside) =>
      engine.setAside({
        subject: { approval: { executionId, stepId: "approve", version: 1 } },
        person: dana,
        aside,
        reason: "so",
      }),
    /** Of the customer's case itself, after the decision. */
    setCaseAside: async (customerId: string, aside: SetAside) => {
      const id = caseId({ reason: "renewal_risk", customerId });
      const record = await store.getCase({ caseId: id });
      const subject = { caseId: id, version: record?.version ?? 0 };
      return engine.setAside({ subject, person: dana, aside, reason: "so" });
    },
  };
}

const use = { factor: "seat_use", points: 0.9 };
const csat = { factor: "csat", points: 0.4 };
const champion = { factor: "champion", points: -0.9 };
const none = {
  approved: 0,
  rejected: 0,
  known: 0,
  wrong_data: 0,
  not_a_risk: 0,
  snoozed: 0,
  unanswered: 0,
  waiting: 0,
};

test("each word counts once, for the factor that weighed most", async () => {
  const { harness, store, ask, decide, setAside, setCaseAside } = await asking();
  const { engine, clock } = harness;
  const approved = await ask("acme", [csat, use, champion]);
  await decide(approved, "approve");
  await engine.idle();
  const wrong = await ask("beta", [csat]);
  expect(await setAside(wrong, { kind: "dismiss", why: "wrong_data" })).toMatchObject({ kind: "recorded" });
  await engine.idle();
  const found = await readAlarms(store, { since: 0 });
  expect(found.factors).toEqual([
    { model: "renewal_risk_v2", factor: "csat", alarms: 1, ...none, wrong_data: 1 },
    { model: "renewal_risk_v2", factor: "seat_use", alarms: 1, ...none, approved: 1 },
  ]);
  // Said after the decision, of the case: it takes the place of what was decided.
  expect(await setCaseAside("acme", { kind: "snooze", until: clock.now() + 7 * dayMs })).toMatchObject({
    kind: "recorded",
  });
  expect((await readAlarms(store, { since: 0 })).factors).toEqual(found.factors);
  expect(await setCaseAside("acme", { kind: "dismiss", why: "not_a_risk" })).toMatchObject({ kind: "recorded" });
  const later = await readAlarms(store, { since: 0 });
  expect(later.factors[1]).toEqual({ model: "renewal_risk_v2", factor: "seat_use", alarms: 1, ...none, not_a_risk: 1 });
});

test("an alarm that waits, and one that nobody answered, are no false alarms and none that were right", async () => {
  const { harness, store, ask } = await asking();
  await ask("acme", [use]);
  expect((await readAlarms(store, { since: 0 })).factors).toMatchObject([{ alarms: 1, waiting: 1 }]);
  await harness.moveTo(harness.clock.now() + 3 * dayMs);
  expect((await readAlarms(store, { since: 0 })).factors).toMatchObject([{ alarms: 1, waiting: 0, unanswered: 1 }]);
});

test("who was never asked about isn't counted: no alert, no reason that raises, or before the span", async () => {
  const { harness, store, ask, decide } = await asking();
  await ask("acme", [use], 0.2);
  await decide(await ask("beta", [champion]), "reject");
  const before = harness.clock.now() + 1;
  expect(await readAlarms(store, { since: 0 })).toEqual({ executions: 2, cut: false, unreadable: [], factors: [] });
  expect(await readAlarms(store, { since: before })).toEqual({
    executions: 0,
    cut: false,
    unreadable: [],
    factors: [],
  });
});

test("a log that can't be read is named, and the others count", async () => {
  const { store, ask, decide } = await asking();
  const bad = await ask("acme", [use]);
  await decide(await ask("beta", [use]), "reject");
  const readLog = store.readLog.bind(store);
  store.readLog = (asked) => (asked.executionId === bad ? Promise.reject(new Error("torn")) : readLog(asked));
  expect(await readAlarms(store, { since: 0 })).toMatchObject({
    executions: 1,
    unreadable: [bad],
    factors: [{ factor: "seat_use", alarms: 1, rejected: 1 }],
  });
});
