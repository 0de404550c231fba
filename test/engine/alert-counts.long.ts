/**
 * How often is an account manager asked in ninety days, with and without cases, and is anything that became worse missed? The
 * customers' risk drifts, jumps and flaps by itself; days without an assessment come and go; one card in ten is never answered.
 */
import { expect, test } from "vitest";
import { trackCase } from "../../src/agents/local/cases/track-case.ts";
import { CaseRecords } from "../../src/engine/case-records.ts";
import type { Customer } from "../../src/flow/customer.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { agentStep, approvalStep, flow, scheduleTrigger } from "./flows.ts";
import { startHarness } from "./harness.ts";
import { answer, customer, scriptedAgents } from "./scripted-agents.ts";
import { seededRandomness, VirtualClock } from "./virtual-clock.ts";
import { lead } from "./world.ts";

const dayMs = 86_400_000;
const days = 90;
const first = Date.UTC(2026, 8, 1, 8);
const step = 0.1;
const enter = 0.7;
const exit = 0.6;

const customers: Customer[] = Array.from({ length: 96 }, (_, index) =>
  customer(`c-${String(index).padStart(2, "0")}`, { account_manager_email: `owner${index % 8}@example.com` }),
);

/** Of each customer, day by day; null: not assessed. It knows nothing of thresholds. */
function histories(seed: number): Map<string, (number | null)[]> {
  const randomness = seededRandomness(seed);
  const fraction = () => randomness.fraction();
  return new Map(
    customers.map(({ id }) => {
      let [level, goal] = [0.2 + 0.7 * fraction(), 0.3 + 0.5 * fraction()];
      const scores = Array.from({ length: days }, () => {
        if (fraction() < 0.02) goal = 0.15 + 0.8 * fraction();
        level += 0.12 * (goal - level) + 0.06 * (fraction() - 0.5);
        return fraction() < 0.03 ? null : Math.min(1, Math.max(0, Math.round(level * 100) / 100));
      });
      return [id, scores];
    }),
  );
}

function dailyFlow(withCases: boolean): FlowDefinition {
  const asking = withCases
    ? [
        agentStep("track", "track_case", {
          after: ["assess"],
          parameters: { reason: "renewal_risk", score: "${assess.score}", enter, exit, days: 3, step },
        }),
        approvalStep("approve", { after: ["track"], when: "${track.alert}" }),
      ]
    : [approvalStep("approve", { after: ["assess"], when: "${assess.over_threshold}" })];
  const trigger = scheduleTrigger({ overlap: "skip", filter: ["customer.arr >= 0"] });
  return flow([agentStep("assess", "assess"), ...asking], { triggers: [trigger] });
}

interface Alert {
  customerId: string;
  day: number;
  score: number;
}

/** Each alert, and on which days a card waited. */
async function ninetyDays(withCases: boolean, scores: Map<string, (number | null)[]>) {
  const store = new MemoryStateStore();
  const clock = new VirtualClock(first);
  const cases = new CaseRecords(store);
  const dayOf = (at: number) => Math.floor((at - first) / dayMs);
  const scoreOn = (id: string, day: number) => scores.get(id)?.[day] ?? null;
  const agents = scriptedAgents({
    assess: ({ customer: about, context }) => {
      const score = scoreOn(about?.id ?? "", dayOf(context.now));
      return answer({ score, over_threshold: score !== null && score >= enter });
    },
    track_case: (request) => trackCase({ cases }).invoke(request),
  });
  const harness = await startHarness({
    flows: [dailyFlow(withCases)],
    customers,
    agents,
    store,
    clock,
  });
  const { engine, logged } = harness;
  const randomness = seededRandomness(7);
  const alerts: Alert[] = [];
  const waiting = new Set<string>();
  for (let day = 0; day < days; day += 1) {
    await harness.moveTo(first + day * dayMs + 2 * 3_600_000);
    const { items } = await engine.waiting({ person: null, offset: 0, limit: 1_000 });
    for (const { header, waiting: asked } of items) {
      const customerId = header.customer_id ?? "";
      waiting.add(`${customerId}/${day}`);
      if (dayOf(asked.since) !== day) continue;
      alerts.push({ customerId, day, score: scoreOn(customerId, day) ?? 0 });
      const chance = randomness.fraction();
      if (chance > 0.9) continue;
      const decision = chance < 0.75 ? "approve" : "reject";
      const vote = { executionId: header.execution_id, stepId: "approve", version: 1, person: lead, decision } as const;
      await engine.decide({ ...vote, reason: "seen" });
    }
    await engine.idle();
  }
  expect(logged).toEqual([]);
  return { alerts, waiting };
}

function countOf(alerts: Alert[], owner: number): number {
  return alerts.filter(({ customerId }) => Number(customerId.slice(2)) % 8 === owner).length;
}

/** Days on which a customer was at risk, and nobody had been told of a risk within a step of it in this spell. */
function missed(
  { alerts, waiting }: { alerts: Alert[]; waiting: Set<string> },
  scores: Map<string, (number | null)[]>,
) {
  const found: string[] = [];
  for (const [id, line] of scores) {
    let told: number | null = null;
    let calm = 0;
    line.forEach((score, day) => {
      const alert = alerts.find(({ customerId, day: on }) => customerId === id && on === day);
      if (alert !== undefined) told = Math.max(told ?? 0, alert.score);
      if (score !== null) calm = score < exit ? calm + 1 : 0;
      if (calm >= 3) told = null;
      if (score === null || score < enter || waiting.has(`${id}/${day}`)) return;
      if (told === null || score >= told + step) found.push(`${id} on day ${day}: ${score}, told of ${told}`);
    });
  }
  return found;
}

test("alerts fall, and nothing that became worse is missed", { timeout: 600_000 }, async () => {
  const scores = histories(2026);
  const without = await ninetyDays(false, scores);
  const withCases = await ninetyDays(true, scores);
  const owners = Array.from({ length: 8 }, (_, owner) => ({
    owner: `owner${owner}`,
    "without cases": countOf(without.alerts, owner),
    "with cases": countOf(withCases.alerts, owner),
  }));
  const total = { owner: "all", "without cases": without.alerts.length, "with cases": withCases.alerts.length };
  // The numbers are what this test is for.
  console.table([...owners, total]);
  expect(missed(withCases, scores)).toEqual([]);
  for (const each of owners) expect(each["with cases"]).toBeLessThan(each["without cases"] / 2);
});
