/**
 * What attempts and effects belong to, as the log tells it: the work of a step, of one item of a step that repeats, or of a
 * step's compensation.
 */
import {
  evolveEffect,
  heldForGood,
  heldUntil,
  keyOf,
  mayHaveHappened,
  plannedAgain,
  plannedEffect,
  type EffectEvent,
  type EffectOrigin,
  type StepEffect,
} from "./effect-state.ts";
import type { EventOf } from "./event.ts";
import type { Failure } from "./failure.ts";
import type { Json, JsonObject } from "./json.ts";

export interface AttemptState {
  number: number;
  startedAt: number;
  endedAt: number | null;
  failure: Failure | null;
  lost: boolean;
}

export type StepStatus = "pending" | "running" | "waiting" | "succeeded" | "failed" | "skipped" | "aborted";

export interface Work {
  status: StepStatus;
  startedAt: number | null;
  endedAt: number | null;
  parameters: JsonObject | null;
  attempts: AttemptState[];
  /** Since the start or the last redrive; lost ones are counted apart (D3). */
  failedAttempts: number;
  lostAttempts: number;
  retryAt: number | null;
  output: Json;
  failure: Failure | null;
  /** Null until planned. */
  effects: StepEffect[] | null;
  plannedOutput: Json;
  /** Of what is planned next: grows where a compensation has taken back what the one before did (E1). */
  generation: number;
  /** The execution of a `flow` step. */
  child: { executionId: string; hasEnded: boolean } | null;
}

export type WorkEvent = EventOf<
  | "step_started"
  | "attempt_lost"
  | "attempt_failed"
  | "effects_planned"
  | EffectEvent["type"]
  | "flow_started"
  | "flow_ended"
  | "step_succeeded"
  | "step_failed"
>;

export function freshWork(): Work {
  return {
    status: "pending",
    startedAt: null,
    endedAt: null,
    parameters: null,
    attempts: [],
    failedAttempts: 0,
    lostAttempts: 0,
    retryAt: null,
    output: null,
    failure: null,
    effects: null,
    plannedOutput: null,
    generation: 1,
    child: null,
  };
}

export function evolveWork<W extends Work>(origin: EffectOrigin, work: W, event: WorkEvent): W {
  switch (event.type) {
    case "step_started":
      return startAttempt(work, event);
    case "attempt_lost":
      return {
        ...work,
        attempts: endAttempt(work, event.at, { lost: true, failure: null }),
        lostAttempts: work.lostAttempts + 1,
      };
    case "attempt_failed":
      return {
        ...work,
        attempts: endAttempt(work, event.at, { lost: false, failure: event.failure }, event.attempt),
        status: "running",
        startedAt: work.startedAt ?? event.at,
        failedAttempts: work.failedAttempts + 1,
        retryAt: event.retry_at,
        failure: event.failure,
      };
    case "effects_planned": {
      const { generation } = work;
      const planned = event.effects.map((each) => plannedEffect(keyOf(origin, each, generation), each, generation));
      return { ...work, plannedOutput: event.output, effects: planned };
    }
    case "effect_begun":
    case "effect_performed":
    case "effect_failed":
    case "effect_doubted":
    case "effect_held":
    case "doubt_resolved": {
      const effects = (work.effects ?? []).map((effect) => settled(origin, work, effect, event));
      return park(settleDoubt({ ...work, effects, retryAt: heldUntil(effects) ?? work.retryAt }), event.at);
    }
    case "flow_started":
      return { ...work, status: "waiting", child: { executionId: event.execution_id, hasEnded: false } };
    case "flow_ended":
      return { ...work, child: { executionId: event.execution_id, hasEnded: true } };
    case "step_succeeded":
      return {
        ...work,
        attempts: endAttempt(work, event.at, { lost: false, failure: null }),
        child: work.child === null ? null : { ...work.child, hasEnded: true },
        status: "succeeded",
        output: event.output,
        failure: null,
        retryAt: null,
        endedAt: event.at,
      };
    case "step_failed":
      return {
        ...work,
        attempts: endAttempt(work, event.at, { lost: false, failure: event.failure }),
        status: "failed",
        failure: event.failure,
        effects: work.effects?.map(heldForGood) ?? null,
        retryAt: null,
        endedAt: event.at,
      };
    default:
      return event satisfies never;
  }
}

function settled(origin: EffectOrigin, work: Work, effect: StepEffect, event: EffectEvent): StepEffect {
  if (effect.key !== event.key) return effect;
  const nextKey = keyOf(origin, effect.planned, effect.generation + 1);
  return evolveEffect(effect, event, { attempt: work.attempts.length, nextKey });
}

function startAttempt<W extends Work>(work: W, event: EventOf<"step_started">): W {
  const attempt: AttemptState = {
    number: event.attempt,
    startedAt: event.at,
    endedAt: null,
    failure: null,
    lost: false,
  };
  const effects = work.effects?.map((effect) => plannedAgain(effect, event.at)) ?? null;
  return settleDoubt({
    ...work,
    status: "running",
    startedAt: work.startedAt ?? event.at,
    parameters: event.parameters,
    attempts: [...work.attempts.map((earlier) => ({ ...earlier, endedAt: earlier.endedAt ?? event.at })), attempt],
    effects,
    retryAt: heldUntil(effects ?? []),
  });
}

function endAttempt(
  { attempts }: Work,
  at: number,
  end: { lost: boolean; failure: Failure | null },
  number?: number,
): AttemptState[] {
  const last = attempts.at(-1);
  // Asking for an approval has no step_started of its own: its failed attempts are known by their end alone.
  if (last === undefined || last.endedAt !== null) {
    return number === undefined ? attempts : [...attempts, { number, startedAt: at, endedAt: at, ...end }];
  }
  return attempts.with(attempts.length - 1, { ...last, endedAt: at, ...end });
}

/** Work waits while one of its effects is in doubt and no attempt is under way (E2). */
function settleDoubt<W extends Work>(work: W): W {
  if (work.status !== "running" && work.status !== "waiting") return work;
  const doubtful = (work.effects ?? []).some((effect) => effect.state.status === "doubtful");
  const open = (work.effects ?? []).some(({ state }) => state.status === "begun" || state.status === "planned");
  const status = doubtful && !open ? "waiting" : "running";
  return status === work.status ? work : { ...work, status };
}

/** The attempt has done what it could: what it holds goes out with the next one, when its time has come. */
function park<W extends Work>(work: W, at: number): W {
  const { status, effects } = work;
  const isParked = (effects ?? []).every(({ state }) => state.status === "performed" || state.status === "held");
  if (status !== "running" || !isParked || heldUntil(effects ?? []) === null) return work;
  return { ...work, attempts: endAttempt(work, at, { lost: false, failure: null }) };
}

/** Cut off: nothing more of it begins, and what its attempts give is not heard. */
export function stopWork<W extends Work>(work: W, at: number): W {
  if (work.status === "succeeded" || work.status === "failed" || work.status === "skipped") return work;
  if (work.status === "aborted") return work;
  const attempts = work.attempts.map((attempt) => ({ ...attempt, endedAt: attempt.endedAt ?? at }));
  const effects = work.effects?.map(heldForGood) ?? null;
  return { ...work, status: "aborted", attempts, effects, retryAt: null, endedAt: at };
}

/** What was held back is looked at anew: limits and lists may have changed since. */
function askedAgain(effect: StepEffect): StepEffect {
  return effect.state.status === "held" ? { ...effect, state: { status: "planned" } } : effect;
}

/** What may have reached the world stays as it is, and is never planned anew (E1). */
export function workAgain(work: Work): Pick<Work, "attempts" | "effects" | "plannedOutput" | "generation" | "child"> {
  const { attempts, plannedOutput, child } = work;
  const isKept = work.effects?.some(mayHaveHappened) === true;
  const effects = isKept ? (work.effects ?? []).map(askedAgain) : null;
  return { attempts, plannedOutput, child, effects, generation: work.generation };
}
