/**
 * Why an execution isn't over yet, or why it ended as it did: a pure reading of its state, in sentences that an account
 * manager understands. Records have the keys that programs read; instants are milliseconds; texts are plain and hold what
 * people and customers are called, so whoever shows them escapes them (T2). Nothing in them is secret (T3).
 */
import { formatDuration } from "../flow/duration.ts";
import type { ExecutionState } from "../flow/execution.ts";
import type { ExecutionStatus, Outcome } from "../flow/record.ts";
import type { StepStatus } from "../flow/work-state.ts";
import { isCompensating } from "./decide/compensation.ts";
import { isNoticeOpen } from "./decide/notice.ts";
import { deadline } from "./decide/stop.ts";
import { endReasons, type EndReason } from "./explain-end.ts";
import { nothingAround, type Around, type Waiting } from "./explain-waiting.ts";
import { stepWaits } from "./explain-waits.ts";
import { hasEnded, stepState } from "./readiness.ts";
import { redactText } from "./redact.ts";
import { instant } from "./refusal.ts";

export type { EndReason } from "./explain-end.ts";
export type { Waiting } from "./explain-waiting.ts";

export interface Explanation {
  execution_id: string;
  flow_id: string;
  flow_version: string;
  customer_name: string | null;
  status: ExecutionStatus;
  outcome: Outcome | null;
  /** One or two sentences over all of it. */
  summary: string;
  /** Each step that has not ended or is still to be taken back, in the flow's order; empty once the execution has ended. */
  steps: StepExplanation[];
  /** Why it ended so; empty while it runs. The first is what decided it. */
  reasons: EndReason[];
}

export interface StepExplanation {
  step_id: string;
  status: StepStatus;
  /** Never empty. */
  waits_for: Waiting[];
}

export function explain(state: ExecutionState, around: Around = nothingAround): Explanation {
  const steps = state.status === "running" ? openSteps(state, around) : [];
  const reasons = endReasons(state).map((reason) => ({ ...reason, text: redactText(reason.text) }));
  return {
    execution_id: state.executionId,
    flow_id: state.flowId,
    flow_version: state.flowVersion,
    customer_name: state.customer?.name ?? null,
    status: state.status,
    outcome: state.outcome,
    summary: state.endedAt === null ? redactText(runningWords(state, steps)) : endedWords(state, state.endedAt),
    steps,
    reasons,
  };
}

function openSteps(state: ExecutionState, around: Around): StepExplanation[] {
  return state.definition.steps.flatMap(({ id }) => {
    const step = stepState(state, id);
    const isOver = hasEnded(step) && (step.compensation === null || hasEnded(step.compensation));
    if (isOver) return [];
    const waits_for = stepWaits({ state, step, around }).map((wait) => ({ ...wait, text: redactText(wait.text) }));
    return [{ step_id: id, status: step.status, waits_for }];
  });
}

/** "Ended Thu, 26 Nov, 09:00 UTC after 2 days 3 h: 3 of 5 steps succeeded, 2 were skipped." */
function endedWords(state: ExecutionState, endedAt: number): string {
  const all = state.definition.steps.map(({ id }) => stepState(state, id).status);
  const counts = (["failed", "skipped", "aborted"] as const).flatMap((status) => {
    const count = all.filter((one) => one === status).length;
    const verb = status === "failed" ? "" : count === 1 ? "was " : "were ";
    return count === 0 ? [] : [`${count} ${verb}${status === "aborted" ? "cut off" : status}`];
  });
  const succeeded = all.filter((status) => status === "succeeded").length;
  const steps = [`${succeeded} of ${all.length} ${all.length === 1 ? "step" : "steps"} succeeded`, ...counts].join(
    ", ",
  );
  const took = formatDuration(Math.max(0, endedAt - state.startedAt));
  return `Ended ${instant(endedAt, state)} after ${took}: ${steps}.`;
}

function runningWords(state: ExecutionState, steps: readonly StepExplanation[]): string {
  const all = state.definition.steps;
  const ended = all.filter(({ id }) => hasEnded(stepState(state, id))).length;
  const progress = `${ended} of ${all.length} ${all.length === 1 ? "step has" : "steps have"} ended.`;
  return [stopWords(state) ?? progress, held(state, steps), lastWords(state)].filter((words) => words !== "").join(" ");
}

function stopWords(state: ExecutionState): string | null {
  const { stopping } = state;
  if (stopping !== null) {
    const who = stopping.by === null ? "" : ` by ${stopping.by.name}`;
    const how = stopping.status === "aborted" ? `It is being aborted${who}` : "Its time has run out";
    return `${how}${isCompensating(state) ? "; what it did is taken back first" : ""}.`;
  }
  return isCompensating(state) ? "A step failed; what was done is taken back before it ends." : null;
}

/** What holds it up at the front, rather than what only stands behind that. */
function held(state: ExecutionState, steps: readonly StepExplanation[]): string {
  const waits = steps.flatMap(({ step_id, waits_for }) => waits_for.map((wait) => ({ step_id, wait })));
  const front = waits.filter(({ wait }) => wait.kind !== "dependency");
  const [first] = front;
  if (first === undefined)
    return isNoticeOpen(state) ? "Word of the failure is being sent." : "Its end is being recorded.";
  if (first.wait.kind === "queue") return first.wait.text;
  const others = new Set(front.map(({ step_id }) => step_id)).size - 1;
  return `${first.step_id}: ${first.wait.text}${others === 0 ? "" : ` So ${others === 1 ? "does 1 other step" : `do ${others} other steps`}, each for its own reason.`}`;
}

function lastWords(state: ExecutionState): string {
  const last = state.stopping === null ? deadline(state) : null;
  return last === null ? "" : `The whole of it may take until ${instant(last, state)}.`;
}
