/** Facts and questions for answerers' tests: one customer in trouble, one that is well, a week with dates. */
import type { AnswerPart, Answerer, Question } from "../../src/agents/answerer.ts";
import type { ConversationFacts, CustomerFacts, ExecutionFact } from "../../src/agents/conversation-facts.ts";
import { monday } from "./support.ts";

const hour = 3_600_000;

export const execution: ExecutionFact = {
  execution_id: "1m83pph00-9d3fd5a83",
  flow_id: "renewal_management",
  status: "running",
  outcome: null,
  started_at: monday - 4 * hour,
  ended_at: null,
  started_by: "Robin Lead",
  risk_score: 0.81,
  waiting_for: [{ kind: "approval", people: ["Dana Reyes"], until: monday + 68 * hour }],
  happened: [
    { at: monday - 3 * hour, text: "Dana Reyes approved it (first_look)" },
    { at: monday - 2 * hour, text: "2 mails were sent (send_notifications)" },
  ],
};

export const acme: CustomerFacts = {
  id: "cust-10021",
  name: "Acme Robotics",
  segment: "enterprise",
  region: "AMER",
  account_manager_name: "Dana Reyes",
  arr: 84_000,
  currency: "USD",
  seats: 120,
  status: "active",
  contract_start: "2025-12-14",
  renewal_date: "2026-12-14",
  notice_date: "2026-12-04",
  auto_renew: true,
  term_months: 12,
  isMine: true,
  risk: {
    risk_score: 0.79,
    risk_level: "high",
    threshold: 0.7,
    confidence: "high",
    reasons: [
      { text: "Seat use 43 % of 120, was 65 % in July", points: 0.71, date: "2026-10-31" },
      { text: "2 urgent tickets open, oldest 9 days", points: 0.43, date: "2026-11-19" },
    ],
    missing: ["CSAT"],
    what_would_help: [{ text: "both urgent tickets are closed", risk_score: 0.69 }],
  },
  executions: [execution],
  isCut: false,
};

export function factsWith(fields: Partial<ConversationFacts> = {}): ConversationFacts {
  return {
    now: monday,
    timezone: "UTC",
    today: "2026-11-23",
    customers: [],
    isNamed: false,
    takenFor: null,
    similar: [],
    flows: [{ flow_id: "renewal_management", needsOnlyCustomer: true }],
    due: [
      due("notice", "2026-11-25", "Globex", false),
      due("renewal", "2026-11-28", "Northwind Clinics", true),
      due("notice", "2026-12-04", "Acme Robotics", true),
      due("renewal", "2026-12-14", "Acme Robotics", true),
    ],
    dueSpan: { from: "2026-08-23", to: "2027-11-24" },
    atRisk: [
      {
        customer_id: "cust-10021",
        customer_name: "Acme Robotics",
        risk_score: 0.81,
        execution_id: execution.execution_id,
        at: execution.started_at,
        isMine: true,
      },
    ],
    waiting: [
      {
        execution_id: execution.execution_id,
        flow_id: "renewal_management",
        customer_name: "Acme Robotics",
        since: execution.started_at,
        until: monday + 68 * hour,
      },
    ],
    waitingTotal: 1,
    ...fields,
  };
}

function due(kind: "notice" | "renewal", date: string, customer_name: string, isMine: boolean) {
  return { kind, date, customer_id: `id of ${customer_name}`, customer_name, arr: 10_000, currency: "USD", isMine };
}

/** `customers`: whom it names; left out: Acme Robotics. */
export function aboutAcme(text: string, facts: Partial<ConversationFacts> = {}): Question {
  return questionOf(text, { customers: [acme], isNamed: true, ...facts });
}

export function questionOf(text: string, facts: Partial<ConversationFacts> = {}, signal?: AbortSignal): Question {
  return {
    text,
    asker: { user_id: "UDANA", name: "Dana Reyes" },
    facts: factsWith(facts),
    from: 0,
    session: "C1/100.1",
    signal: signal ?? new AbortController().signal,
  };
}

export interface Told {
  text: string;
  parts: AnswerPart[];
  sources: Extract<AnswerPart, { kind: "source" }>["source"][];
  suggestions: Extract<AnswerPart, { kind: "suggestion" }>["suggestion"][];
}

export async function told(answerer: Answerer, question: Question): Promise<Told> {
  const parts: AnswerPart[] = [];
  for await (const part of answerer.answer(question)) parts.push(part);
  return {
    parts,
    text: parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join(""),
    sources: parts.flatMap((part) => (part.kind === "source" ? [part.source] : [])),
    suggestions: parts.flatMap((part) => (part.kind === "suggestion" ? [part.suggestion] : [])),
  };
}
