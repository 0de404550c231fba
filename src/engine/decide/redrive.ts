/** Going on after an end that wasn't wanted: which steps start again, and which keep what they gave. */
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ExecutionState } from "../../flow/execution.ts";
import { rootsOf } from "../../flow/expression.ts";
import type { Step } from "../../flow/flow.ts";
import { descendants } from "../../flow/graph.ts";
import type { JsonObject } from "../../flow/json.ts";
import type { Person } from "../../flow/person.ts";
import { stepState } from "../readiness.ts";
import { accept, refuse, type Decided } from "./context.ts";

export interface RedriveRequest {
  person: Person | null;
  /** This step and all behind it start again; null: what failed, was cut off, or was skipped for it. */
  from: string | null;
  /** The whole new input; whatever reads the input starts again. Null: as it was. */
  input: JsonObject | null;
  /** Keys under which it must wait for a place first. */
  queuedFor: string[];
}

/** In the same append: a step that begins before its turn is known has begun. */
export function redrive(state: ExecutionState, request: RedriveRequest, at: number): Decided {
  const { person, from, input, queuedFor } = request;
  if (state.status === "running") return refuse("already_decided");
  // What went well is only run again by a word on where from, or with another input.
  if (state.status === "succeeded" && from === null && input === null) return refuse("already_decided");
  const steps = from === null && input === null ? null : restarts(state, { from, input });
  const queued: ExecutionEvent[] = queuedFor.length === 0 ? [] : [{ type: "execution_queued", at, keys: queuedFor }];
  return accept([{ type: "redriven", at, by: person, steps, input }, ...queued]);
}

/** In the file's order. */
export function restarts(state: ExecutionState, { from, input }: Pick<RedriveRequest, "from" | "input">): string[] {
  const { definition } = state;
  const first = definition.steps.filter(
    (step) => hasNotSucceeded(state, step) || step.id === from || (input !== null && readsInput(step)),
  );
  const all = new Set(first.flatMap(({ id }) => [id, ...descendants({ definition, stepId: id })]));
  return definition.steps.map(({ id }) => id).filter((id) => all.has(id));
}

function hasNotSucceeded(state: ExecutionState, { id }: Step): boolean {
  const { status, skipped, compensation } = stepState(state, id);
  return status === "failed" || status === "aborted" || skipped === "upstream" || compensation?.status === "succeeded";
}

function readsInput(step: Step): boolean {
  const values = [step.when, ...valuesOf(step)];
  return values.some((value) => value !== null && rootsOf(value).includes("input"));
}

function valuesOf(step: Step) {
  switch (step.kind) {
    case "agent":
      return [step.parameters, step.for_each, step.due];
    case "flow":
      return [step.input, step.for_each, step.due];
    case "approval":
      return [step.approvers, step.due];
    case "wait":
      return [step.until];
    default:
      return step satisfies never;
  }
}
