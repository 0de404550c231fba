/**
 * How often is an account manager asked and told in ninety days: without cases, with them, and with the contact governor too? Is
 * anything that became worse missed, or held back without a word? The customers' risk drifts, jumps and flaps by itself; days
 * without an assessment come and go; one card in ten is never answered.
 */
import { expect, test } from "vitest";
import { z } from "zod";
import { trackCase } from "../../src/agents/local/cases/track-case.ts";
import type { ContactRules } from "../../src/engine/contact-rules.ts";
import { CaseRecords } from "../../src/engine/case-records.ts";
import type { Customer } from "../../src/flow/customer.ts";
import type { PlannedEffect } from "../../src/flow/effect.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import type { Holidays } from "../../src/flow/working-time.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { rows, text } from "../app/page.ts";
import { asText, type Alert, type Lived, type Message, tables } from "./alert-tables.ts";
import { rules } from "./contact-rules.ts";
import { agentStep, approvalStep, flow, scheduleTrigger } from "./flows.ts";
import { startHarness, type Harness } from "./harness.ts";
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

const labourDay: Holidays = ({ date }) => (date === "2026-09-07" ? "Labor Day" : null);
/** As in the example of docs/contacts.md, and one customer whom nobody is to be told of. */
const governed = rules({
  workingTime: { quietHours: { from: 18 * 60, to: 8 * 60 }, holidays: labourDay },
  keepsQuiet: true,
  perPersonPerWeek: 5,
  perAccountPerWeek: 8,
  customers: ["c-11"],
});
const zones = { "owner1@example.com": "America/Los_Angeles", "owner2@example.com": "Asia/Tokyo" };

function dailyFlow(withCases: boolean): FlowDefinition {
  const tell = agentStep("tell", "notify", { after: ["approve"] });
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
  return flow([agentStep("assess", "assess"), ...asking, tell], { triggers: [trigger] });
}

/** Each alert, on which days something waited, and what became of each message that was approved. */
async function ninetyDays(asked: {
  withCases: boolean;
  contacts?: ContactRules;
  scores: Map<string, (number | null)[]>;
}): Promise<Lived> {
  const { withCases, contacts, scores } = asked;
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
    notify: ({ customer: about }) => ({ output: {}, effects: wordsTo(about?.account_manager_email ?? "") }),
  });
  const harness = await startHarness({
    flows: [dailyFlow(withCases)],
    customers,
    agents,
    store,
    clock,
    zones,
    // Each history is read at the end.
    retention: { executionsMs: 365 * dayMs, auditMs: 365 * dayMs },
    ...(contacts === undefined ? {} : { contacts }),
  });
  const { engine, logged } = harness;
  const randomness = seededRandomness(7);
  const alerts: Alert[] = [];
  const waiting = new Set<string>();
  const approved: { executionId: string; customerId: string }[] = [];
  for (let day = 0; day < days; day += 1) {
    await harness.moveTo(first + day * dayMs + 2 * 3_600_000);
    const { items } = await engine.waiting({ person: null, offset: 0, limit: 1_000 });
    for (const { header, waiting: question } of items) {
      const customerId = header.customer_id ?? "";
      waiting.add(`${customerId}/${day}`);
      if (dayOf(question.since) !== day) continue;
      alerts.push({ customerId, day, score: scoreOn(customerId, day) ?? 0 });
      const chance = randomness.fraction();
      if (chance > 0.9) continue;
      const decision = chance < 0.75 ? "approve" : "reject";
      const vote = { executionId: header.execution_id, stepId: "approve", version: 1, person: lead, decision } as const;
      await engine.decide({ ...vote, reason: "seen" });
      if (decision === "approve") approved.push({ executionId: header.execution_id, customerId });
    }
    await engine.idle();
    for (const { customer_id } of await engine.list({ status: "running", limit: 1_000 }))
      waiting.add(`${customer_id}/${day}`);
  }
  await harness.moveTo(first + (days + 4) * dayMs);
  expect(logged).toEqual([]);
  return { alerts, waiting, messages: (await Promise.all(approved.map((one) => messagesOf(harness, one)))).flat() };
}

/** All that was approved is in the history: as sent, or as held back and why (and then in the step's output too). */
async function messagesOf(
  harness: Harness,
  { executionId, customerId }: { executionId: string; customerId: string },
): Promise<Message[]> {
  const events = (await harness.log(executionId)).flatMap((entry) => entry.events);
  const sent = new Set(events.flatMap((event) => (event.type === "effect_performed" ? [event.key] : [])));
  const holds = events.flatMap((event) => (event.type === "effect_held" ? [event] : []));
  const messages = [...new Set([...sent, ...holds.map(({ key }) => key)])].map((key) => ({
    customerId,
    isSent: sent.has(key),
    held: holds.filter((held) => held.key === key).map(({ hold }) => hold.reason),
  }));
  expect(messages).toHaveLength(wordsTo("").length);
  const said = events.find((event) => event.type === "step_succeeded" && event.step_id === "tell");
  const output = TellOutput.parse(said?.type === "step_succeeded" ? said.output : null);
  expect(output.held_back.map(({ reason }) => reason)).toEqual(
    messages.filter(({ isSent }) => !isSent).map(({ held }) => held.at(-1)),
  );
  return messages;
}

const TellOutput = z.object({
  held_back: z.array(z.object({ reason: z.string(), cause: z.string().min(1) })).default([]),
});

function wordsTo(email: string): PlannedEffect[] {
  const words = "What was agreed on";
  return [
    { target: "email", effect: { kind: "email", to: email, subject: words, html: words, text: words } },
    { target: "slack", effect: { kind: "slack_message", to: { kind: "person", email }, text: words } },
  ];
}

/** Days on which a customer was at risk, and nobody had been told of a risk within a step of it in this spell. */
function missed({ alerts, waiting }: Lived, scores: Map<string, (number | null)[]>) {
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

test("alerts fall, and nothing that became worse is missed or held back in silence", { timeout: 600_000 }, async () => {
  const scores = histories(2026);
  const without = await ninetyDays({ withCases: false, scores });
  const withCases = await ninetyDays({ withCases: true, scores });
  const both = await ninetyDays({ withCases: true, contacts: governed, scores });
  const { cards, messages } = tables({ without, withCases, governed: both });
  // The numbers are what this test is for.
  console.table(cards);
  console.table(messages);
  expect(missed(withCases, scores)).toEqual([]);
  expect(missed(both, scores)).toEqual([]);
  for (const owner of cards) expect(owner["with cases"]).toBeLessThan(Number(owner["cards without cases"]) / 2);
  for (const { isSent, held } of [...without.messages, ...withCases.messages]) {
    expect({ isSent, held }).toEqual({ isSent: true, held: [] });
  }
  const unsent = both.messages.filter(({ isSent }) => !isSent);
  expect(unsent.length).toBeGreaterThan(0);
  expect(unsent.every(({ held }) => held.length > 0)).toBe(true);
  const page = await text("docs/cases.md");
  for (const table of [cards, messages]) expect(rows(page, ...Object.keys(table[0] ?? {}))).toEqual(asText(table));
});
