/** What a step that has not ended waits for, read from the state: whom, until when, behind which other step. */
import { waitsForHeld } from "../flow/effect-state.ts";
import type { ExecutionState, StepState } from "../flow/execution.ts";
import { dependencyGate } from "../flow/run-rules.ts";
import { approvalWait, labels } from "./explain-approval.ts";
import { nobody, type Around, type QueuePlace, type Waiting } from "./explain-waiting.ts";
import { both, either, unended } from "./explain-words.ts";
import { workWaits } from "./explain-work.ts";
import { continuesAfterFailure, gate, hasEnded, stepDefinition, stepState } from "./readiness.ts";
import { instant } from "./refusal.ts";

interface Of {
  state: ExecutionState;
  step: StepState;
  around: Around;
}

export function stepWaits(of: Of): Waiting[] {
  const waits = found(of);
  return waits.length > 0 ? waits : [{ ...nobody, kind: "start", text: startWords(of.state) }];
}

function startWords({ service }: ExecutionState): string {
  const { unheard = null } = service ?? {};
  return unheard === null
    ? "Nothing holds it up: it goes on in a moment."
    : `${unended(unheard.failure.cause)}. It is tried again.`;
}

function found(of: Of): Waiting[] {
  const { state, step, around } = of;
  const own = { state, stepId: step.id, part: null, work: step, around };
  switch (step.status) {
    case "pending":
      return pendingWaits(state, step, around);
    case "running":
      return step.items === null ? workWaits(own) : itemWaits(of);
    case "waiting":
      return [
        ...(step.approval?.status === "pending" ? [approvalWait(state, step.id, step.approval)] : []),
        ...timeWait(state, step),
        ...workWaits(own),
      ];
    case "succeeded":
    case "failed":
    case "skipped":
    case "aborted":
      return takenBack(of);
    default:
      return step.status satisfies never;
  }
}

function pendingWaits(state: ExecutionState, step: StepState, { places }: Around): Waiting[] {
  const open = gate(state, step.id);
  if (open === "waiting") return [dependencyWait(state, step)];
  if (open === "closed" || state.queued === null) return [];
  return queueWaits(state, places);
}

/** Exactly those that have not ended: the others let it through, or it would have been skipped. */
function dependencyWait(state: ExecutionState, step: StepState): Waiting {
  const before = stepDefinition(state, step.id).depends_on.filter(({ step: id, optional }) => {
    const { status, approval } = stepState(state, id);
    const continues = continuesAfterFailure(state, id);
    return dependencyGate({ optional, status, approval: approval?.status ?? null, continues }) === "waiting";
  });
  const words = before.map(({ step: id }) => `${id}, which ${standing(state, stepState(state, id))}`);
  const shown = words.slice(0, mostShown);
  const left = words.length - shown.length;
  const all = [...shown, ...(left === 0 ? [] : [`${left} more`])];
  return {
    ...nobody,
    kind: "dependency",
    text: `Waits for ${all.join("; and for ")}.`,
    steps: before.map((one) => one.step),
  };
}

const mostShown = 5;

function standing(state: ExecutionState, step: StepState): string {
  switch (step.status) {
    case "pending":
      return state.queued !== null && step.attempts.length === 0 ? "queues" : "has not begun";
    case "running":
      if (step.retryAt === null) return "runs";
      return `${waitsForHeld(step) ? "holds something back until" : "tries again"} ${instant(step.retryAt, state)}`;
    case "waiting":
      if (step.approval?.status === "pending") return `waits for ${either(labels(step.approval))}`;
      if (step.waitsUntil !== null) return `waits until ${instant(step.waitsUntil, state)}`;
      return step.child === null ? "has an effect in doubt" : `waits for the execution ${step.child.executionId}`;
    case "succeeded":
    case "failed":
    case "skipped":
    case "aborted":
      return "has ended";
    default:
      return step.status satisfies never;
  }
}

function timeWait(state: ExecutionState, step: StepState): Waiting[] {
  if (step.waitsUntil === null) return [];
  const isWait = stepDefinition(state, step.id).kind === "wait";
  const until = instant(step.waitsUntil, state);
  const text = isWait ? `Waits until ${until}.` : `Came too late, so it waits for working hours: ${until}.`;
  return [{ ...nobody, kind: "wait", text, until: step.waitsUntil }];
}

function queueWaits(state: ExecutionState, places: readonly QueuePlace[]): Waiting[] {
  const since = state.queued === null ? "" : ` since ${instant(state.queued.since, state)}`;
  return (state.queued?.keys ?? []).map((key) => {
    const place = places.find((one) => one.key === key);
    const [holder] = place?.holders ?? [];
    const ahead = place?.ahead ?? 0;
    const holds = holder === undefined ? "" : ` ${holderWords(holder)} runs${othersWords(place?.holders.length ?? 1)}.`;
    const before = ahead === 0 ? "" : ` ${ahead} ${ahead === 1 ? "waits" : "wait"} before it.`;
    const text = `Has waited for its turn${since}: ${limitWords(state, key)}.${holds}${before}`;
    return { ...nobody, kind: "queue", text, execution_id: holder?.execution_id ?? null };
  });
}

function limitWords(state: ExecutionState, key: string): string {
  const { flowId, definition, customer } = state;
  if (key.startsWith("overlap/")) {
    return `one execution of ${flowId} about ${customer?.name ?? "the same customer"} runs at a time`;
  }
  const limit = definition.concurrency?.limit ?? 1;
  const value = key.split("/").slice(2).join("/");
  return `at most ${limit} of ${flowId} for “${value}” ${limit === 1 ? "runs" : "run"} at a time`;
}

function holderWords({ execution_id, customer_name }: QueuePlace["holders"][number]): string {
  return customer_name === null ? execution_id : `${execution_id} (${customer_name})`;
}

function othersWords(holders: number): string {
  return holders < 2 ? "" : `, and ${holders - 1} more`;
}

/** How a step that repeats stands, and what those of its items wait for that are under way. */
function itemWaits({ state, step, around }: Of): Waiting[] {
  const items = step.items ?? [];
  const ended = items.filter(hasEnded).length;
  const begun = items.filter((item) => item.status !== "pending" && !hasEnded(item));
  const yet = items.length - ended - begun.length;
  const parts = [`${begun.length} under way`, ...(yet === 0 ? [] : [`${yet} not begun`])];
  const whole = `${ended} of ${items.length} items have ended, ${parts.join(", ")}.`;
  const each = begun.slice(0, mostShown).flatMap((item) =>
    workWaits({ state, stepId: step.id, part: item.index, work: item, around }).map((wait) => ({
      ...wait,
      text: `Item ${item.index + 1}: ${wait.text}`,
    })),
  );
  return [{ ...nobody, kind: "item", text: whole }, ...each];
}

/** It has succeeded; its compensation waits for its turn, or runs. */
function takenBack({ state, step, around }: Of): Waiting[] {
  const { compensation } = step;
  if (compensation === null || hasEnded(compensation)) return [];
  const order = state.compensating ?? [];
  const before = order.slice(0, order.indexOf(step.id)).filter((id) => {
    const work = stepState(state, id).compensation;
    return work !== null && !hasEnded(work);
  });
  if (before.length > 0) {
    const text = `What it did is taken back after that of ${both(before)}.`;
    return [{ ...nobody, kind: "compensation", text, steps: before }];
  }
  const waits = workWaits({ state, stepId: step.id, part: "compensation", work: compensation, around });
  const own = { ...nobody, kind: "compensation" as const, text: "What it did is being taken back." };
  return [{ ...own, until: waits[0]?.until ?? null }, ...waits];
}
