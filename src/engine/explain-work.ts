/** What the work of a step, of an item or of a compensation waits for: an attempt, the next one, a sub-flow, a word on a doubt. */
import { waitsForHeld } from "../flow/effect-state.ts";
import type { StepPart } from "../flow/event.ts";
import type { ExecutionState, StepEffect, Work } from "../flow/execution.ts";
import { peopleReached } from "../flow/hold.ts";
import { summary } from "./cards.ts";
import { childWaits } from "./explain-child.ts";
import { nobody, type Around, type Waiting } from "./explain-waiting.ts";
import { unended } from "./explain-words.ts";
import { stepDefinition } from "./readiness.ts";
import { instant } from "./refusal.ts";

interface Of {
  state: ExecutionState;
  stepId: string;
  part: StepPart | null;
  work: Work;
  around: Around;
}

export function workWaits(of: Of): Waiting[] {
  return [...doubts(of), ...childWaits(of), ...held(of), ...retry(of), ...attempt(of)];
}

function doubts({ state, work }: Of): Waiting[] {
  const approvers = Object.values(state.steps).flatMap(({ approval }) => approval?.approvers ?? []);
  const people = ["an operator", ...new Set(approvers.map(({ label }) => label))];
  return (work.effects ?? []).flatMap((effect) => {
    if (effect.state.status !== "doubtful") return [];
    const asked = "An operator or an approver of this flow can say: send again, or it arrived.";
    const text = `Nobody knows whether this arrived: ${what(effect)}. ${asked}`;
    return [{ ...nobody, kind: "doubt" as const, text, people }];
  });
}

function held({ state, work }: Of): Waiting[] {
  return (work.effects ?? []).flatMap(({ planned, state: fate }) => {
    if (fate.status !== "held" || fate.hold.until === null) return [];
    const { cause, until } = fate.hold;
    const text = `${summary(planned.effect)} is held back until ${instant(until, state)}. ${cause}`;
    return [{ ...nobody, kind: "held" as const, text, until, people: peopleReached(planned.effect) }];
  });
}

function what({ planned }: StepEffect): string {
  return summary(planned.effect);
}

function retry({ state, work }: Of): Waiting[] {
  if (work.status !== "running" || work.retryAt === null || waitsForHeld(work)) return [];
  const failed = work.failure === null ? "failed" : `failed with ${work.failure.error}: ${unended(work.failure.cause)}`;
  const text = `Attempt ${work.attempts.length} ${failed}. The next begins ${instant(work.retryAt, state)}.`;
  return [{ ...nobody, kind: "retry", text, until: work.retryAt }];
}

function attempt({ state, stepId, part, work }: Of): Waiting[] {
  const last = work.attempts.at(-1);
  if (work.status !== "running" || last === undefined || last.endedAt !== null || work.retryAt !== null) return [];
  const step = stepDefinition(state, stepId);
  const bounded = step.kind === "agent" && part !== "compensation" && step.timeout_ms !== null;
  const until = bounded ? last.startedAt + (step.timeout_ms ?? 0) : null;
  const sent = (work.effects ?? []).filter(({ state: fate }) => fate.status === "begun").map(what);
  const does = sent.length === 0 ? "" : `, and sends: ${sent.join("; ")}`;
  const limit = until === null ? "" : `, until ${instant(until, state)} at the latest`;
  const text = `Attempt ${last.number} has run since ${instant(last.startedAt, state)}${limit}${does}.`;
  return [{ ...nobody, kind: "attempt", text, until }];
}
