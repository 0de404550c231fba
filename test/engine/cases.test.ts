/** Cases in flows: a later assessment of the same is shown on the card that stands; nothing is asked or counted twice. */
import { expect, test } from "vitest";
import { trackCase } from "../../src/agents/local/cases/track-case.ts";
import { CaseRecords } from "../../src/engine/case-records.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { faultyStore } from "../state/faulty-store.ts";
import { caseFlow } from "./case-flow.ts";
import { agentStep } from "./flows.ts";
import { kill, startHarness, type Harness } from "./harness.ts";
import { answer, scriptedAgents } from "./scripted-agents.ts";
import { dana, lead } from "./world.ts";

const dayMs = 86_400_000;
const flows = [
  caseFlow({
    score: "score",
    approval: { timeout_ms: 2 * dayMs },
    behind: [agentStep("notify", "notify", { after: ["approve"] })],
  }),
];

/** The score is what `risk` says when it is assessed. */
async function days(store = new MemoryStateStore(), given: Partial<Parameters<typeof startHarness>[0]> = {}) {
  const risk = { score: 0.75 as number | null };
  const cases = new CaseRecords(store);
  const agents = scriptedAgents({
    assess: () => answer({ score: risk.score }),
    track_case: (request) => trackCase({ cases }).invoke(request),
  });
  const harness = await startHarness({ flows, store, agents, ...given });
  return { harness, risk, cases, store, agents };
}

async function assess(harness: Harness): Promise<string> {
  const { engine } = harness;
  const started = await engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person: null });
  await engine.idle();
  return started.executionId;
}

async function nextDay(harness: Harness): Promise<void> {
  await harness.moveTo(harness.clock.now() + dayMs);
}

const approval = { stepId: "approve", version: 1, decision: "approve", reason: null } as const;

test("the same risk on later days edits the card that stands, and posts none", async () => {
  const { harness, risk } = await days();
  const first = await assess(harness);
  await harness.engine.decide({ executionId: first, ...approval, person: dana });
  await harness.engine.idle();
  for (const score of [0.76, 0.8]) {
    await nextDay(harness);
    risk.score = score;
    await assess(harness);
  }
  const cards = harness.world.card("approval");
  expect(cards).toHaveLength(1);
  expect(cards[0]).toMatchObject({
    executionId: first,
    caseNote: { transition: "unchanged", day: 3, score: 0.8, opened_score: 0.75, alert: false },
  });
});

test("becoming worse asks on a new card, and the old one says so; recovery closes with a note", async () => {
  const { harness, risk, store } = await days();
  const first = await assess(harness);
  await harness.engine.decide({ executionId: first, ...approval, person: dana });
  risk.score = 0.9;
  await nextDay(harness);
  const second = await assess(harness);
  await harness.engine.decide({ executionId: second, ...approval, person: lead });
  await harness.engine.idle();
  const of = (id: string) => harness.world.card("approval").find(({ executionId }) => executionId === id);
  expect(of(first)).toMatchObject({ caseNote: { transition: "worsened", alert: true, score: 0.9 } });
  risk.score = 0.3;
  for (let day = 0; day < 3; day += 1) {
    await nextDay(harness);
    await assess(harness);
  }
  expect(of(second)).toMatchObject({ caseNote: { transition: "recovered", note: expect.stringContaining("0.60") } });
  const { items } = await store.listAudit({ limit: 100 });
  const told = items.map(({ action }) => action).filter((action) => action.startsWith("case_"));
  expect(told).toEqual(["case_opened", "case_worsened", "case_recovered"]);
});

test("a card that nobody answered is asked again; one that was rejected isn't", async () => {
  const { harness } = await days();
  await assess(harness);
  await harness.moveTo(harness.clock.now() + 3 * dayMs);
  const second = await assess(harness);
  expect(harness.world.card("approval")).toHaveLength(2);
  const rejection = { ...approval, decision: "reject", reason: "known" } as const;
  await harness.engine.decide({ executionId: second, ...rejection, person: dana });
  await nextDay(harness);
  await assess(harness);
  expect(harness.world.card("approval")).toHaveLength(2);
});

test("the process dies at any write: the case is opened once, the next day counts once, and the card says so", async () => {
  for (let fail = 1; fail <= 40; fail += 1) {
    const bare = new MemoryStateStore();
    const store = faultyStore({
      store: bare,
      fail: ({ number }) => (number === fail ? (fail % 2 ? "before" : "after") : null),
    });
    const { harness, agents, risk } = await days(bare, { store: store });
    const run = async (each: Harness) => {
      await assess(each);
      const [card] = each.world.card("approval");
      if (card) await each.engine.decide({ executionId: card.executionId, ...approval, person: dana });
      await nextDay(each);
      risk.score = 0.76;
      await assess(each);
    };
    await Promise.race([run(harness), store.death]);
    await kill(harness);
    const { world, clock } = harness;
    const again = await startHarness({ flows, store: bare, agents, world, clock, seed: 2 });
    await again.engine.idle();
    const { items } = await bare.listAudit({ limit: 100 });
    const opened = items.filter(({ action }) => action === "case_opened");
    const record = await bare.getCase({ caseId: "renewal_risk:acme" });
    expect(opened.length, `write ${fail}`).toBe(record === null ? 0 : 1);
    const keys = (record?.findings ?? []).map(({ key }) => key);
    expect(keys, `write ${fail}`).toEqual([...new Set(keys)]);
    if (!store.crashed()) break;
  }
});

test("two processes assess at once: one opens it and asks", async () => {
  const store = new MemoryStateStore();
  const one = await days(store);
  const assessment = (key: string) => ({
    key,
    executionId: key,
    at: one.harness.clock.now(),
    today: "2026-11-02",
    reason: "renewal_risk" as const,
    customer: { id: "acme", name: "Acme", owner: null, arr: null, currency: null, renewal_date: null },
    hasChurned: false,
    score: 0.8,
    isCertain: true,
    enter: 0.7,
    exit: 0.6,
    days: 3,
    step: 0.1,
    asked: false,
  });
  const found = await Promise.all(["a", "b", "c"].map((key) => new CaseRecords(store).observe(assessment(key))));
  expect(found.filter((finding) => finding?.alert === "opened")).toHaveLength(1);
  expect(found.filter((finding) => finding?.alert === null)).toHaveLength(2);
  const again = await Promise.all(["a", "b", "c"].map((key) => one.cases.observe(assessment(key))));
  expect(again).toEqual(found);
  expect((await store.getCase({ caseId: "renewal_risk:acme" }))?.revision).toBe(3);
});
