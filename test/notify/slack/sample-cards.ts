/** Cards as the engine fills them, for the tests of their builders. */
import type { ApprovalCard, BatchCard, DoubtCard, FailureCard } from "../../../src/flow/card.ts";
import type { Customer } from "../../../src/flow/customer.ts";

/** Fri 13 Nov 2026, 09:00 in New York. */
export const now = Date.parse("2026-11-13T14:00:00Z");
export const timezone = "America/New_York";
const hourMs = 3_600_000;

export const dana = { user_id: "U01", email: "dana.reyes@example.com", name: "Dana Reyes" };
export const lee = { user_id: "U02", email: "lee@example.com", name: "Lee Ames" };

export function sampleCustomer(fields: Partial<Customer> = {}): Customer {
  return {
    id: "cust-12345",
    name: "Acme Robotics",
    segment: "mid-market",
    region: "NA",
    timezone,
    account_manager_email: "dana.reyes@example.com",
    account_manager_name: "Dana Reyes",
    csm_email: null,
    arr: 84_000,
    currency: "USD",
    contract_start: "2025-12-04",
    renewal_date: "2026-12-04",
    notice_date: "2026-12-01",
    auto_renew: true,
    term_months: 12,
    seats: 120,
    status: "active",
    created_at: null,
    nps: 20,
    champion_status: "left",
    ...fields,
  };
}

export function sampleRisk() {
  return {
    model: "renewal_risk_v2",
    risk_score: 0.78,
    risk_level: "high",
    threshold: 0.7,
    over_threshold: true,
    confidence: "high",
    reasons: [
      {
        factor: "seat_use",
        text: "Seat use 41 % of 120, was 68 % in August",
        points: 0.22,
        evidence: [{ text: "49 active users", date: "2026-10-31" }],
      },
      { factor: "tickets", text: "2 urgent tickets open, oldest 9 days", points: 0.14, evidence: [] },
      {
        factor: "champion",
        text: "Champion left on 3 Nov",
        points: 0.11,
        evidence: [{ text: "Kim Vale", date: "2026-11-03" }],
      },
      { factor: "nps", text: "NPS 20", points: -0.05, evidence: [] },
    ],
    missing: ["invoices"],
    what_would_help: [
      { text: "both tickets are closed", risk_score: 0.66 },
      { text: "seats are cut to 60", risk_score: 0.64 },
    ],
  };
}

export function sampleRecommendations() {
  return {
    strategy: "save",
    summary: "Three plays for Acme Robotics.",
    recommendations: [
      {
        id: "executive_check_in",
        title: "Executive check-in this week",
        why: "The champion left.",
        owner_email: "dana.reyes@example.com",
        due_date: "2026-11-18",
        value: 9000,
      },
      {
        id: "right_size",
        title: "Right-size to 70 seats",
        why: "49 of 120 in use.",
        owner_email: null,
        due_date: "2026-11-20",
        value: null,
      },
      {
        id: "success_plan",
        title: "Success plan",
        why: "Two urgent tickets.",
        owner_email: null,
        due_date: "2026-11-27",
        value: 4000,
      },
    ],
  };
}

export function sampleApproval(fields: Partial<ApprovalCard> = {}): ApprovalCard {
  return {
    kind: "approval",
    executionId: "01JCFSAMPLEEXECUTION",
    stepId: "approve_recommendations",
    version: 1,
    flowId: "renewal_management",
    flowDescription: "Renewals at risk",
    customer: sampleCustomer(),
    timezone,
    now,
    outputs: [
      {
        stepId: "generate_recommendations",
        agent: "decision_agent",
        action: "generate_renewal_recommendations",
        output: sampleRecommendations(),
      },
      { stepId: "assess_risk", agent: "decision_agent", action: "assess_renewal_risk", output: sampleRisk() },
    ],
    plans: [
      {
        stepId: "send_notifications",
        items: null,
        effects: [
          {
            target: "email",
            effect: {
              kind: "email",
              to: "dana.reyes@example.com",
              subject: "Acme Robotics: renewal on 4 Dec",
              html: "<p>Hi</p>",
              text: "Hi\nthere",
            },
          },
          {
            target: "slack",
            effect: {
              kind: "slack_message",
              to: { kind: "person", email: "dana.reyes@example.com" },
              text: "*Acme* &amp; Co",
            },
          },
        ],
      },
      {
        stepId: "book_follow_up",
        items: null,
        effects: [
          {
            target: null,
            effect: {
              kind: "calendar_event",
              title: "Renewal: Acme Robotics",
              description: "Talk about seats",
              attendees: ["dana.reyes@example.com", "lee@example.com"],
              duration_minutes: 30,
              timezone,
              slot: { rule: "next_free_working_time", not_before: "2026-11-16T14:00:00Z", days: 10 },
              forecast_at: "2026-11-16T15:00:00Z",
            },
          },
        ],
      },
    ],
    later: ["update_crm"],
    takenBack: [],
    status: "pending",
    requestedAt: now,
    endedAt: null,
    expiresAt: now + 72 * hourMs,
    waitingFor: ["Dana Reyes", "a RevOps lead"],
    isEditable: false,
    edits: [],
    remindAt: null,
    remindedAt: null,
    escalateAt: null,
    escalateTo: [],
    escalated: null,
    caseNote: null,
    history: [],
    quorum: 1,
    votes: [],
    effects: [],
    execution: { status: "running", outcome: null, stopped: null },
    ...fields,
  };
}

export function sampleDoubt(fields: Partial<DoubtCard> = {}): DoubtCard {
  const effect = sampleApproval().plans[0]?.effects[0];
  if (effect === undefined) throw new Error("the sample has no mail");
  return {
    kind: "doubt",
    executionId: "01JCFSAMPLEEXECUTION",
    stepId: "send_notifications",
    effectKey: "01JCFSAMPLEEXECUTION/send_notifications/email",
    flowId: "renewal_management",
    customerName: "Acme Robotics",
    timezone,
    effect,
    cause: "The connection was lost while the mail was being sent.",
    begunAt: now,
    answeredBy: ["an operator", "Dana Reyes"],
    resolved: null,
    ...fields,
  };
}

export function sampleFailure(fields: Partial<FailureCard> = {}): FailureCard {
  return {
    kind: "failure",
    executionId: "01JCFSAMPLEEXECUTION",
    flowId: "renewal_management",
    customerName: "Acme Robotics",
    stepId: "send_notifications",
    failure: { error: "Effect.Refused", cause: "The mail server refused the recipient." },
    ranOutOfTime: false,
    takenBack: [],
    at: now,
    timezone,
    redriven: null,
    ...fields,
  };
}

export function sampleBatch(fields: Partial<BatchCard> = {}): BatchCard {
  return {
    kind: "batch",
    batchId: "batch-1",
    flowId: "renewal_management",
    flowVersion: "2.0",
    timezone,
    startedAt: now,
    requestedBy: lee,
    scheduledAt: null,
    matched: 12,
    total: 40,
    alreadyRunning: 2,
    started: 10,
    counts: {
      running: 3,
      queued: 0,
      waiting_for_approval: 5,
      in_doubt: 0,
      completed: 1,
      rejected: 1,
      expired: 0,
      nothing_to_do: 0,
      failed: 0,
    },
    listed: 0,
    waitingFor: [
      { name: "Dana Reyes", count: 3 },
      { name: "Sam Ito", count: 2 },
    ],
    ended: false,
    ...fields,
  };
}
