/**
 * What a log says of each step, read by this test's own lights: written from DESIGN §5 and §4, and not from the engine's
 * state, so that it can be a judge of it.
 */
import type { ExecutionEvent, StepPart } from "../../../src/flow/event.ts";
import type { FlowDefinition, Step } from "../../../src/flow/flow.ts";
import type { Json } from "../../../src/flow/json.ts";

export type How = "pending" | "begun" | "succeeded" | "failed" | "skipped" | "aborted";

export interface Told {
  how: How;
  /** Of an approval that has ended. */
  decision: "approved" | "rejected" | "expired" | "withdrawn" | null;
  /** Its last one of before a redrive. */
  before: Told["decision"];
  reason: "condition" | "upstream" | "late" | null;
  output: Json;
  items: Map<number, How> | null;
  compensation: How | null;
  endedAt: number;
  /** How many events ago, in order: ties of the clock. */
  order: number;
}

const nothing = (): Told => ({
  how: "pending",
  decision: null,
  before: null,
  reason: null,
  output: null,
  items: null,
  compensation: null,
  endedAt: 0,
  order: 0,
});

export const isOver = (how: How) => how !== "pending" && how !== "begun";

export class Story {
  readonly definition: FlowDefinition;
  readonly steps = new Map<string, Told>();
  status: "running" | "succeeded" | "failed" | "timed_out" | "aborted" = "running";
  stopping: { status: "aborted" | "timed_out"; compensate: boolean } | null = null;
  isQueued = false;
  compensating: string[] = [];
  hasPerformed = false;
  wasTakenBack = false;
  begunAt: number | null = null;
  #order = 0;

  constructor(definition: FlowDefinition) {
    this.definition = definition;
    for (const { id } of definition.steps) this.steps.set(id, nothing());
  }

  of(stepId: string): Told {
    const told = this.steps.get(stepId);
    if (told === undefined) throw new Error(`Nothing is told of ${stepId}.`);
    return told;
  }

  step(stepId: string): Step {
    const step = this.definition.steps.find(({ id }) => id === stepId);
    if (step === undefined) throw new Error(`There is no step ${stepId}.`);
    return step;
  }

  howOf(stepId: string, part: StepPart | null): How {
    const told = this.of(stepId);
    if (part === null) return told.how;
    if (part === "compensation") return told.compensation ?? "pending";
    return told.items?.get(part) ?? "pending";
  }

  #set(stepId: string, part: StepPart | null, how: How, at: number): void {
    const told = this.of(stepId);
    if (part === null) {
      told.how = how;
      if (isOver(how)) {
        told.endedAt = at;
        this.#order += 1;
        told.order = this.#order;
      }
    } else if (part === "compensation") told.compensation = how;
    else told.items?.set(part, how);
  }

  hear(event: ExecutionEvent): void {
    const part = "part" in event ? (event.part ?? null) : null;
    switch (event.type) {
      case "execution_started":
        this.begunAt = event.at;
        return;
      case "execution_queued":
        this.isQueued = true;
        return;
      case "execution_admitted":
        this.isQueued = false;
        return;
      case "items_found": {
        const told = this.of(event.step_id);
        told.how = "begun";
        const kept = told.items;
        told.items = new Map(
          (kept === null ? event.items : [...kept]).map((_, index) => [index, kept?.get(index) ?? "pending"]),
        );
        return;
      }
      case "step_started":
      case "flow_started":
        return this.#set(event.step_id, part, "begun", event.at);
      case "wait_started":
      case "approval_requested":
        return this.#set(event.step_id, null, "begun", event.at);
      case "wait_ended":
        return this.#set(event.step_id, null, "pending", event.at);
      case "step_succeeded":
        if (part === null) this.of(event.step_id).output = event.output;
        if (part === "compensation") this.wasTakenBack = true;
        return this.#set(event.step_id, part, "succeeded", event.at);
      case "step_failed":
        return this.#set(event.step_id, part, "failed", event.at);
      case "step_skipped":
        this.of(event.step_id).reason = event.reason;
        return this.#set(event.step_id, null, "skipped", event.at);
      case "approval_ended":
        this.of(event.step_id).decision = event.status;
        return this.#set(event.step_id, null, event.status === "withdrawn" ? "aborted" : "succeeded", event.at);
      case "approval_kept":
        this.of(event.step_id).decision = this.of(event.step_id).before;
        return this.#set(event.step_id, null, "succeeded", event.at);
      case "effect_performed":
        return this.#performed(event.key);
      case "doubt_resolved":
        if (event.answer === "arrived") this.#performed(event.key);
        return;
      case "stop_begun":
        return this.#stop(event.status, event.compensate, event.at);
      case "compensation_begun":
        this.compensating = event.step_ids;
        for (const id of event.step_ids) this.of(id).compensation = "pending";
        return;
      case "execution_succeeded":
        this.status = "succeeded";
        return;
      case "execution_failed":
        this.status = "failed";
        return;
      case "execution_timed_out":
        this.status = "timed_out";
        return;
      case "execution_aborted":
        this.status = "aborted";
        return;
      case "redriven":
        return this.#redrive(event.steps);
      case "taken_over":
      case "attempt_lost":
      case "attempt_failed":
      case "effects_planned":
      case "effect_begun":
      case "effect_failed":
      case "effect_doubted":
      case "effect_held":
      case "flow_ended":
      case "approval_edited":
      case "approval_reminded":
      case "approval_escalated":
      case "vote_cast":
      case "card_posted":
      case "case_noted":
      case "service_told":
      case "service_unheard":
      case "token_kept":
      case "token_answered":
        return;
      default:
        return event satisfies never;
    }
  }

  #performed(key: string): void {
    if (!key.includes("#failure") && !key.includes("#compensation")) this.hasPerformed = true;
  }

  #stop(status: "aborted" | "timed_out", compensate: boolean, at: number): void {
    this.stopping = { status, compensate };
    this.isQueued = false;
    for (const [id, told] of this.steps) {
      if (!isOver(told.how)) this.#set(id, null, "aborted", at);
      for (const [index, how] of told.items ?? []) if (!isOver(how)) told.items?.set(index, "aborted");
      if (told.compensation !== null && !isOver(told.compensation)) told.compensation = "aborted";
    }
  }

  /** What succeeded stays, but for what was taken back and what the redrive names. */
  #redrive(named: string[] | null): void {
    for (const [id, told] of this.steps) {
      const isUndone = told.compensation === "succeeded";
      const isOpen = told.how === "failed" || told.how === "aborted" || told.reason === "upstream";
      const isAgain = isUndone || (named === null ? isOpen : named.includes(id));
      if (!isAgain) {
        told.compensation = null;
        continue;
      }
      const kept = isUndone ? [] : [...(told.items ?? [])].filter(([, how]) => how === "succeeded");
      const items =
        isUndone || told.items === null
          ? null
          : new Map<number, How>([...told.items.keys()].map((key) => [key, "pending"]));
      for (const [index] of kept) items?.set(index, "succeeded");
      this.steps.set(id, { ...nothing(), before: told.decision ?? told.before, items });
    }
    this.status = "running";
    this.stopping = null;
    this.compensating = [];
  }
}
