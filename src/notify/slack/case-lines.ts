/** A case in words: why a card asks, what has been found since, who set it aside. */
import type { ApprovalCard, FinishedStep } from "../../flow/card.ts";
import type { Dismissal, SetAside } from "../../flow/case.ts";
import { localDate } from "../../flow/zone.ts";
import { type TrackedCase, TrackedCase as Schema } from "../../flow/tracked-case.ts";
import { piece } from "./escape.ts";
import { day, dotted, moment, readersTime } from "./format.ts";

export const trackCaseAction = "track_case";

/** Null: the card is about no case. */
export function findCase(outputs: readonly FinishedStep[]): TrackedCase | null {
  for (const { action, output } of outputs) {
    if (action !== trackCaseAction) continue;
    const tracked = Schema.safeParse(output);
    if (tracked.success && tracked.data.case_id !== null) return tracked.data;
  }
  return null;
}

/** Why somebody is asked again; what has just been opened needs no words. */
export function alertLines({ outputs, now, timezone }: ApprovalCard): string[] {
  const found = findCase(outputs);
  if (found === null || found.alert_reason === null || found.alert_reason === "opened") return [];
  const why = {
    worsened: "Worse since this was last asked",
    snooze_over: "The snooze is over, and it is still at risk",
    unanswered: "Asked again: nobody answered the last time",
    asked: "Somebody asked to see it",
  }[found.alert_reason];
  const since = found.since === null ? null : localDate({ at: Date.parse(found.since), timezone });
  const opened = since === null ? null : `open since ${day(since, localDate({ at: now, timezone }))}`;
  const then = found.opened_score === null ? null : `${found.opened_score.toFixed(2)} then`;
  return [dotted([why, [opened, then].filter(Boolean).join(", ")])];
}

/** How the case stood when this was asked. */
export function caseStandingLines({ outputs, now, timezone }: ApprovalCard): string[] {
  const found = findCase(outputs);
  if (found === null) return [];
  const since = found.since === null ? null : localDate({ at: Date.parse(found.since), timezone });
  const opened = since === null ? null : `since ${day(since, localDate({ at: now, timezone }))}`;
  const then = found.opened_score === null ? null : `risk ${found.opened_score.toFixed(2)} when it was opened`;
  const standing = `${found.status}${found.day === null ? "" : `, day ${found.day}`}`;
  return [`*Case* ${dotted([standing, opened, then])}`];
}

/** What a later assessment found, on the card that asked about the case last. */
export function caseNoteLines({ caseNote }: ApprovalCard): string[] {
  if (caseNote === null) return [];
  const { transition, alert, day: number, score, opened_score, note } = caseNote;
  const then = opened_score === null ? "" : `, was ${opened_score.toFixed(2)}`;
  const risk = score === null ? "no new assessment" : `risk *${score.toFixed(2)}*${then}`;
  if (transition === "recovered") return [`*Recovered* on day ${number} · ${piece(note ?? "", 300)}`];
  if (transition === "closed") return [`*Case closed* on day ${number} · ${piece(note ?? "", 300)}`];
  const word = transition === "worsened" ? "*Worse*" : "*Still open*";
  return [dotted([`${word}, day ${number}`, risk, alert ? "a newer card asks" : null])];
}

/** "Snoozed until Fri 4 Dec 09:00", "Dismissed as wrong data". */
export function asideWords(aside: SetAside, timezone: string): string {
  return aside.kind === "snooze"
    ? `Snoozed until ${readersTime(aside.until, moment({ at: aside.until, timezone }))}`
    : `Dismissed as ${dismissalWords[aside.why]}`;
}

export const dismissalWords: Readonly<Record<Dismissal, string>> = {
  known: "known",
  wrong_data: "wrong data",
  not_a_risk: "not a risk",
};
