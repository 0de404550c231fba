/** Figures per flow and step over a span of time, from the logs of its executions, one after another (D1). Pure. */
import type { ExecutionEvent, LogEntry } from "../flow/event.ts";
import { fold, type ExecutionState, type StepState } from "../flow/execution.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type { ExecutionStatus, Outcome } from "../flow/record.ts";
import type { StepStatus } from "../flow/work-state.ts";
import { WorkTally, type WorkMetrics } from "./metrics-work.ts";

export type { Percentiles } from "./metrics-percentiles.ts";
export type { WorkMetrics } from "./metrics-work.ts";

export interface Metrics {
  /** Milliseconds: of executions that started in this span. */
  since: number;
  until: number;
  /** How many were read. */
  executions: number;
  /** There are more in the span: only the newest were read. */
  cut: boolean;
  /** Ids of those whose log couldn't be read; they are in no figure. */
  unreadable: string[];
  /** By flow_id, in its order. */
  flows: FlowMetrics[];
}

export interface FlowMetrics extends WorkMetrics, Record<ExecutionStatus, number> {
  flow_id: string;
  count: number;
  outcomes: Record<Outcome, number>;
  /** Succeeded among those that ended, 0 to 1; null: none has. */
  success_rate: number | null;
  /** In the order of the newest definition, then those of older ones. */
  steps: StepMetrics[];
}

export interface StepMetrics extends WorkMetrics {
  step_id: string;
  /** Executions that have got as far as it: begun, ended or skipped. */
  count: number;
  /** Running or waiting. */
  open: number;
  succeeded: number;
  failed: number;
  skipped: number;
  aborted: number;
  /** Succeeded among succeeded and failed, 0 to 1; null: neither. */
  success_rate: number | null;
}

export class MetricsTally {
  readonly #flows = new Map<string, FlowTally>();
  readonly #now: number;

  constructor({ now }: { now: number }) {
    this.#now = now;
  }

  /** The newest first. Throws where the log doesn't fit the definition. */
  add({ definition, entries }: { definition: FlowDefinition; entries: LogEntry[] }): void {
    const state = fold({ definition, entries });
    if (state === null) throw new Error("An empty log has no figures.");
    const flow = this.#flows.get(state.flowId) ?? new FlowTally();
    this.#flows.set(state.flowId, flow);
    flow.add(state, entries, this.#now);
  }

  result(): FlowMetrics[] {
    const inOrder = [...this.#flows].toSorted(([one], [other]) => (one < other ? -1 : 1));
    return inOrder.map(([flowId, flow]) => flow.result(flowId));
  }
}

class FlowTally {
  readonly #work = new WorkTally();
  readonly #steps = new Map<string, StepTally>();
  readonly #statuses = { running: 0, succeeded: 0, failed: 0, timed_out: 0, aborted: 0 };
  readonly #outcomes = { completed: 0, rejected: 0, expired: 0, nothing_to_do: 0 };

  add(state: ExecutionState, entries: readonly LogEntry[], now: number): void {
    this.#statuses[state.status] += 1;
    if (state.outcome !== null) this.#outcomes[state.outcome] += 1;
    if (state.endedAt !== null) this.#work.took(state.startedAt, state.endedAt);
    for (const { id } of state.definition.steps) {
      const step = state.steps[id];
      if (step !== undefined) this.#addStep(step, now);
    }
    const askedAt = new Map<string, number>();
    for (const { events } of entries) for (const event of events) this.#count(event, askedAt);
  }

  #addStep(step: StepState, now: number): void {
    const tally = this.#steps.get(step.id) ?? new StepTally();
    this.#steps.set(step.id, tally);
    tally.add(step);
    if (step.approval?.status !== "pending") return;
    for (const work of [tally.work, this.#work]) work.waits(step.approval.requestedAt, now);
  }

  #count(event: ExecutionEvent, askedAt: Map<string, number>): void {
    if (!("step_id" in event) || event.step_id === null || isNotice(event)) return;
    const asked = askedAt.get(event.step_id) ?? null;
    for (const work of [this.#work, this.#steps.get(event.step_id)?.work]) work?.count(event, asked);
    if (event.type === "approval_requested") askedAt.set(event.step_id, event.at);
  }

  result(flow_id: string): FlowMetrics {
    const statuses = this.#statuses;
    const ended = statuses.succeeded + statuses.failed + statuses.timed_out + statuses.aborted;
    return {
      flow_id,
      count: ended + statuses.running,
      ...statuses,
      outcomes: { ...this.#outcomes },
      success_rate: rate(statuses.succeeded, ended),
      ...this.#work.result(),
      steps: [...this.#steps].map(([stepId, step]) => step.result(stepId)),
    };
  }
}

class StepTally {
  readonly work = new WorkTally();
  readonly #statuses: Record<StepStatus, number> = {
    pending: 0,
    running: 0,
    waiting: 0,
    succeeded: 0,
    failed: 0,
    skipped: 0,
    aborted: 0,
  };

  add({ status, startedAt, endedAt }: StepState): void {
    this.#statuses[status] += 1;
    const isOver = status === "succeeded" || status === "failed";
    if (isOver && startedAt !== null && endedAt !== null) this.work.took(startedAt, endedAt);
  }

  result(step_id: string): StepMetrics {
    const { running, waiting, succeeded, failed, skipped, aborted } = this.#statuses;
    const open = running + waiting;
    const count = open + succeeded + failed + skipped + aborted;
    const success_rate = rate(succeeded, succeeded + failed);
    return { step_id, count, open, succeeded, failed, skipped, aborted, success_rate, ...this.work.result() };
  }
}

function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** The mail about a failure names a step but is none of its effects. */
function isNotice(event: ExecutionEvent): boolean {
  return "key" in event && event.key.includes("/#failure");
}
