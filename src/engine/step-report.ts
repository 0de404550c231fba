/** How one step stands, as lists say it; from the state alone. */
import type { StepReport } from "../flow/card.ts";
import { waitsForHeld } from "../flow/effect-state.ts";
import type { ExecutionState, StepState } from "../flow/execution.ts";
import type { Step } from "../flow/flow.ts";
import { allWorks } from "../flow/step-state.ts";
import { summary } from "./cards.ts";
import { stepDefinition, stepState } from "./readiness.ts";

export function stepReport(state: ExecutionState, stepId: string): StepReport {
  const step = stepState(state, stepId);
  const works = allWorks(step).map(({ work }) => work);
  const effects = works.flatMap((work) => work.effects ?? []);
  const isInDoubt = effects.some((effect) => effect.state.status === "doubtful");
  const approvers = step.approval?.status === "pending" ? step.approval.approvers.map(({ label }) => label) : [];
  return {
    stepId,
    label: label(stepDefinition(state, stepId)),
    status: step.status,
    skipped: step.skipped,
    startedAt: step.startedAt,
    endedAt: step.endedAt,
    attempts: step.attempts.length,
    failure: step.failure,
    // What is held says itself until when.
    retryAt: waitsForHeld(step) ? null : step.retryAt,
    waitingFor: isInDoubt ? ["a word on an effect in doubt"] : approvers,
    held: effects.flatMap(({ planned, state: fate }) => {
      if (fate.status !== "held") return [];
      const { cause, until } = fate.hold;
      return [{ summary: summary(planned.effect), cause, until }];
    }),
    items: itemsOf(step),
    waitsUntil: step.status === "waiting" ? step.waitsUntil : null,
    children: works.flatMap(({ child }) => child ?? []),
    compensation:
      step.compensation === null ? null : { status: step.compensation.status, failure: step.compensation.failure },
  };
}

function label(step: Step): string {
  switch (step.kind) {
    case "agent":
      return `${step.agent} ${step.action}`;
    case "flow":
      return `flow ${step.flow_id}`;
    case "approval":
    case "wait":
      return step.kind;
    default:
      return step satisfies never;
  }
}

function itemsOf({ items }: StepState): StepReport["items"] {
  if (items === null) return null;
  const count = (status: StepState["status"]) => items.filter((item) => item.status === status).length;
  return { succeeded: count("succeeded"), failed: count("failed"), total: items.length };
}
