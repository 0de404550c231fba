/**
 * The decider: `decide(state, command, context) → events` (D1).
 *
 * Job: say what follows from a command, and nothing that has already been said. Non-job: no I/O, no clock, no randomness;
 * what was found outside comes in the command.
 *
 * - C1. A command that no longer applies gives no events: a late answer, a second settlement, a timer that was overtaken.
 * - C2. A terminal status is final but for `redriven`; what became of an effect is noted after it all the same.
 * - C3. What follows by the rules of readiness.ts follows in the same append.
 */
import type { CaseNote, ExecutionEvent } from "../flow/event.ts";
import { evolve, type ExecutionState } from "../flow/execution.ts";
import { allWorks } from "../flow/step-state.ts";
import type { Command } from "./command.ts";
import { askApproval, edit, escalateApproval, expireApproval, remindApproval, vote } from "./decide/approvals.ts";
import { answer, doubtLost, fail, loseAttempt, retry } from "./decide/attempts.ts";
import { hasActiveAttempt } from "./decide/work.ts";
import { begin, endWait } from "./decide/begin.ts";
import { beginCompensation, isCompensating } from "./decide/compensation.ts";
import { accept, refuse, type DecideContext, type Decided } from "./decide/context.ts";
import { planEffects, resolveDoubt, settleEffect } from "./decide/effects.ts";
import { endedRepetitions } from "./decide/items.ts";
import { doubtNotice, isNoticeOpen, planNotice, settleNotice } from "./decide/notice.ts";
import { redrive } from "./decide/redrive.ts";
import { endOutside, noteAnswered, noteService, noteUnheard } from "./decide/service.ts";
import { abort, timeOut, withdrawals } from "./decide/stop.ts";
import { endChild, noteChild, timeOutChild } from "./decide/sub-flow.ts";
import { isPassedOn } from "./owed.ts";
import { blockedSteps, end, isToBeTakenBack, stepState } from "./readiness.ts";

export type { DecideContext, Decided, Idempotency } from "./decide/context.ts";

/** With the state that the events lead to. */
export function decide(
  state: ExecutionState,
  command: Command,
  context: DecideContext,
): Decided & { state: ExecutionState } {
  const decided = decideAlone(state, command, context);
  return { ...decided, ...withConsequences(state, decided.events, context.now) };
}

function decideAlone(state: ExecutionState, command: Command, context: DecideContext): Decided {
  if (isForAnyTime(command)) return decideAtAnyTime(state, command, context);
  if (state.status === "running") return decideRunning(state, command, context);
  const isAnswered = command.type === "vote" || command.type === "edit" || command.type === "abort";
  return refuse(isAnswered ? "already_decided" : "unknown");
}

/** After the end too: its last message may not have been shown yet, and a redrive needs one owner. */
const forAnyTimeTypes = [
  "redrive",
  "take_over",
  "post_card",
  "settle_effect",
  "end_child",
  "resolve_doubt",
  "note_case",
  "note_service",
  "note_answered",
  "note_unheard",
] as const;
type AnyTimeCommand = Extract<Command, { type: (typeof forAnyTimeTypes)[number] }>;
const forAnyTime: ReadonlySet<string> = new Set(forAnyTimeTypes);

function isForAnyTime(command: Command): command is AnyTimeCommand {
  return forAnyTime.has(command.type);
}

function decideAtAnyTime(state: ExecutionState, command: AnyTimeCommand, context: DecideContext): Decided {
  const { now } = context;
  switch (command.type) {
    case "redrive":
      return redrive(state, command, now);
    case "take_over":
      return accept(command.epoch === state.epoch ? takeOver(state, command.owner, context) : []);
    case "post_card":
      return accept([{ type: "card_posted", at: now, card: command.card, channel: command.channel, ts: command.ts }]);
    case "settle_effect":
      return accept(settleEffect(state, command, context));
    case "end_child":
      return accept(endChild(state, command, command.child, now));
    case "resolve_doubt":
      return resolveDoubt(state, command, context);
    case "note_case":
      return accept(noteCase(state, command.note, now));
    case "note_service":
      return accept(noteService(state, command, now));
    case "note_answered":
      return accept(noteAnswered(state, command, now));
    case "note_unheard":
      return accept(noteUnheard(state, command, now));
    default:
      return command satisfies never;
  }
}

/** Told again, or overtaken by a later finding, it says nothing new. */
function noteCase({ caseNote }: ExecutionState, note: CaseNote, at: number): ExecutionEvent[] {
  return caseNote !== null && caseNote.found_at >= note.found_at ? [] : [{ type: "case_noted", at, note }];
}

type RunningCommand = Exclude<Command, AnyTimeCommand>;

function decideRunning(state: ExecutionState, command: RunningCommand, context: DecideContext): Decided {
  const { now } = context;
  switch (command.type) {
    case "queue":
      return accept([{ type: "execution_queued", at: now, keys: command.keys }]);
    case "admit":
      return accept(admit(state, command.key, now));
    case "begin":
      return accept(begin(state, command, command.found, context));
    case "retry":
      return accept(retry(state, command, context));
    case "answer":
      return accept(answer(state, command, now));
    case "plan_effects":
      return accept(planEffects(state, command, context));
    case "fail":
      return accept(fail(state, command, context));
    case "note_child":
      return accept(noteChild(state, command, now));
    case "time_out_child":
      return accept(timeOutChild(state, command, now));
    case "end_wait":
      return accept(endWait(state, command.stepId, now));
    case "ask_approval":
      return accept(askApproval(state, command.stepId, command.asking, now));
    case "vote":
      return vote(state, command, now);
    case "edit":
      return edit(state, command, now);
    case "remind":
      return accept(remindApproval(state, command.stepId, now));
    case "escalate":
      return accept(escalateApproval(state, command.stepId, now));
    case "expire_approval":
      return accept(expireApproval(state, command.stepId, now));
    case "plan_notice":
      return accept(planNotice(state, command.effect, context, () => endEvents(state, now)));
    case "settle_notice":
      return accept(settleNotice(state, command.result, now));
    case "abort":
      return abort(state, command, now);
    case "time_out":
      return accept(timeOut(state, now));
    case "end_outside":
      return accept(endOutside(state, command.end, now));
    default:
      return command satisfies never;
  }
}

/** For who records what a service outside has come to. */
export function follow(
  state: ExecutionState,
  events: ExecutionEvent[],
  now: number,
): { events: ExecutionEvent[]; state: ExecutionState } {
  return withConsequences(state, events, now);
}

/** C3: skips, ends of repetitions, what is taken back, and the end, until nothing more follows. */
function withConsequences(
  before: ExecutionState,
  first: ExecutionEvent[],
  now: number,
): { events: ExecutionEvent[]; state: ExecutionState } {
  const events = [...first];
  let state = first.reduce(evolve, before);
  while (events.length > 0) {
    const next = consequences(state, now);
    if (next.length === 0) break;
    events.push(...next);
    state = next.reduce(evolve, state);
  }
  return { events, state };
}

function consequences(state: ExecutionState, now: number): ExecutionEvent[] {
  if (state.status !== "running") return [];
  if (state.stopping === null) {
    const repetitions = endedRepetitions(state, now);
    if (repetitions.length > 0) return repetitions;
    const withdrawn = isToBeTakenBack(state) ? withdrawals(state, now) : [];
    if (withdrawn.length > 0) return withdrawn;
    const skipped = blockedSteps(state).map((step_id): ExecutionEvent => ({
      type: "step_skipped",
      at: now,
      step_id,
      reason: "upstream",
    }));
    if (skipped.length > 0) return skipped;
  }
  const compensation = beginCompensation(state, now);
  if (compensation !== null) return [compensation];
  return isCompensating(state) || isNoticeOpen(state) ? [] : endEvents(state, now);
}

function endEvents(state: ExecutionState, at: number): ExecutionEvent[] {
  const reached = end(state);
  switch (reached?.status) {
    case undefined:
      return [];
    case "succeeded":
      return [{ type: "execution_succeeded", at, outcome: reached.outcome }];
    case "failed":
      return [{ type: "execution_failed", at, step_id: reached.stepId, failure: reached.failure }];
    case "timed_out":
      return [{ type: "execution_timed_out", at }];
    case "aborted":
      return [{ type: "execution_aborted", at, by: state.stopping?.by ?? null }];
    default:
      return reached satisfies never;
  }
}

function admit({ queued }: ExecutionState, key: string, at: number): ExecutionEvent[] {
  if (queued === null || !queued.keys.includes(key)) return [];
  const keys = queued.keys.filter((one) => one !== key);
  return [keys.length === 0 ? { type: "execution_admitted", at } : { type: "execution_queued", at, keys }];
}

function takeOver(state: ExecutionState, owner: string, context: DecideContext): ExecutionEvent[] {
  const { now } = context;
  const events: ExecutionEvent[] = [{ type: "taken_over", at: now, owner, epoch: state.epoch + 1 }];
  for (const { id: stepId } of state.definition.steps) {
    for (const { part, work } of allWorks(stepState(state, stepId))) {
      const of = { stepId, part };
      // What a service has under way is no process's of ours, so it isn't lost with one.
      if (state.service !== null && !isPassedOn(state, of)) continue;
      if (work.status === "aborted") events.push(...doubtLost(of, work, context));
      else if (hasActiveAttempt(work)) events.push(...loseAttempt(of, work, context));
    }
  }
  return state.service === null ? [...events, ...doubtNotice(state, now)] : events;
}
