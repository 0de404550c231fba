/**
 * The decider: `decide(state, command, context) → events` (D1).
 *
 * Job: say what follows from a command, and nothing that has already been said. Non-job: no I/O, no clock, no randomness;
 * what was found outside comes in the command.
 *
 * - C1. A command that no longer applies gives no events: a late answer, a second settlement, a timer that was overtaken.
 * - C2. A terminal status is final but for `redriven`.
 * - C3. What follows by the rules of readiness.ts follows in the same append.
 */
import type { EffectKind, PlannedEffect } from "../flow/effect.ts";
import type { ExecutionEvent } from "../flow/event.ts";
import { evolve, type ApprovalState, type ExecutionState, type StepEffect, type StepState } from "../flow/execution.ts";
import type { Failure } from "../flow/failure.ts";
import { isRetryable } from "../flow/failure.ts";
import type { ApprovalStep } from "../flow/flow.ts";
import type { Json } from "../flow/json.ts";
import { dueApprovalTime, escalation } from "./approval-times.ts";
import { defaultRetry, retryDelayMs } from "./backoff.ts";
import type { Asking, Command, EffectResult, Found } from "./command.ts";
import type { RefusalReason } from "./engine.ts";
import { blockedSteps, end, gate, hasEnded, stepDefinition, stepState } from "./readiness.ts";

export type Idempotency = Record<EffectKind, "native" | "lookup" | "none">;

export interface DecideContext {
  now: number;
  /** 0 ≤ x < 1: the jitter's draw. */
  fraction: number;
  idempotency: Idempotency;
}

export interface Decided {
  events: ExecutionEvent[];
  refusal: RefusalReason | null;
}

/** The tenth lost attempt fails the step: one that kills its process must not loop for ever (D3). */
const lostAttemptsAllowed = 9;

const refuse = (refusal: RefusalReason): Decided => ({ events: [], refusal });
const accept = (events: ExecutionEvent[]): Decided => ({ events, refusal: null });

export function decide(state: ExecutionState, command: Command, context: DecideContext): Decided {
  const decided = decideAlone(state, command, context);
  if (decided.events.length === 0) return decided;
  return { ...decided, events: withConsequences(state, decided.events, context.now) };
}

function decideAlone(state: ExecutionState, command: Command, context: DecideContext): Decided {
  if (command.type === "redrive") return redrive(state, command.person, context.now);
  // After its end too: its last message may not have been shown yet, and a redrive needs one owner.
  if (command.type === "take_over") return accept(takeOver(state, command.owner, context));
  if (command.type === "post_card") {
    const { card, channel, ts } = command;
    return accept([{ type: "card_posted", at: context.now, card, channel, ts }]);
  }
  if (state.status !== "running")
    return command.type === "vote" || command.type === "edit" ? refuse("already_decided") : refuse("unknown");
  switch (command.type) {
    case "begin_step":
      return accept(beginStep(state, command.stepId, command.found, context));
    case "retry_step":
      return accept(retryStep(state, command.stepId, context));
    case "answer":
      return accept(answer(state, command, context.now));
    case "plan_effects":
      return accept(planEffects(state, command, context));
    case "settle_effect":
      return accept(settleEffect(state, command, context));
    case "fail":
      return accept(fail(state, command, context));
    case "ask_approval":
      return accept(askApproval(state, command.stepId, command.asking, context.now));
    case "vote":
      return vote(state, command, context.now);
    case "edit":
      return edit(state, command, context.now);
    case "remind":
      return accept(remindApproval(state, command.stepId, context.now));
    case "escalate":
      return accept(escalateApproval(state, command.stepId, context.now));
    case "resolve_doubt":
      return resolveDoubt(state, command, context);
    case "expire_approval":
      return accept(expireApproval(state, command.stepId, context.now));
    case "plan_notice":
      return accept(planNotice(state, command.effect, context));
    case "settle_notice":
      return accept(settleNotice(state, command.result, context.now));
    default:
      return command satisfies never;
  }
}

/** C3: skips and the end, until nothing more follows. */
export function withConsequences(before: ExecutionState, events: ExecutionEvent[], now: number): ExecutionEvent[] {
  const all = [...events];
  let state = events.reduce(evolve, before);
  for (;;) {
    const next = consequences(state, now);
    if (next.length === 0) return all;
    all.push(...next);
    state = next.reduce(evolve, state);
  }
}

function consequences(state: ExecutionState, now: number): ExecutionEvent[] {
  if (state.status !== "running") return [];
  const skipped = blockedSteps(state).map((step_id): ExecutionEvent => ({
    type: "step_skipped",
    at: now,
    step_id,
    reason: "upstream",
  }));
  if (skipped.length > 0) return skipped;
  const reached = end(state);
  if (reached === null) return [];
  if (reached.status === "succeeded") return [{ type: "execution_succeeded", at: now, outcome: reached.outcome }];
  if (isNoticeOpen(state)) return [];
  return [{ type: "execution_failed", at: now, step_id: reached.stepId, failure: reached.failure }];
}

/** A failed execution tells its `failure_notification` before it ends (F1). */
export function isNoticeDue(state: ExecutionState): boolean {
  return state.notice === null && isNoticeOpen(state);
}

function isNoticeOpen(state: ExecutionState): boolean {
  if (state.status !== "running" || end(state)?.status !== "failed") return false;
  if (state.definition.failure_notification === null) return false;
  return state.notice === null || state.notice.state.status === "planned" || state.notice.state.status === "begun";
}

/** An attempt that has not ended and still has something to do. */
export function hasActiveAttempt(step: StepState): boolean {
  const last = step.attempts.at(-1);
  return step.status === "running" && last !== undefined && last.endedAt === null && isUnsettled(step);
}

function isUnsettled(step: StepState): boolean {
  return (
    step.effects === null || step.effects.some(({ state }) => state.status === "planned" || state.status === "begun")
  );
}

function isCurrent(step: StepState, attempt: number): boolean {
  return !hasEnded(step) && step.attempts.at(-1)?.number === attempt && step.attempts.at(-1)?.endedAt === null;
}

function takeOver(state: ExecutionState, owner: string, context: DecideContext): ExecutionEvent[] {
  const { now } = context;
  const events: ExecutionEvent[] = [{ type: "taken_over", at: now, owner, epoch: state.epoch + 1 }];
  for (const { id } of state.definition.steps) {
    const step = stepState(state, id);
    if (hasActiveAttempt(step)) events.push(...loseAttempt(step, context));
  }
  const { notice } = state;
  if (notice?.state.status === "begun") events.push(...doubtNotice(state, notice, now));
  return events;
}

/** The attempt in flight died with its process: what can be asked or repeated is, what can't is in doubt (E2). */
function loseAttempt(step: StepState, context: DecideContext): ExecutionEvent[] {
  const { now } = context;
  const attempt = step.attempts.length;
  const events: ExecutionEvent[] = [{ type: "attempt_lost", at: now, step_id: step.id, attempt }];
  if (step.lostAttempts >= lostAttemptsAllowed) {
    const cause = `The process died ${step.lostAttempts + 1} times while this step ran; it is not tried again.`;
    return [...events, { type: "step_failed", at: now, step_id: step.id, failure: { error: "Step.Lost", cause } }];
  }
  const doubted = (step.effects ?? []).filter((effect) => isLost(effect, context));
  const cause = "The process stopped while it was being sent, and the service cannot be asked.";
  for (const { key } of doubted) events.push({ type: "effect_doubted", at: now, step_id: step.id, key, cause });
  const rest = (step.effects ?? []).filter(
    (effect) => !doubted.includes(effect) && (effect.state.status === "begun" || effect.state.status === "planned"),
  );
  if (step.effects === null || rest.length > 0)
    events.push(...startAttempt(step, attempt + 1, step.effects ?? [], context));
  return events;
}

function isLost(effect: StepEffect, context: DecideContext): boolean {
  return effect.state.status === "begun" && context.idempotency[effect.planned.effect.kind] === "none";
}

/** `step_started`, and the keys of what it will send where the service can't refuse a repeat (E2). */
function startAttempt(
  step: StepState,
  attempt: number,
  effects: readonly StepEffect[],
  context: DecideContext,
  parameters = step.parameters ?? {},
): ExecutionEvent[] {
  const open = effects.filter(({ state }) => state.status === "planned" || state.status === "failed");
  return [
    { type: "step_started", at: context.now, step_id: step.id, attempt, parameters },
    ...beginEffects(step.id, open, context),
  ];
}

function beginEffects(
  stepId: string,
  effects: readonly { key: string; planned: PlannedEffect }[],
  context: DecideContext,
): ExecutionEvent[] {
  return effects
    .filter(({ planned }) => context.idempotency[planned.effect.kind] !== "native")
    .map(({ key }): ExecutionEvent => ({ type: "effect_begun", at: context.now, step_id: stepId, key }));
}

function beginStep(state: ExecutionState, stepId: string, found: Found, context: DecideContext): ExecutionEvent[] {
  const step = stepState(state, stepId);
  if (step.status !== "pending" || gate(state, stepId) !== "open") return [];
  const at = context.now;
  switch (found.kind) {
    case "condition_false":
      return [{ type: "step_skipped", at, step_id: stepId, reason: "condition" }];
    case "failure":
      return [{ type: "step_failed", at, step_id: stepId, failure: found.failure }];
    case "parameters":
      return startAttempt(step, step.attempts.length + 1, step.effects ?? [], context, found.parameters);
    case "plan": {
      const attempt = step.attempts.length + 1;
      const { parameters, output, effects } = found.plan;
      if (step.effects !== null) return startAttempt(step, attempt, step.effects, context, parameters);
      return planWithin(
        state,
        [{ type: "step_started", at, step_id: stepId, attempt, parameters }],
        { stepId, output, effects },
        context,
      );
    }
    default:
      return found satisfies never;
  }
}

function retryStep(state: ExecutionState, stepId: string, context: DecideContext): ExecutionEvent[] {
  const step = stepState(state, stepId);
  if (step.status !== "running" || hasActiveAttempt(step) || step.retryAt === null || step.retryAt > context.now)
    return [];
  return startAttempt(step, step.attempts.length + 1, step.effects ?? [], context);
}

function answer(state: ExecutionState, command: Extract<Command, { type: "answer" }>, now: number): ExecutionEvent[] {
  const step = stepState(state, command.stepId);
  if (!isCurrent(step, command.attempt)) return [];
  return [{ type: "step_succeeded", at: now, step_id: step.id, output: command.output }];
}

function planEffects(
  state: ExecutionState,
  command: Extract<Command, { type: "plan_effects" }>,
  context: DecideContext,
): ExecutionEvent[] {
  const step = stepState(state, command.stepId);
  if (!isCurrent(step, command.attempt) || step.effects !== null) return [];
  return planWithin(state, [], command, context);
}

function planWithin(
  state: ExecutionState,
  before: ExecutionEvent[],
  plan: { stepId: string; output: Json; effects: PlannedEffect[] },
  context: DecideContext,
): ExecutionEvent[] {
  const { stepId, output, effects } = plan;
  const at = context.now;
  if (effects.length === 0) return [...before, { type: "step_succeeded", at, step_id: stepId, output }];
  const events: ExecutionEvent[] = [...before, { type: "effects_planned", at, step_id: stepId, output, effects }];
  const planned = stepState(events.reduce(evolve, state), stepId).effects ?? [];
  return [...events, ...beginEffects(stepId, planned, context)];
}

function effectEvent(stepId: string, key: string, result: EffectResult, at: number): ExecutionEvent {
  switch (result.kind) {
    case "performed":
      return { type: "effect_performed", at, step_id: stepId, key, receipt: result.receipt };
    case "failed":
      return { type: "effect_failed", at, step_id: stepId, key, failure: result.failure };
    case "doubtful":
      return { type: "effect_doubted", at, step_id: stepId, key, cause: result.cause };
    default:
      return result satisfies never;
  }
}

function settleEffect(
  state: ExecutionState,
  command: Extract<Command, { type: "settle_effect" }>,
  context: DecideContext,
): ExecutionEvent[] {
  const step = stepState(state, command.stepId);
  const effect = step.effects?.find(({ key }) => key === command.key);
  if (effect === undefined || !isCurrent(step, command.attempt)) return [];
  if (effect.state.status !== "begun" && effect.state.status !== "planned") return [];
  const settled = effectEvent(step.id, command.key, command.result, context.now);
  const retryAfterMs = command.result.kind === "failed" ? command.result.retryAfterMs : null;
  return [
    settled,
    ...endOfEffects(evolve(state, settled), step.id, { attempt: command.attempt, retryAfterMs }, context),
  ];
}

/** Once nothing of the attempt is under way: done, failed (tried again or not), or waiting for a word on a doubt. */
function endOfEffects(
  state: ExecutionState,
  stepId: string,
  attempt: { attempt: number; retryAfterMs: number | null },
  context: DecideContext,
): ExecutionEvent[] {
  const step = stepState(state, stepId);
  const effects = step.effects ?? [];
  if (isUnsettled(step)) return [];
  const failures = effects.flatMap(({ state: fate }) => (fate.status === "failed" ? [fate.failure] : []));
  const failure = failures.find((one) => !isRetryable(one)) ?? failures[0];
  if (failure !== undefined) return failAttempt(state, { stepId, ...attempt, failure }, context);
  if (effects.some(({ state: fate }) => fate.status === "doubtful")) return [];
  return [{ type: "step_succeeded", at: context.now, step_id: stepId, output: step.plannedOutput }];
}

function fail(
  state: ExecutionState,
  command: Extract<Command, { type: "fail" }>,
  context: DecideContext,
): ExecutionEvent[] {
  const step = stepState(state, command.stepId);
  const asking = stepDefinition(state, step.id).kind === "approval";
  const applies = asking
    ? step.approval === null && !hasEnded(step) && command.attempt === step.attempts.length + 1
    : isCurrent(step, command.attempt);
  return applies ? failAttempt(state, command, context) : [];
}

function failAttempt(
  state: ExecutionState,
  attempt: { stepId: string; attempt: number; failure: Failure; retryAfterMs: number | null },
  context: DecideContext,
): ExecutionEvent[] {
  const { stepId, failure, retryAfterMs } = attempt;
  const definition = stepDefinition(state, stepId);
  const policy = definition.kind === "agent" ? definition.retry : defaultRetry;
  const failed = stepState(state, stepId).failedAttempts + 1;
  const delay = retryDelayMs({ policy, failure, failed, retryAfterMs, fraction: context.fraction });
  const at = context.now;
  const retry_at = delay === null ? null : at + delay;
  const ended: ExecutionEvent = {
    type: "attempt_failed",
    at,
    step_id: stepId,
    attempt: attempt.attempt,
    failure,
    retry_at,
  };
  return delay === null ? [ended, { type: "step_failed", at, step_id: stepId, failure }] : [ended];
}

function askApproval(state: ExecutionState, stepId: string, asking: Asking, at: number): ExecutionEvent[] {
  const step = stepState(state, stepId);
  const definition = stepDefinition(state, stepId);
  if (definition.kind !== "approval" || hasEnded(step) || step.approval !== null) return [];
  const after = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : at + ms);
  const { approvers, escalateTo, isEscalated, plans, later, hash, history, listed } = asking;
  const requested: ExecutionEvent = {
    type: "approval_requested",
    at,
    step_id: stepId,
    approvers,
    plans,
    later,
    hash,
    quorum: definition.quorum,
    expires_at: after(definition.timeout_ms),
    version: 1,
    remind_at: after(definition.remind_after_ms),
    escalate_at: escalateTo.length === 0 ? null : after(definition.escalate?.after_ms),
    escalate_to: escalateTo,
    history,
    listed,
  };
  const { approval } = stepState(evolve(state, requested), stepId);
  if (!isEscalated || approval === null) return [requested];
  return [requested, escalation(definition, approval, at, "no_approver")];
}

/** A3: the edit and what is planned for it become true together; buttons of the version before are overtaken. */
function edit(state: ExecutionState, command: Extract<Command, { type: "edit" }>, at: number): Decided {
  const refusal = voteRefusal(state, { ...command, decision: "approve", reason: null }, at, { voting: false });
  if (refusal !== null) return refuse(refusal);
  const { stepId, person, edits, proposal, version } = command;
  const { plans, later, hash } = proposal;
  const edited = { at, step_id: stepId, by: person, edits, plans, later, hash, version: version + 1 };
  return accept([{ type: "approval_edited", ...edited }]);
}

function remindApproval(state: ExecutionState, stepId: string, at: number): ExecutionEvent[] {
  const { approval } = stepState(state, stepId);
  if (approval === null || dueApprovalTime(approval, at) !== "remind") return [];
  return [{ type: "approval_reminded", at, step_id: stepId }];
}

function escalateApproval(state: ExecutionState, stepId: string, at: number): ExecutionEvent[] {
  const { approval } = stepState(state, stepId);
  const definition = stepDefinition(state, stepId);
  if (approval === null || definition.kind !== "approval" || dueApprovalTime(approval, at) !== "escalate") return [];
  return [escalation(definition, approval, at, "after")];
}

/** A1: each person's first valid vote counts; the first rejection ends, or `quorum` approvals. */
function vote(state: ExecutionState, command: Extract<Command, { type: "vote" }>, now: number): Decided {
  const refusal = voteRefusal(state, command, now);
  if (refusal !== null) return refuse(refusal);
  const { stepId, person, decision, reason } = command;
  const approval = stepState(state, stepId).approval;
  const approvals = (approval?.votes ?? []).filter((cast) => cast.decision === "approve").length + 1;
  const events: ExecutionEvent[] = [{ type: "vote_cast", at: now, step_id: stepId, decision, by: person, reason }];
  if (decision === "reject") events.push({ type: "approval_ended", at: now, step_id: stepId, status: "rejected" });
  else if (approvals >= (approval?.quorum ?? 1)) {
    events.push({ type: "approval_ended", at: now, step_id: stepId, status: "approved" });
  }
  return accept(events);
}

/** The part of A1 and A2 that the log alone can answer; whether the person is an approver is asked of the workspace. */
export function voteRefusal(
  state: ExecutionState,
  command: {
    stepId: string;
    version: number;
    person: { user_id: string };
    decision: "approve" | "reject";
    reason: string | null;
  },
  now: number,
  { reasonGiven = true, voting = true }: { reasonGiven?: boolean; voting?: boolean } = {},
): RefusalReason | null {
  const step = state.steps[command.stepId];
  const definition = state.definition.steps.find(({ id }) => id === command.stepId);
  if (!step?.approval || definition?.kind !== "approval") return "unknown";
  const { approval } = step;
  if (approval.status === "expired" || approval.status === "withdrawn") return approval.status;
  if (approval.status !== "pending") return "already_decided";
  if (approval.expiresAt !== null && now >= approval.expiresAt && !willBeHandedOver(definition, approval))
    return "expired";
  if (command.version !== approval.version) return "overtaken";
  if (voting && approval.votes.some(({ by }) => by.user_id === command.person.user_id)) return "already_voted";
  if (!definition.requester_may_decide && requesterId(state) === command.person.user_id) return "requester";
  const reasonMissing = reasonGiven && definition.reason_required.includes(command.decision) && !command.reason?.trim();
  return reasonMissing ? "reason_missing" : null;
}

/** The timer that hands it over may ring a moment late; a click in that moment isn't too late. */
function willBeHandedOver({ on_timeout }: ApprovalStep, { escalateTo, escalated }: ApprovalState): boolean {
  return on_timeout === "escalate" && escalateTo.length > 0 && escalated?.reason !== "timeout";
}

export function requesterId(state: ExecutionState): string | null {
  return state.startedBy.type === "manual" ? (state.startedBy.person?.user_id ?? null) : null;
}

function resolveDoubt(
  state: ExecutionState,
  command: Extract<Command, { type: "resolve_doubt" }>,
  context: DecideContext,
): Decided {
  const found = findEffect(state, command.key);
  if (found === null) return refuse("unknown");
  const { step, effect } = found;
  if (effect.state.status !== "doubtful") return refuse("already_decided");
  const { key, answer: word, person: by } = command;
  const resolved: ExecutionEvent = { type: "doubt_resolved", at: context.now, step_id: step.id, key, answer: word, by };
  const after = evolve(state, resolved);
  const next = stepState(after, step.id);
  if (word === "send_again") {
    return accept([resolved, ...startAttempt(next, next.attempts.length + 1, next.effects ?? [], context)]);
  }
  const attempt = { attempt: step.attempts.length, retryAfterMs: null };
  return accept([resolved, ...endOfEffects(after, step.id, attempt, context)]);
}

export function findEffect(state: ExecutionState, key: string): { step: StepState; effect: StepEffect } | null {
  for (const step of Object.values(state.steps)) {
    const effect = step.effects?.find((one) => one.key === key);
    if (effect !== undefined) return { step, effect };
  }
  return null;
}

function expireApproval(state: ExecutionState, stepId: string, at: number): ExecutionEvent[] {
  const { approval } = stepState(state, stepId);
  const definition = stepDefinition(state, stepId);
  if (approval === null || definition.kind !== "approval" || dueApprovalTime(approval, at) !== "expire") return [];
  const handsOver = definition.on_timeout === "escalate" && approval.escalateTo.length > 0;
  if (handsOver && approval.escalated?.reason !== "timeout") return [escalation(definition, approval, at, "timeout")];
  const status = definition.on_timeout === "approve" ? "approved" : "expired";
  return [{ type: "approval_ended", at, step_id: stepId, status }];
}

function planNotice(state: ExecutionState, effect: PlannedEffect | null, context: DecideContext): ExecutionEvent[] {
  const reached = end(state);
  if (!isNoticeDue(state) || reached?.status !== "failed") return [];
  const at = context.now;
  if (effect === null) return [{ type: "execution_failed", at, step_id: reached.stepId, failure: reached.failure }];
  const planned: ExecutionEvent = {
    type: "effects_planned",
    at,
    step_id: reached.stepId,
    output: null,
    effects: [effect],
  };
  const key = evolve(state, planned).notice?.key ?? "";
  return [planned, { type: "effect_begun", at, step_id: reached.stepId, key }];
}

/** Whatever became of the mail, the execution ends; the failure card stands in Slack in any case. */
function settleNotice(state: ExecutionState, result: EffectResult, now: number): ExecutionEvent[] {
  const reached = end(state);
  if (state.notice?.state.status !== "begun" || reached?.status !== "failed") return [];
  return [effectEvent(reached.stepId, state.notice.key, result, now)];
}

function doubtNotice(state: ExecutionState, notice: StepEffect, now: number): ExecutionEvent[] {
  const reached = end(state);
  if (reached?.status !== "failed") return [];
  const cause = "The process stopped while it was being sent.";
  return [{ type: "effect_doubted", at: now, step_id: reached.stepId, key: notice.key, cause }];
}

function redrive(state: ExecutionState, by: Extract<Command, { type: "redrive" }>["person"], at: number): Decided {
  if (state.status === "running" || state.status === "succeeded") return refuse("already_decided");
  return accept([{ type: "redriven", at, by, steps: null, input: null }]);
}
