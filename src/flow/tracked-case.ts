/** What `track_case` gives: how the case stands now, and whether a person is to be asked. Instants are ISO 8601. */
import { z } from "zod";
import { AlertReason, caseDay, caseId, type CaseReason, CaseStatus, type Finding, Transition } from "./case.ts";

const instant = z.iso.datetime().nullable();
const score = z.number().min(0).max(1).nullable();

export const TrackedCase = z.strictObject({
  case_id: z.string().nullable().describe("null: there is no case, and nothing opens one"),
  status: z.enum(["none", ...CaseStatus.options]),
  transition: Transition,
  alert: z
    .boolean()
    .describe("a person is to be asked: something has changed, a snooze is over, or nobody has answered"),
  alert_reason: AlertReason.nullable(),
  score,
  previous_score: score.describe("of the assessment before"),
  opened_score: score,
  since: instant.describe("when the case was opened"),
  day: z.number().int().positive().nullable().describe("days since then, from 1"),
  snoozed_until: instant,
  asked_in: z
    .string()
    .nullable()
    .describe("the execution that asked about it before this one; its card shows this finding"),
  note: z.string().nullable().describe("why it was closed"),
});
export type TrackedCase = z.infer<typeof TrackedCase>;

/** `finding` null: there is no case. */
export function trackedCase(parameters: {
  reason: CaseReason;
  customerId: string;
  score: number | null;
  finding: Finding | null;
}): TrackedCase {
  const { finding } = parameters;
  if (finding === null) return { ...none, score: parameters.score };
  const { transition, alert, previous_score, opened_score, since, at, snoozed_until, asked_in, note, status } = finding;
  return {
    case_id: caseId(parameters),
    status,
    transition,
    alert: alert !== null,
    alert_reason: alert,
    score: finding.score,
    previous_score,
    opened_score,
    since: iso(since),
    day: caseDay({ since, at }),
    snoozed_until: snoozed_until === null ? null : iso(snoozed_until),
    asked_in,
    note,
  };
}

const none: TrackedCase = {
  case_id: null,
  status: "none",
  transition: "unchanged",
  alert: false,
  alert_reason: null,
  score: null,
  previous_score: null,
  opened_score: null,
  since: null,
  day: null,
  snoozed_until: null,
  asked_in: null,
  note: null,
};

const iso = (at: number): string => new Date(at).toISOString();
