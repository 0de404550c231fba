/**
 * What a service that drives an execution has yet to be told, from the log alone: to start it, what people said, to stop. Pure.
 * Whatever was told and not recorded is told again; the service counts each once (by its name, by its token).
 */
import type { ExecutionState, Work } from "../flow/execution.ts";
import type { Failure } from "../flow/failure.ts";
import type { Json, JsonObject } from "../flow/json.ts";
import type { KeptToken, ServiceState } from "../flow/service-state.ts";
import { allWorks, workOf } from "../flow/step-state.ts";
import { hasActiveAttempt, type Of } from "./decide/work.ts";
import { stepState } from "./readiness.ts";
import { outputSeenBy } from "./roots.ts";

export type Owed =
  | { kind: "start"; name: string; redrives: number }
  | { kind: "answer"; token: KeptToken; output: JsonObject }
  | { kind: "fail"; token: KeptToken; failure: Failure }
  | { kind: "stop"; name: string };

/** Of a service's execution: a redrive is another one over the same log. */
const redriveSuffix = /_redrive(\d+)$/;
const longestName = 80;

export function serviceName({ executionId, redrives }: Pick<ExecutionState, "executionId" | "redrives">): string {
  if (redrives === 0) return executionId;
  const suffix = `_redrive${redrives}`;
  return executionId.slice(0, longestName - suffix.length) + suffix;
}

/** The execution whose log a service's execution of this name writes to; its own name where it is no redrive. */
export function withoutRedrive(name: string): string {
  return name.replace(redriveSuffix, "");
}

/** How often the service has been asked to go on with the execution that it has under this name. */
export function redrivesTold({ name, toldRedrives }: Pick<ServiceState, "name" | "toldRedrives">): number {
  return Math.max(0, toldRedrives - Number(redriveSuffix.exec(name ?? "")?.[1] ?? 0));
}

export function owedTo(state: ExecutionState): Owed[] {
  const { service } = state;
  if (service === null) return [];
  if (state.status === "succeeded") return openTokens(state);
  if (state.status !== "running") {
    const isOurEnd = state.status === "aborted";
    return isOurEnd && service.name !== null && !service.isStopped ? [{ kind: "stop", name: service.name }] : [];
  }
  if (state.queued !== null) return [];
  if (service.name === null || service.toldRedrives < state.redrives)
    return [{ kind: "start", name: serviceName(state), redrives: state.redrives }];
  return openTokens(state);
}

/** Of one that has ended well too: redriven with its parent, it is asked once more for what is recorded. */
function openTokens(state: ExecutionState): Owed[] {
  const tokens = Object.values(state.service?.tokens ?? {});
  return tokens.flatMap((token) => (token.isAnswered ? [] : answerTo(state, token)));
}

/** Is it the service's no more, but a person's word away: the bot performs what they said, or what was held? */
export function isPassedOn({ service }: ExecutionState, { stepId, part }: Pick<KeptToken, "stepId" | "part">): boolean {
  return Object.values(service?.tokens ?? {}).some(
    (token) => token.for === "doubt" && !token.isAnswered && token.stepId === stepId && token.part === part,
  );
}

/** Attempts of that kind that are begun. */
export function passedOnAttempts(state: ExecutionState): Of[] {
  return Object.values(state.steps).flatMap((step) => {
    const begun = allWorks(step).filter(({ work }) => hasActiveAttempt(work));
    return begun.map(({ part }) => ({ stepId: step.id, part })).filter((of) => isPassedOn(state, of));
  });
}

/** Its place is still to come, or to come back, before the service hears of it: what it waits for is ours alone to time. */
export function isHeld({ service, queued, redrives }: ExecutionState): boolean {
  return service !== null && queued !== null && (service.name === null || service.toldRedrives < redrives);
}

function answerTo(state: ExecutionState, token: KeptToken): Owed[] {
  // Asked only while nothing is queued for.
  if (token.for === "turn") return [{ kind: "answer", token, output: {} }];
  const step = stepState(state, token.stepId);
  const work = token.for === "approval" ? step : workOf(step, token.part);
  if (work === null) return [];
  switch (work.status) {
    case "succeeded":
      return [{ kind: "answer", token, output: token.for === "approval" ? decided(state, token.stepId) : done(work) }];
    case "failed":
      return work.failure === null ? [] : [{ kind: "fail", token, failure: work.failure }];
    case "aborted":
    case "skipped":
      return [{ kind: "fail", token, failure: { error: "Flow.Failed", cause: `${token.stepId} was cut off.` } }];
    case "pending":
    case "running":
    case "waiting":
      return [];
    default:
      return work.status satisfies never;
  }
}

/** As `answers.approval` of the protocol. */
export function decided(state: ExecutionState, stepId: string): JsonObject {
  const step = stepState(state, stepId);
  const steps = [...new Set(step.approval?.edits.map((edit) => edit.step) ?? [])];
  const edited = steps.map((id) => [id, outputSeenBy(state, stepId, stepState(state, id))] as const);
  return { output: step.output, edited: Object.fromEntries<Json>(edited) };
}

/** As `answers.doubt`. */
export function done(work: Work): { output: Json; effects: number } {
  return { output: work.output, effects: performed(work) };
}

export function performed({ effects }: Work): number {
  return (effects ?? []).filter(({ state }) => state.status === "performed").length;
}
