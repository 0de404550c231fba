/**
 * A case: what is open about one customer for one reason. Alerts fire when it changes state, not whenever it is looked at.
 *
 * Job: the record, and `evolve`, which folds one event over it (D1). Non-job: what follows from an assessment or from a person's
 * word (decide-case.ts), and where it is stored.
 *
 * - K1. There is one case for a customer and a reason; a later one takes the place of one that is closed.
 * - K2. Every event makes the next revision, which is the condition of its write (D2): of two processes one is heard.
 * - K3. What an execution's step was answered is kept: asked again, it is told the same and counts once.
 */
import { z } from "zod";
import type { Customer } from "./customer.ts";
import { Person } from "./person.ts";

const Instant = z.number().int();
const score = z.number().min(0).max(1);

export const CaseReason = z.enum(["renewal_risk", "churn_risk"]);
export type CaseReason = z.infer<typeof CaseReason>;

/** Why a person wants to hear no more of it. */
export const Dismissal = z.enum(["known", "wrong_data", "not_a_risk"]);
export type Dismissal = z.infer<typeof Dismissal>;

/** What a person did with a case in place of deciding. */
export const SetAside = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("snooze"), until: Instant }),
  z.strictObject({ kind: z.literal("dismiss"), why: Dismissal }),
]);
export type SetAside = z.infer<typeof SetAside>;

/** What lists and cards say of the customer, as it stood when last assessed. */
export const CaseCustomer = z.strictObject({
  id: z.string().min(1),
  name: z.string(),
  owner: z.string().nullable(),
  arr: z.number().nullable(),
  currency: z.string().nullable(),
  renewal_date: z.string().nullable(),
});
export type CaseCustomer = z.infer<typeof CaseCustomer>;

export const Transition = z.enum(["opened", "worsened", "unchanged", "recovered", "closed"]);
export type Transition = z.infer<typeof Transition>;
export const CaseStatus = z.enum(["open", "snoozed", "dismissed", "closed"]);
export type CaseStatus = z.infer<typeof CaseStatus>;

/** Why somebody is asked: a transition, a snooze that is over, a question that nobody answered, or a person's own start. */
export const AlertReason = z.enum(["opened", "worsened", "snooze_over", "unanswered", "asked"]);
export type AlertReason = z.infer<typeof AlertReason>;

/** What an assessment found; the record keeps the last few. */
export const Finding = z.strictObject({
  /** `executionId/stepId[/index]`. */
  key: z.string(),
  at: Instant,
  transition: Transition,
  alert: AlertReason.nullable(),
  /** Null: there was no assessment. */
  score: score.nullable(),
  previous_score: score.nullable(),
  /** The execution that asked about it before this one. */
  asked_in: z.string().nullable(),
  status: CaseStatus,
  snoozed_until: Instant.nullable(),
  /** When the case was opened. */
  since: Instant,
  opened_score: score,
  note: z.string().nullable(),
});
export type Finding = z.infer<typeof Finding>;

export const Case = z.strictObject({
  reason: CaseReason,
  customer: CaseCustomer,
  /** From 1, with each change. */
  revision: z.number().int().positive(),
  /** Grows with what a person should know before they say something about it; buttons carry it. */
  version: z.number().int().positive(),
  status: CaseStatus,
  opened_at: Instant,
  opened_score: score,
  /** Of the last alert or dismissal: it becomes worse from here. */
  known_score: score,
  /** The last one that there was. */
  score,
  assessed_at: Instant,
  /** Assessed days in a row under the exit, and the last of them. */
  calm: z.strictObject({ days: z.number().int().positive(), last: z.string() }).nullable(),
  snooze: z.strictObject({ until: Instant, at: Instant, by: Person, reason: z.string() }).nullable(),
  dismissal: z.strictObject({ why: Dismissal, at: Instant, by: Person, note: z.string().nullable() }).nullable(),
  closed: z.strictObject({ at: Instant, how: z.enum(["recovered", "closed"]), note: z.string() }).nullable(),
  /** The execution that asked a person about it last. */
  asked_in: z.string().nullable(),
  /** Newest last. */
  findings: z.array(Finding),
});
export type Case = z.infer<typeof Case>;

export type CaseEvent =
  | {
      type: "found";
      at: number;
      reason: CaseReason;
      customer: CaseCustomer;
      finding: Finding;
      executionId: string;
      calm: Case["calm"];
    }
  /** By a review: its customer has churned, renewed or gone. */
  | { type: "closed"; at: number; note: string }
  | { type: "snoozed"; at: number; by: Person; until: number; reason: string }
  | { type: "dismissed"; at: number; by: Person; why: Dismissal; note: string | null };

/** So many executions may meet the same case between two tries of one step. */
const findingsKept = 8;

/** Throws where the event needs a case and there is none: that is a fault of the caller. */
export function evolve(state: Case | null, event: CaseEvent): Case {
  if (event.type === "found") return found(state, event);
  if (state === null) throw new Error(`There is no case that could be ${event.type}.`);
  const next = { ...state, revision: state.revision + 1, version: state.version + 1 };
  switch (event.type) {
    case "closed":
      return { ...next, status: "closed", closed: { at: event.at, how: "closed", note: event.note } };
    case "snoozed": {
      const { until, at, by, reason } = event;
      return { ...next, status: "snoozed", snooze: { until, at, by, reason }, dismissal: null };
    }
    case "dismissed": {
      const { why, at, by, note } = event;
      // Worse from here, not from the card of weeks ago.
      return { ...next, status: "dismissed", known_score: state.score, dismissal: { why, at, by, note }, snooze: null };
    }
    default:
      return event satisfies never;
  }
}

function found(state: Case | null, event: Extract<CaseEvent, { type: "found" }>): Case {
  const { finding, customer, reason, at, executionId, calm } = event;
  const { transition, alert, status } = finding;
  const isNew = state === null || transition === "opened";
  const score = finding.score ?? state?.score ?? finding.opened_score;
  const isWorse = isNew || transition === "worsened";
  const isOver = transition === "recovered" || transition === "closed";
  const isSilent = alert === null && transition === "unchanged";
  return {
    reason,
    customer,
    revision: (state?.revision ?? 0) + 1,
    version: (state?.version ?? 0) + (isSilent ? 0 : 1),
    status,
    opened_at: finding.since,
    opened_score: finding.opened_score,
    known_score:
      isWorse || alert !== null ? Math.max(score, isNew ? 0 : state.known_score) : (state?.known_score ?? score),
    score,
    assessed_at: finding.score === null ? (state?.assessed_at ?? at) : at,
    calm,
    snooze: isNew || status !== "snoozed" ? null : state.snooze,
    dismissal: isNew || status !== "dismissed" ? null : state.dismissal,
    closed: isOver ? { at, how: transition, note: finding.note ?? "" } : null,
    asked_in: alert === null ? (isNew ? null : state.asked_in) : executionId,
    findings: [...(state?.findings ?? []), finding].slice(-findingsKept),
  };
}

export function caseCustomer(customer: Customer): CaseCustomer {
  const { id, name, account_manager_email: owner, arr, currency, renewal_date } = customer;
  return { id, name, owner, arr, currency, renewal_date };
}

export function caseId({ reason, customerId }: { reason: CaseReason; customerId: string }): string {
  return `${reason}:${customerId}`;
}

/** Null: that is no case's id. */
export function parseCaseId(text: string): { reason: CaseReason; customerId: string } | null {
  const colon = text.indexOf(":");
  const reason = CaseReason.safeParse(text.slice(0, colon));
  const customerId = text.slice(colon + 1);
  return colon < 0 || customerId === "" || !reason.success ? null : { reason: reason.data, customerId };
}

/** Days since it was opened, from 1; a clock that went back makes no day 0. */
export function caseDay({ since, at }: { since: number; at: number }): number {
  return Math.max(1, Math.floor((at - since) / 86_400_000) + 1);
}

export function isStanding(record: Case | null): record is Case {
  return record !== null && record.status !== "closed";
}
