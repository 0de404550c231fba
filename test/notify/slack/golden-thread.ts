/** What stands in #renewals about one customer, from the question to the answer, and its row in a list. */
import { listModal } from "../../../src/bot/views/list-modal.ts";
import type { ApprovalCard, NoteCard } from "../../../src/flow/card.ts";
import { header } from "../../bot/fake-engine.ts";
import { dayMs, ofCard, waitingOf, type Surfaces } from "./golden-facts.ts";
import { dana, lee, now, sampleApproval, sampleCustomer, sampleRecommendations, timezone } from "./sample-cards.ts";

const hourMs = 3_600_000;

export function threadOf(name: string): Surfaces {
  const card = sampleApproval({
    customer: sampleCustomer({ name }),
    isEditable: true,
    remindAt: now + 4 * hourMs,
    escalateAt: now + dayMs,
    escalateTo: ["a RevOps lead"],
    history: [
      {
        execution_id: "earlier",
        started_at: now - 60 * dayMs,
        status: "succeeded",
        outcome: "rejected",
        risk_score: 0.71,
      },
    ],
  });
  const { recommendations } = sampleRecommendations();
  const [first, second, ...others] = recommendations;
  if (first === undefined || second === undefined) throw new Error("the sample proposes nothing");
  const changed = [
    { ...first, title: `Meet ${name}` },
    { ...second, due_date: "2026-12-24" },
  ];
  const change = { step: "generate_recommendations", field: "recommendations", from: recommendations, to: changed };
  const edits = [{ by: dana, at: now + hourMs, version: 2, changes: [change] }];
  const waitingFor = [{ reference: "dana.reyes@example.com", label: "Dana Reyes" }];
  const call = { waitingFor, requesterId: null, expiresAt: card.expiresAt };
  const note = (at: number, said: NoteCard["note"]): NoteCard => ({
    kind: "note",
    executionId: card.executionId,
    stepId: card.stepId,
    timezone,
    at,
    note: said,
  });
  const plans = card.plans.slice(0, 1);
  const edited = { ...card, version: 2, edits, plans, remindAt: null, remindedAt: now + 4 * hourMs };
  const lead = { waitingFor: [{ reference: "role:revops_lead", label: "a RevOps lead" }] };
  const left = others.length;
  return {
    card: ofCard(card),
    "in the thread": ofCard({ kind: "details", approval: card }),
    [`edited, ${left} left out`]: ofCard(
      note(now + hourMs, { type: "edited", by: dana, changes: [change], plans, later: card.later, quorum: 2 }),
    ),
    reminder: ofCard(note(now + 4 * hourMs, { type: "reminded", ...call }), ["U01"]),
    "card after both": ofCard(edited),
    "hand-over": ofCard(note(now + dayMs, { type: "escalated", reason: "after", ...call, ...lead })),
    "card after that": ofCard({ ...edited, escalateAt: null, escalated: { at: now + dayMs, reason: "after" } }),
    approved: ofCard({ ...edited, ...approvedAt(now + 25 * hourMs) }),
    expired: ofCard({ ...card, status: "expired", endedAt: card.expiresAt }),
    row: {
      kind: "view",
      view: listModal({
        items: [waitingOf(header({ customer_name: name, risk_score: 0.78 }))],
        total: 1,
        offset: 0,
        batchId: null,
        timezone,
      }),
    },
  };
}

function approvedAt(at: number): Partial<ApprovalCard> {
  const receipt = {
    id: "1",
    summary: "mail to dana.reyes@example.com — Acme Robotics: renewal on 4 Dec",
    url: null,
    at,
  };
  return {
    status: "approved",
    endedAt: at,
    votes: [{ decision: "approve", by: lee, at, reason: null }],
    effects: [{ stepId: "send_notifications", status: "performed", summary: receipt.summary, receipt }],
  };
}
