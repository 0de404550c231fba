/** Why an execution ended as it did: what decided it first, then each step that did not simply succeed. */
import type { ExecutionState, StepState } from "../flow/execution.ts";
import { allWorks } from "../flow/step-state.ts";
import { summary } from "./cards.ts";
import { expiredWords, rejectedWords } from "./explain-approval.ts";
import { skipCause } from "./explain-skip.ts";
import { both, unended } from "./explain-words.ts";
import { continuesAfterFailure, stepState } from "./readiness.ts";
import { instant } from "./refusal.ts";

export interface EndReason {
  kind:
    | "done"
    | "failed"
    /** It failed, and the flow goes on after that. */
    | "continued"
    | "rejected"
    | "expired"
    | "timed_out"
    | "aborted"
    | "skipped"
    | "compensated"
    | "compensation_failed"
    /** Something was not sent, for the sake of whom it would have reached. */
    | "held"
    /** Nobody knows whether something arrived. */
    | "doubt";
  /** Null: the execution as a whole. */
  step_id: string | null;
  text: string;
  /** Of a skipped step: from the step before it back to the one where it began; else empty. */
  because: string[];
}

export function endReasons(state: ExecutionState): EndReason[] {
  if (state.status === "running") return [];
  const steps = state.definition.steps.map(({ id }) => stepState(state, id));
  const each = steps.flatMap((step) => stepReasons(state, step));
  const decisive = decided(state, each);
  return [decisive, ...each.filter((reason) => reason !== decisive)];
}

function whole(kind: EndReason["kind"], text: string): EndReason {
  return { kind, step_id: null, text, because: [] };
}

function decided(state: ExecutionState, each: readonly EndReason[]): EndReason {
  switch (state.status) {
    case "running":
      return whole("done", "It runs.");
    case "failed": {
      const failed = each.find(({ kind, step_id }) => kind === "failed" && step_id === state.failure?.stepId);
      return failed ?? whole("failed", failureWords(state));
    }
    case "timed_out":
      return whole("timed_out", failureWords(state));
    case "aborted":
      return whole("aborted", abortWords(state));
    case "succeeded":
      return goodEnd(state, each);
    default:
      return state.status satisfies never;
  }
}

function failureWords({ failure }: ExecutionState): string {
  return failure?.failure.cause ?? "It failed.";
}

function abortWords(state: ExecutionState): string {
  const who = state.stopping?.by?.name ?? (state.startedBy.type === "flow" ? "The flow that started it" : "A program");
  const when = state.endedAt === null ? "" : ` ${instant(state.stopping?.at ?? state.endedAt, state)}`;
  const back = state.stopping?.compensate === true ? "; what it had done was to be taken back" : "";
  return `${who} aborted it${when}${back}.`;
}

function goodEnd(state: ExecutionState, each: readonly EndReason[]): EndReason {
  switch (state.outcome) {
    case "rejected":
    case "expired":
      return each.find(({ kind }) => kind === state.outcome) ?? whole(state.outcome, `It was ${state.outcome}.`);
    case "nothing_to_do": {
      const unmet = Object.values(state.steps).filter(({ skipped }) => skipped === "condition");
      const ids = both(unmet.map(({ id }) => id));
      return whole("done", `There was nothing to do: the condition of ${ids} was not met, and nothing was sent.`);
    }
    case "completed":
    case null: {
      const count = state.definition.steps.length;
      return whole("done", `It ran to its end: ${count === 1 ? "its step has" : `all ${count} steps have`} ended.`);
    }
    default:
      return state.outcome satisfies never;
  }
}

function stepReasons(state: ExecutionState, step: StepState): EndReason[] {
  const own = stepReason(state, step);
  return [...(own === null ? [] : [own]), ...compensationReasons(step), ...heldReasons(step), ...doubtReasons(step)];
}

function stepReason(state: ExecutionState, step: StepState): EndReason | null {
  const reason = (kind: EndReason["kind"], text: string, because: string[] = []): EndReason => ({
    kind,
    step_id: step.id,
    text,
    because,
  });
  switch (step.status) {
    case "failed":
      if (continuesAfterFailure(state, step.id))
        return reason("continued", `${failedStep(step)} The flow goes on after that.`);
      return reason("failed", failedStep(step));
    case "skipped": {
      const { text, because } = skipCause(state, step);
      return reason("skipped", text, because);
    }
    case "aborted":
      return state.stopping?.status === "timed_out"
        ? reason("timed_out", `${step.id} was cut off when the time ran out.`)
        : reason("aborted", step.approval === null ? `${step.id} was cut off.` : `${step.id} was withdrawn.`);
    case "succeeded":
      if (step.approval?.status === "rejected") return reason("rejected", rejectedWords(state, step.id, step.approval));
      if (step.approval?.status === "expired") return reason("expired", expiredWords(state, step.id, step.approval));
      return null;
    case "pending":
    case "running":
    case "waiting":
      return null;
    default:
      return step.status satisfies never;
  }
}

function failedStep({ id, attempts, failure }: StepState): string {
  const after = attempts.length > 1 ? ` after ${attempts.length} attempts` : "";
  return failure === null
    ? `${id} failed${after}.`
    : `${id} failed${after}: ${failure.error}: ${unended(failure.cause)}.`;
}

function compensationReasons({ id, compensation }: StepState): EndReason[] {
  const about = { step_id: id, because: [] };
  if (compensation?.status === "succeeded")
    return [{ ...about, kind: "compensated", text: `What ${id} did was taken back.` }];
  if (compensation?.status === "failed") {
    const { failure } = compensation;
    const cause = failure === null ? "" : `: ${failure.error}: ${unended(failure.cause)}`;
    return [{ ...about, kind: "compensation_failed", text: `What ${id} did could not be taken back${cause}.` }];
  }
  if (compensation?.status !== "aborted") return [];
  return [{ ...about, kind: "compensation_failed", text: `Taking back what ${id} did was cut off.` }];
}

function heldReasons(step: StepState): EndReason[] {
  const effects = allWorks(step).flatMap(({ work }) => work.effects ?? []);
  return effects.flatMap(({ planned, state }) => {
    if (state.status !== "held") return [];
    const text = `${step.id} did not send this: ${summary(planned.effect)}. ${state.hold.cause}`;
    return [{ kind: "held" as const, step_id: step.id, text, because: [] }];
  });
}

function doubtReasons({ id, effects }: StepState): EndReason[] {
  const open = (effects ?? []).filter(({ state }) => state.status === "doubtful").length;
  if (open === 0) return [];
  const things = open === 1 ? "one thing" : `${open} things`;
  return [{ kind: "doubt", step_id: id, text: `Nobody knows whether ${things} that ${id} sent arrived.`, because: [] }];
}
