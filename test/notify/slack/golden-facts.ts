/** Facts that several surfaces are made of, and how a card or an answer becomes one. */
import type { HomeFacts } from "../../../src/bot/views/home.ts";
import type { Message } from "../../../src/bot/views/message.ts";
import type { ExecutionReport, FlowSummary, WaitingApproval } from "../../../src/engine/engine.ts";
import type { Card, StepReport } from "../../../src/flow/card.ts";
import type { ExecutionHeader, WaitingFor } from "../../../src/flow/record.ts";
import { buildCard } from "../../../src/notify/slack/card.ts";
import { definition } from "../../bot/fake-engine.ts";
import type { Shown } from "./golden-reader.ts";
import { now, sampleCustomer, timezone } from "./sample-cards.ts";

export type Surfaces = Readonly<Record<string, Shown>>;

export const dayMs = 86_400_000;

/** What `status` asks for, and one more. */
export const mostListed = 500;

export function ofCard(card: Card, mentions: readonly string[] = []): Shown {
  return { kind: "message", ...buildCard(card, mentions) };
}

export function ofMessage(message: Message): Shown {
  return { kind: "message", ...message };
}

export function wait(fields: Partial<WaitingFor>): WaitingFor {
  const none = { references: [], requester_id: null, listed: false, execution_id: null };
  const times = { since: now, until: now + 3 * dayMs };
  return { kind: "approval", step_id: "approve_recommendations", people: ["Dana Reyes"], ...times, ...none, ...fields };
}

export function waitingOf(each: ExecutionHeader): WaitingApproval {
  return { header: each, waiting: each.waiting_for[0] ?? wait({}) };
}

export function homeOf(headers: ExecutionHeader[], waiting: WaitingApproval[], total: number): HomeFacts {
  return {
    waiting: { items: waiting.slice(0, 5), total },
    cases: { items: [], total: 0 },
    personal: {
      executions: headers.slice(0, 5),
      customersAtRisk: headers.slice(0, 8).map((each) => ({
        customer: sampleCustomer({ id: each.customer_id ?? "", name: each.customer_name ?? "" }),
        riskScore: each.risk_score ?? 0,
        header: each,
      })),
    },
    flows: [flow(0)].slice(0, total),
    channels: { default: "#revops", alerts: "#renewals", flows: {} },
    now,
    timezone,
  };
}

export function flow(index: number): FlowSummary {
  return {
    definition: definition({ flow_id: index === 0 ? "renewal_management" : `flow_${index + 1}` }),
    file: null,
    nextFiring: now + dayMs,
    running: index,
    paused: null,
  };
}

export function reportOf({
  steps,
  one,
  text,
}: {
  steps: StepReport[];
  one: ExecutionHeader;
  text: string;
}): ExecutionReport {
  return { header: one, steps, startedBy: text, failure: text === "Morgan Lee" ? null : text, cost: null };
}

const simple = { items: null, waitsUntil: null, children: [], compensation: null };

export function step(fields: Partial<StepReport>): StepReport {
  const none = { skipped: null, startedAt: now, endedAt: now + 1200, failure: null, retryAt: null, ...simple };
  return {
    stepId: "look",
    label: "data_agent look",
    status: "succeeded",
    attempts: 1,
    waitingFor: [],
    ...none,
    ...fields,
  };
}
