/** How an execution stands, as a test asks: made from its state. */
import { waitingFor } from "../engine/header.ts";
import type { Effect, EffectState } from "../flow/effect.ts";
import type { ExecutionState, StepEffect } from "../flow/execution.ts";
import type { Failure } from "../flow/failure.ts";
import type { Json } from "../flow/json.ts";
import type { ExecutionStatus, Outcome, WaitingFor } from "../flow/record.ts";
import { allWorks } from "../flow/step-state.ts";
import type { HoldReason } from "../flow/hold.ts";
import type { SkipReason } from "../flow/event.ts";

/** By the output's field; a list by its index. */
export type StepOutput = Readonly<Record<string, Json>>;

export type EffectFate = EffectState["status"];

/** One effect with the step that planned it. */
export type ResultEffect = Effect & { stepId: string; target: string | null; fate: EffectFate };

export type HeldEffect = ResultEffect & { reason: HoldReason; cause: string; until: number | null };

export interface FlowResult {
  executionId: string;
  flowId: string;
  status: ExecutionStatus;
  outcome: Outcome | null;
  /** Those that have succeeded, in the order in which they did; at one instant, in the flow's. */
  completedSteps: string[];
  /** Of those, and of steps that failed while the flow goes on; a step without an output, such as a wait, isn't there. */
  stepOutputs: Readonly<Record<string, StepOutput>>;
  /** What the agents' steps call, for `outputOf`. */
  stepActions: Readonly<Record<string, string>>;
  skippedSteps: Readonly<Record<string, SkipReason>>;
  failedSteps: string[];
  failure: Failure | null;
  /** Empty when it has ended. */
  waitingFor: readonly WaitingFor[];
  /** What is planned and hasn't happened: shown to approvers, or about to be sent. */
  plannedEffects: readonly ResultEffect[];
  /** What the rules about contacts hold back: `until` when; null: for good. */
  heldEffects: readonly HeldEffect[];
  /** What has reached the world, in the order of the steps. */
  performedEffects: readonly ResultEffect[];
  /** Of executions that its `flow` steps have started. */
  subExecutions: readonly string[];
}

export function flowResult(state: ExecutionState): FlowResult {
  const steps = state.definition.steps.flatMap(({ id }) => state.steps[id] ?? []);
  const succeeded = steps.filter(({ status }) => status === "succeeded");
  const effects = effectsOf(state);
  return {
    executionId: state.executionId,
    flowId: state.flowId,
    status: state.status,
    outcome: state.outcome,
    completedSteps: succeeded.toSorted((one, other) => (one.endedAt ?? 0) - (other.endedAt ?? 0)).map(({ id }) => id),
    stepOutputs: Object.fromEntries(steps.flatMap(({ id, output }) => (hasFields(output) ? [[id, output]] : []))),
    stepActions: Object.fromEntries(
      state.definition.steps.flatMap((step) => (step.kind === "agent" ? [[step.id, step.action]] : [])),
    ),
    skippedSteps: Object.fromEntries(steps.flatMap(({ id, skipped }) => (skipped === null ? [] : [[id, skipped]]))),
    failedSteps: steps.filter(({ status }) => status === "failed").map(({ id }) => id),
    failure: state.status === "failed" || state.status === "timed_out" ? (state.failure?.failure ?? null) : null,
    waitingFor: state.status === "running" ? waitingFor(state) : [],
    plannedEffects: [...effects.filter(({ fate }) => fate === "planned"), ...asked(state)],
    heldEffects: heldEffects(state),
    performedEffects: effects.filter(({ fate }) => fate === "performed"),
    subExecutions: steps.flatMap((step) => allWorks(step).flatMap(({ work }) => work.child?.executionId ?? [])),
  };
}

function hasFields(output: Json): output is Json & StepOutput {
  return typeof output === "object" && output !== null;
}

function effectsOf(state: ExecutionState): ResultEffect[] {
  const { notice } = state;
  const ofSteps = stepEffects(state).map(({ id, effect }) => resultEffect(id, effect));
  return notice === null ? ofSteps : [...ofSteps, resultEffect(state.failure?.stepId ?? "", notice)];
}

function heldEffects(state: ExecutionState): HeldEffect[] {
  return stepEffects(state).flatMap(({ id, effect }) =>
    effect.state.status === "held" ? [{ ...resultEffect(id, effect), ...effect.state.hold }] : [],
  );
}

function stepEffects(state: ExecutionState): { id: string; effect: StepEffect }[] {
  return state.definition.steps.flatMap(({ id }) => {
    const step = state.steps[id];
    const works = step === undefined ? [] : allWorks(step).map(({ work }) => work);
    return works.flatMap((work) => (work.effects ?? []).map((effect) => ({ id, effect })));
  });
}

function resultEffect(stepId: string, { planned, state }: StepEffect): ResultEffect {
  return { ...planned.effect, stepId, target: planned.target, fate: state.status };
}

/** Of an approval that waits: what is sent if it is given. */
function asked({ steps }: ExecutionState): ResultEffect[] {
  const pending = Object.values(steps).flatMap(({ approval }) => (approval?.status === "pending" ? [approval] : []));
  return pending.flatMap(({ plans }) =>
    plans.flatMap(({ step_id, effects }) =>
      effects.map(({ target, effect }) => ({ ...effect, stepId: step_id, target, fate: "planned" as const })),
    ),
  );
}
