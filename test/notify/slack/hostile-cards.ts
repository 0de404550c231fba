/** Every kind and state of card with one text in each of its fields, and long lists of it. */
import type { Card } from "../../../src/flow/card.ts";
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
      { stepId: text, effects: [{ target: null, effect: email }] },
      {
        stepId: text,
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
    waitingFor: Array.from({ length: 40 }, () => text),
    effects: many,
    quorum: 3,
    votes: [vote, vote, vote, vote],
  });
  const counts = sampleBatch().counts;
  return [
    approval,
    { ...approval, outputs: [] },
    { ...approval, customer: null, outputs: [], status: "approved", endedAt: now },
    { ...approval, status: "rejected", endedAt: now },
    sampleDoubt({
      customerName: text,
      cause: text,
      answeredBy: Array.from({ length: 40 }, () => text),
      effect: { target: null, effect: email },
    }),
    sampleDoubt({ customerName: text, resolved: { answer: "send_again", by: person, at: now } }),
    sampleFailure({ customerName: text, stepId: text, failure: { error: "Flow.Failed", cause: text } }),
    sampleFailure({ redriven: { by: person, at: now } }),
    sampleBatch({
      requestedBy: person,
      timezone,
      counts,
      waitingFor: Array.from({ length: 40 }, () => ({ name: text, count: 1 })),
    }),
  ];
}
