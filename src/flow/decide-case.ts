/**
 * What follows for a case: `decide(state, command) → event` (D1, K1 to K3 of case.ts).
 *
 * Job: say whether an assessment opens, worsens, leaves or closes a case and whether a person is asked; say whether a person's
 * word still applies. Non-job: no clock, no store.
 *
 * - K4. What isn't known is no recovery: only assessed days whose data can be trusted count towards it.
 * - K5. A dismissed case stays silent, above and below the thresholds, until it is clearly worse or a new term begins.
 * - K6. Becoming worse breaks a snooze and a dismissal: nobody set aside what they had not seen.
 */
import {
  type AlertReason,
  type Case,
  type CaseCustomer,
  type CaseEvent,
  type CaseReason,
  type Dismissal,
  type Finding,
  isStanding,
  type Transition,
} from "./case.ts";
import type { Person } from "./person.ts";
import { daysBetween } from "./zone.ts";

export interface Observation {
  type: "observe";
  key: string;
  executionId: string;
  at: number;
  /** The day in the flow's zone. */
  today: string;
  reason: CaseReason;
  customer: CaseCustomer;
  hasChurned: boolean;
  /** 0 to 1; null: there is no assessment. */
  score: number | null;
  /** False: so much is missing that a low score says little. */
  isCertain: boolean;
  enter: number;
  exit: number;
  /** Assessed days in a row under `exit` before it counts as recovered. */
  days: number;
  /** How much the score must rise for a person to be asked again. */
  step: number;
  /** A person has started the assessment of this customer: they want to see it. */
  asked: boolean;
  /** The execution that asked last ended without an answer. */
  isUnanswered: boolean;
}

export type CaseCommand =
  | Observation
  /** `now`: as the source has the customer; null: it has gone from there. */
  | { type: "review"; at: number; now: Pick<Observation, "customer" | "hasChurned"> | null }
  | { type: "snooze"; at: number; by: Person; until: number; reason: string; version: number | null }
  | { type: "dismiss"; at: number; by: Person; why: Dismissal; note: string | null; version: number | null };

export type CaseRefusal = "no_case" | "overtaken" | "past" | "too_far" | "reason_missing";

/** `event` null without a refusal: nothing is to be written. */
export interface CaseDecided {
  event: CaseEvent | null;
  refusal: CaseRefusal | null;
}

/** A date that moves by less is the same renewal, put right or put off. */
const newTermDays = 90;
export const longestSnoozeMs = 366 * 86_400_000;
/** Scores have two decimals and more; a step of 0.1 is reached by 0.70 and 0.80. */
const rounding = 1e-9;

export function decideCase(state: Case | null, command: CaseCommand): CaseDecided {
  switch (command.type) {
    case "observe":
      return { event: observe(state, command), refusal: null };
    case "review": {
      const note = isStanding(state) ? overBecause(state, command.now) : null;
      return { event: note === null ? null : { type: "closed", at: command.at, note }, refusal: null };
    }
    case "snooze":
      return snooze(state, command);
    case "dismiss":
      return dismiss(state, command);
    default:
      return command satisfies never;
  }
}

function observe(state: Case | null, seen: Observation): CaseEvent | null {
  if (!isStanding(state)) return opens(seen) ? event(null, seen, { transition: "opened", alert: "opened" }) : null;
  const over = overBecause(state, seen);
  if (over !== null && opens(seen)) return event(null, seen, { transition: "opened", alert: "opened", note: over });
  if (over !== null) return event(state, seen, { transition: "closed", note: over });
  if (isWorse(state, seen)) return event(state, seen, { transition: "worsened", alert: "worsened" });
  const calm = calmAfter(state, seen);
  if (calm !== null && calm.days >= seen.days && state.status !== "dismissed") {
    return event(state, seen, { transition: "recovered", calm, note: recovery(state, seen, calm.days) });
  }
  return event(state, seen, { transition: "unchanged", alert: alertDue(state, seen), calm });
}

function opens({ score, enter, hasChurned }: Observation): boolean {
  return score !== null && score >= enter - rounding && !hasChurned;
}

function isWorse(state: Case, { score, step }: Observation): boolean {
  return score !== null && score >= state.known_score + step - rounding;
}

/** Why the case is about nothing any more; null: it still is. */
function overBecause(
  { customer: before }: Case,
  now: Pick<Observation, "customer" | "hasChurned"> | null,
): string | null {
  if (now === null) return "The customer is no longer in the customer source.";
  if (now.hasChurned) return "The customer has churned.";
  const { renewal_date: date } = now.customer;
  if (before.renewal_date === null || date === null) return null;
  const moved = daysBetween(before.renewal_date, date);
  return moved > newTermDays ? `A new term has begun: the renewal is on ${date}, was on ${before.renewal_date}.` : null;
}

/** K4. The same day twice, or a clock that went back, adds none; at or over the exit it begins anew. */
function calmAfter({ calm }: Case, { score, exit, isCertain, today }: Observation): Case["calm"] {
  if (score === null) return calm;
  if (score >= exit - rounding) return null;
  if (!isCertain || calm?.last === today) return calm;
  return calm === null || today < calm.last ? { days: 1, last: today } : { days: calm.days + 1, last: today };
}

/** Nothing has changed: is somebody to be asked all the same? */
function alertDue(state: Case, { score, exit, at, asked, isUnanswered }: Observation): AlertReason | null {
  if (score === null) return null;
  if (asked) return "asked";
  if (score < exit - rounding || state.status === "dismissed") return null;
  if (state.snooze !== null) return at >= state.snooze.until ? "snooze_over" : null;
  return isUnanswered ? "unanswered" : null;
}

function recovery(state: Case, { score, exit }: Observation, days: number): string {
  const now = score === null ? "" : `, now ${score.toFixed(2)}`;
  return `Under ${exit.toFixed(2)} on ${days === 1 ? "an assessed day" : `${days} assessed days in a row`}: ${state.opened_score.toFixed(2)} then${now}.`;
}

/** `state` null: a new case begins. */
function event(
  state: Case | null,
  seen: Observation,
  what: { transition: Transition; alert?: AlertReason | null; note?: string; calm?: Case["calm"] },
): CaseEvent {
  const { key, at, score, reason, customer, executionId } = seen;
  const { transition, alert = null, note = null, calm = null } = what;
  const status = statusAfter(state, transition, alert);
  const finding: Finding = {
    key,
    at,
    transition,
    alert,
    score,
    previous_score: state?.score ?? null,
    asked_in: state?.asked_in ?? null,
    status,
    snoozed_until: status === "snoozed" ? (state?.snooze?.until ?? null) : null,
    since: state?.opened_at ?? at,
    opened_score: state?.opened_score ?? score ?? 0,
    note,
  };
  const kept = customer.renewal_date ?? state?.customer.renewal_date ?? null;
  return { type: "found", at, reason, customer: { ...customer, renewal_date: kept }, finding, executionId, calm };
}

function statusAfter(state: Case | null, transition: Transition, alert: AlertReason | null): Case["status"] {
  if (transition === "recovered" || transition === "closed") return "closed";
  if (state === null || transition === "worsened" || alert === "snooze_over") return "open";
  return state.status;
}

function snooze(state: Case | null, command: Extract<CaseCommand, { type: "snooze" }>): CaseDecided {
  const refusal = wordRefusal(state, command.version);
  if (refusal !== null) return refuse(refusal);
  const { at, by, until, reason } = command;
  if (until <= at) return refuse("past");
  if (until - at > longestSnoozeMs) return refuse("too_far");
  if (reason.trim() === "") return refuse("reason_missing");
  return { event: { type: "snoozed", at, by, until, reason: reason.trim() }, refusal: null };
}

function dismiss(state: Case | null, command: Extract<CaseCommand, { type: "dismiss" }>): CaseDecided {
  const refusal = wordRefusal(state, command.version);
  if (refusal !== null) return refuse(refusal);
  const { at, by, why, note } = command;
  return { event: { type: "dismissed", at, by, why, note: note?.trim() || null }, refusal: null };
}

/** `version` null: whatever it is by now. */
function wordRefusal(state: Case | null, version: number | null): CaseRefusal | null {
  if (!isStanding(state)) return "no_case";
  return version === null || version === state.version ? null : "overtaken";
}

const refuse = (refusal: CaseRefusal): CaseDecided => ({ event: null, refusal });
