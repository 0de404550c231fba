/**
 * Makes the report from the events as they are recorded: nothing is worked out here that the engine hasn't decided.
 *
 * R1. Each execution that ends without an effect has one reason for it; each effect that was held back has its own.
 */
import type { EventOf, ExecutionEvent } from "../flow/event.ts";
import type { PlannedEffect } from "../flow/effect.ts";
import { effectKey } from "../flow/effect.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type { Json } from "../flow/json.ts";
import type { Batch } from "../flow/record.ts";
import type { ExecutionCounts, SimulatedApproval, SimulatedEffect, SimulatedFiring, Withheld } from "./report.ts";
import { effectWords } from "./effect-words.ts";
import { unmetWords } from "./unmet-words.ts";

interface Known {
  flowId: string;
  customerId: string | null;
  customerName: string | null;
  /** Planned, by key. */
  effects: Map<string, { stepId: string; planned: PlannedEffect }>;
  performed: number;
  skipped: Map<string, EventOf<"step_skipped">["reason"]>;
  approvals: Map<string, SimulatedApproval>;
  outputs: Map<string, Json>;
  hasEnded: boolean;
}

export class Recorder {
  readonly effects: SimulatedEffect[] = [];
  readonly approvals: SimulatedApproval[] = [];
  readonly withheld: Withheld[] = [];
  readonly #known = new Map<string, Known>();
  readonly #batches = new Map<string, { batch: Batch; firing: SimulatedFiring }>();
  readonly #definition: (flowId: string) => FlowDefinition | null;
  readonly #counts: Omit<ExecutionCounts, "running"> = {
    started: 0,
    completed: 0,
    nothingToDo: 0,
    rejected: 0,
    expired: 0,
    failed: 0,
  };
  #running = 0;

  constructor(definition: (flowId: string) => FlowDefinition | null) {
    this.#definition = definition;
  }

  get executions(): ExecutionCounts {
    return { ...this.#counts, running: this.#running };
  }

  get firings(): SimulatedFiring[] {
    return [...this.#batches.values()].map(({ firing }) => firing).toSorted((one, other) => one.at - other.at);
  }

  batch(batch: Batch): void {
    const before = this.#batches.get(batch.batch_id);
    const { type } = batch.started_by;
    const at = batch.started_by.type === "schedule" ? batch.started_by.scheduled_at : batch.started_at;
    const running = Object.entries(batch.already_running);
    const firing = { at, matched: batch.customer_ids.length, alreadyRunning: running.length };
    for (const [customerId, executionId] of running) {
      if (before !== undefined && customerId in before.batch.already_running) continue;
      const about = { at, executionId, customerId, customerName: this.#known.get(executionId)?.customerName ?? null };
      const why = `An execution about this customer was running already${type === "schedule" ? " when the schedule fired" : ""}.`;
      this.withheld.push({ ...about, stepId: null, kind: "already_running", why });
    }
    this.#batches.set(batch.batch_id, { batch, firing });
  }

  event(executionId: string, event: ExecutionEvent): void {
    if (event.type === "execution_started") this.#start(executionId, event);
    const known = this.#known.get(executionId);
    if (known === undefined || !isTelling(event)) return;
    switch (event.type) {
      case "step_skipped":
        known.skipped.set(event.step_id, event.reason);
        if (event.reason === "late") {
          const why = `${event.step_id} came after the time that it was meant for.`;
          this.#withhold({ executionId, known, at: event.at, stepId: event.step_id, kind: "late", why });
        }
        break;
      case "step_succeeded":
        if (event.part === undefined) known.outputs.set(event.step_id, event.output);
        break;
      case "effects_planned":
        this.#plan(executionId, known, event);
        break;
      case "effect_performed":
        this.#perform(executionId, known, event);
        break;
      case "effect_held":
        this.#hold(executionId, known, event);
        break;
      case "effect_failed": {
        const why = `${event.failure.error}: ${event.failure.cause}`;
        this.#withhold({ executionId, known, at: event.at, stepId: event.step_id, kind: "failed", why });
        break;
      }
      case "approval_requested":
        this.#ask(executionId, known, event);
        break;
      case "approval_ended":
        this.#decide(known, event);
        break;
      case "execution_succeeded":
      case "execution_failed":
      case "execution_timed_out":
      case "execution_aborted":
        this.#end(executionId, known, event);
        break;
      default:
        event satisfies never;
    }
  }

  #start(executionId: string, event: EventOf<"execution_started">): void {
    this.#counts.started += 1;
    this.#running += 1;
    this.#known.set(executionId, {
      flowId: event.flow_id,
      customerId: event.customer?.id ?? null,
      customerName: event.customer?.name ?? null,
      effects: new Map(),
      performed: 0,
      skipped: new Map(),
      approvals: new Map(),
      outputs: new Map(),
      hasEnded: false,
    });
  }

  #plan(executionId: string, known: Known, event: EventOf<"effects_planned">): void {
    const { step_id: stepId, part = null } = event;
    for (const planned of event.effects) {
      const key = effectKey({ executionId, stepId, part, target: planned.target });
      known.effects.set(key, { stepId, planned });
    }
  }

  #perform(executionId: string, known: Known, { key, at, step_id }: EventOf<"effect_performed">): void {
    const planned = this.#planned(known, key, step_id);
    if (planned === null) return;
    known.performed += 1;
    this.effects.push({ ...about(executionId, known, at), stepId: step_id, ...effectWords(planned.effect) });
  }

  #hold(executionId: string, known: Known, { key, at, step_id, hold }: EventOf<"effect_held">): void {
    const planned = this.#planned(known, key, step_id);
    const words = planned === null ? step_id : effectWords(planned.effect).what;
    const kind = hold.until === null ? "not_sent" : "held";
    this.#withhold({ executionId, known, at, stepId: step_id, kind, why: `${words}: ${hold.cause}` });
  }

  /** The word about a failure has a key of its own. */
  #planned(known: Known, key: string, stepId: string): PlannedEffect | null {
    const found = known.effects.get(key) ?? known.effects.get(key.replace(/#\d+$/, ""));
    if (found !== undefined) return found.planned;
    const isNotice = key.includes("/#failure");
    const notice = [...known.effects.values()].find(({ planned }) => planned.target === "#failure");
    return isNotice
      ? (notice?.planned ?? null)
      : ([...known.effects.values()].find((one) => one.stepId === stepId)?.planned ?? null);
  }

  #ask(executionId: string, known: Known, event: EventOf<"approval_requested">): void {
    const asked: SimulatedApproval = {
      ...about(executionId, known, event.at),
      stepId: event.step_id,
      asked: event.approvers.map(({ label }) => label),
      decision: null,
      decidedAt: null,
    };
    known.approvals.set(event.step_id, asked);
    this.approvals.push(asked);
    // Planned when asked: what is performed later is this (A3).
    for (const { step_id, part, effects } of event.plans) {
      for (const planned of effects) {
        const key = effectKey({ executionId, stepId: step_id, part: part ?? null, target: planned.target });
        known.effects.set(key, { stepId: step_id, planned });
      }
    }
  }

  #decide(known: Known, { step_id, status, at }: EventOf<"approval_ended">): void {
    const asked = known.approvals.get(step_id);
    if (asked === undefined) return;
    asked.decision = status;
    asked.decidedAt = at;
  }

  #end(executionId: string, known: Known, event: ExecutionEnd): void {
    if (!known.hasEnded) this.#running -= 1;
    known.hasEnded = true;
    const end = endOf(event);
    this.#counts[end] += 1;
    const isReached = end === "completed" || (known.performed > 0 && end !== "failed");
    if (!isReached) this.#withhold({ executionId, known, at: event.at, ...this.#reason(known, event) });
    // Thousands end, and nobody asks after these again.
    for (const facts of [known.outputs, known.effects, known.approvals, known.skipped]) facts.clear();
  }

  /** R1. */
  #reason(known: Known, event: ExecutionEnd): Pick<Withheld, "stepId" | "kind" | "why"> {
    if (event.type === "execution_failed") {
      const { step_id: stepId, failure } = event;
      return { stepId, kind: "failed", why: `${failure.error}: ${failure.cause}` };
    }
    if (event.type !== "execution_succeeded")
      return { stepId: null, kind: "failed", why: "It ran out of time or was aborted." };
    if (event.outcome === "rejected" || event.outcome === "expired") {
      const decided = [...known.approvals.values()].find(({ decision }) => decision === event.outcome);
      return { stepId: decided?.stepId ?? null, kind: event.outcome, why: `The approval was ${event.outcome}.` };
    }
    const [unmet] = [...known.skipped].filter(([, reason]) => reason === "condition").map(([stepId]) => stepId);
    const step = this.#definition(known.flowId)?.steps.find(({ id }) => id === unmet);
    const condition = step?.when ?? "";
    const why =
      unmet === undefined
        ? "It has nothing to send."
        : unmetWords({ stepId: unmet, condition, outputs: known.outputs });
    return { stepId: unmet ?? null, kind: "nothing_to_do", why };
  }

  #withhold(asked: Pick<Withheld, "stepId" | "kind" | "why" | "at"> & { executionId: string; known: Known }): void {
    const { executionId, known, at, stepId, kind, why } = asked;
    this.withheld.push({ ...about(executionId, known, at), stepId, kind, why });
  }
}

const telling = [
  "step_skipped",
  "step_succeeded",
  "effects_planned",
  "effect_performed",
  "effect_held",
  "effect_failed",
  "approval_requested",
  "approval_ended",
  "execution_succeeded",
  "execution_failed",
  "execution_timed_out",
  "execution_aborted",
] as const satisfies readonly ExecutionEvent["type"][];

/** Whatever else happens sends nothing and holds nothing back. */
function isTelling(event: ExecutionEvent): event is EventOf<(typeof telling)[number]> {
  return telling.some((type) => type === event.type);
}

type ExecutionEnd = EventOf<"execution_succeeded" | "execution_failed" | "execution_timed_out" | "execution_aborted">;

function endOf(event: ExecutionEnd): Exclude<keyof ExecutionCounts, "started" | "running"> {
  if (event.type !== "execution_succeeded") return "failed";
  return event.outcome === "nothing_to_do" ? "nothingToDo" : event.outcome;
}

function about(executionId: string, { customerId, customerName }: Known, at: number) {
  return { at, executionId, customerId, customerName };
}
