/** One planned effect's fate within an execution, as the log tells it. */
import { effectKey, type EffectState, type PlannedEffect } from "./effect.ts";
import type { EventOf, StepPart } from "./event.ts";
import type { Person } from "./person.ts";

export interface StepEffect {
  key: string;
  /** From 1; a person's "send again", or planning again after a compensation, makes the next (E1). */
  generation: number;
  planned: PlannedEffect;
  state: EffectState;
  resolution: { answer: "send_again" | "arrived"; by: Person; at: number } | null;
  /** When it was last begun, and in which attempt: one begun earlier may have arrived (E2). */
  begunAt: number | null;
  begunAttempt: number;
}

export type EffectEvent = EventOf<
  "effect_begun" | "effect_performed" | "effect_failed" | "effect_doubted" | "effect_held" | "doubt_resolved"
>;

/** Where an effect belongs: what its key is made of. */
export interface EffectOrigin {
  executionId: string;
  stepId: string;
  part: StepPart | null;
}

export function plannedEffect(key: string, planned: PlannedEffect, generation = 1): StepEffect {
  const state = { status: "planned" as const };
  return { key, generation, planned, state, resolution: null, begunAt: null, begunAttempt: 0 };
}

export function keyOf(origin: EffectOrigin, { target }: PlannedEffect, generation: number): string {
  return effectKey({ ...origin, target, generation });
}

/** What the next attempt performs: what is planned, what failed and so did not happen, what was held until now. */
export function isOpen({ state }: StepEffect, now: number): boolean {
  if (state.status === "planned" || state.status === "failed") return true;
  return state.status === "held" && state.hold.until !== null && state.hold.until <= now;
}

export function plannedAgain(effect: StepEffect, now: number): StepEffect {
  return isOpen(effect, now) ? { ...effect, state: { status: "planned" } } : effect;
}

/** Nothing has failed that is tried again: the next attempt only sends what is held until then. */
export function waitsForHeld({
  effects,
  retryAt,
}: {
  effects: readonly StepEffect[] | null;
  retryAt: number | null;
}): boolean {
  return retryAt !== null && heldUntil(effects ?? []) === retryAt;
}

/** When the first of what is held goes out; null: nothing is, or for good. */
export function heldUntil(effects: readonly StepEffect[]): number | null {
  const times = effects.flatMap(({ state }) => (state.status === "held" ? (state.hold.until ?? []) : []));
  return times.length === 0 ? null : Math.min(...times);
}

/** Nothing of its step goes on, so it does not go out at its time either. */
export function heldForGood(effect: StepEffect): StepEffect {
  const { state } = effect;
  return state.status === "held" ? { ...effect, state: { ...state, hold: { ...state.hold, until: null } } } : effect;
}

/** It may have reached the world: it is never planned anew. */
export function mayHaveHappened({ state, resolution }: StepEffect): boolean {
  return state.status === "performed" || state.status === "begun" || state.status === "doubtful" || resolution !== null;
}

export function evolveEffect(
  effect: StepEffect,
  event: EffectEvent,
  within: { attempt: number; nextKey: string } = { attempt: 1, nextKey: effect.key },
): StepEffect {
  switch (event.type) {
    case "effect_begun":
      return { ...effect, state: { status: "begun", at: event.at }, begunAt: event.at, begunAttempt: within.attempt };
    case "effect_performed":
      return { ...effect, state: { status: "performed", at: event.at, receipt: event.receipt } };
    case "effect_failed":
      return { ...effect, state: { status: "failed", at: event.at, failure: event.failure } };
    case "effect_doubted":
      return { ...effect, state: { status: "doubtful", at: event.at, cause: event.cause } };
    case "effect_held":
      return { ...effect, state: { status: "held", at: event.at, hold: event.hold } };
    case "doubt_resolved":
      return resolveDoubt(effect, event, within.nextKey);
    default:
      return event satisfies never;
  }
}

function resolveDoubt(effect: StepEffect, event: EventOf<"doubt_resolved">, nextKey: string): StepEffect {
  const resolution = { answer: event.answer, by: event.by, at: event.at };
  if (event.answer === "arrived")
    return { ...effect, resolution, state: { status: "performed", at: event.at, receipt: null } };
  return { ...effect, resolution, key: nextKey, generation: effect.generation + 1, state: { status: "planned" } };
}
