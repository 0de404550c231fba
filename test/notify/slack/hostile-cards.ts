/** Every kind and state of card with one text in each of its fields, and long lists of it. */
import type { ApprovalCard, Card, NoteCard } from "../../../src/flow/card.ts";
import {
  now,
  sampleApproval,
  sampleBatch,
  sampleCustomer,
  sampleDoubt,
  sampleFailure,
  sampleRecommendations,
  sampleRisk,
  timezone,
} from "./sample-cards.ts";

export function everyCard(text: string): Card[] {
  const person = { user_id: "U1", email: "x@example.com", name: text };
  const vote = { decision: "reject", by: person, at: now, reason: text } as const;
  const customer = sampleCustomer({ name: text, currency: text });
  const reasons = sampleRisk().reasons.map((reason) => ({
    ...reason,
    text,
    evidence: [{ text: `${text}.`, date: text }],
  }));
  const risk = {
    ...sampleRisk(),
    confidence: text,
    risk_level: text,
    model: text,
    reasons,
    missing: Array.from({ length: 40 }, () => text),
    what_would_help: Array.from({ length: 20 }, () => ({ text, risk_score: 0.1 })),
  };
  const recommendations = {
    ...sampleRecommendations(),
    summary: text,
    recommendations: Array.from({ length: 30 }, () => ({
      title: text,
      why: text,
      owner_email: text,
      due_date: text,
      value: 1,
    })),
  };
  const email = { kind: "email", to: text, subject: text, html: text, text } as const;
  const update = {
    kind: "crm_update",
    customer: { id: text, name: text },
    changes: Array.from({ length: 19 }, () => ({ field: "csm_email" as const, from: text, to: text })),
    reason: text,
  } as const;
  const event = sampleApproval().plans[1]?.effects[0]?.effect;
  const many = Array.from({ length: 30 }, () => ({
    stepId: text,
    status: "performed" as const,
    summary: text,
    receipt: null,
  }));
  const approval = sampleApproval({
    customer,
    flowDescription: text,
    outputs: [
      { stepId: text, agent: null, action: "generate_renewal_recommendations", output: recommendations },
      { stepId: text, agent: null, action: "assess_renewal_risk", output: risk },
      { stepId: text, agent: null, action: null, output: { [text]: text } },
    ],
    plans: [
      { stepId: text, items: 12, effects: Array.from({ length: 12 }, () => ({ target: null, effect: email })) },
      { stepId: text, items: null, effects: [{ target: null, effect: { ...update, changes: [...update.changes] } }] },
      {
        stepId: text,
        items: null,
        effects:
          event?.kind === "calendar_event"
            ? [
                {
                  target: null,
                  effect: {
                    ...event,
                    title: text,
                    description: text,
                    attendees: Array.from({ length: 40 }, () => text),
                  },
                },
              ]
            : [],
      },
    ],
    later: Array.from({ length: 40 }, () => text),
    takenBack: Array.from({ length: 40 }, () => ({ stepId: text, action: text })),
    waitingFor: Array.from({ length: 40 }, () => text),
    effects: many,
    quorum: 3,
    votes: [vote, vote, vote, vote],
    isEditable: true,
    edits: [{ by: person, at: now, version: 2, changes: changes(text) }],
    remindedAt: now,
    escalateAt: now,
    escalateTo: Array.from({ length: 40 }, () => text),
    history: Array.from({ length: 10 }, () => past),
  });
  const counts = sampleBatch().counts;
  const call = {
    waitingFor: Array.from({ length: 40 }, () => ({ reference: text, label: text })),
    requesterId: null,
    expiresAt: now,
  };
  return [
    approval,
    { ...approval, outputs: [] },
    { ...approval, customer: null, outputs: [], status: "approved", endedAt: now },
    { ...approval, status: "rejected", endedAt: now },
    { ...approval, escalated: { at: now, reason: "after" } },
    { kind: "details", approval },
    { kind: "details", approval: { ...approval, outputs: [] } },
    note(approval, {
      type: "edited",
      by: person,
      changes: changes(text),
      plans: approval.plans,
      later: approval.later,
      quorum: 3,
    }),
    note(approval, { type: "reminded", ...call }),
    note(approval, { type: "escalated", reason: "timeout", ...call }),
    sampleDoubt({
      customerName: text,
      cause: text,
      answeredBy: Array.from({ length: 40 }, () => text),
      effect: { target: null, effect: email },
    }),
    sampleDoubt({ customerName: text, resolved: { answer: "send_again", by: person, at: now } }),
    sampleFailure({ customerName: text, stepId: text, failure: { error: "Flow.Failed", cause: text } }),
    sampleFailure({
      customerName: text,
      stepId: null,
      ranOutOfTime: true,
      takenBack: Array.from({ length: 30 }, (_, index) => ({
        stepId: text,
        hasEnded: index % 3 > 0,
        failure: index % 3 === 1 ? { error: "Effect.Refused" as const, cause: text } : null,
      })),
      failure: { error: "Step.Timeout", cause: text },
    }),
    { ...approval, status: "withdrawn", execution: { status: "aborted", outcome: null, stopped: byText(text) } },
    sampleFailure({ redriven: { by: person, at: now } }),
    sampleBatch({
      requestedBy: person,
      timezone,
      counts,
      waitingFor: Array.from({ length: 40 }, () => ({ name: text, count: 1 })),
    }),
  ];
}

function byText(text: string) {
  return { how: "aborted", by: { user_id: "U1", email: null, name: text }, at: now } as const;
}

function note({ executionId, stepId }: ApprovalCard, said: NoteCard["note"]): NoteCard {
  return { kind: "note", executionId, stepId, timezone, at: now, note: said };
}

function changes(text: string) {
  const records = (title: string) =>
    Array.from({ length: 40 }, (_, index) => ({ id: `p${index}`, title, due_date: "2026-12-01", [text]: text }));
  return [
    { step: text, field: "recommendations", from: records("Call"), to: records(text) },
    { step: text, field: text, from: text, to: null },
  ];
}

const past = {
  execution_id: "01JCFSAMPLEEARLIER",
  started_at: now,
  status: "succeeded",
  outcome: "nothing_to_do",
  risk_score: 0.5,
} as const;
