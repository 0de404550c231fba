/** What an execution came to, on either engine, as far as it has to be the same. */
import type { Json } from "../../../src/flow/json.ts";

export interface StepTrace {
  status: string;
  reason?: string;
  output?: Json;
  error?: string;
}

export interface Trace {
  status: string;
  outcome: string | null;
  /** Of the failure that the execution ended with. */
  error: string | null;
  steps: Record<string, StepTrace>;
  /** Calls of each step and item, by key. */
  calls: Record<string, number>;
  /** Who got a mail about the failure. */
  told: string[];
  /** Compensated, in that order. */
  undone: string[];
  /** Beginnings and ends of calls, in the order of the world. */
  order: { what: "begin" | "end"; step: string }[];
}

/** Counts what the actions are asked to do; both engines' worlds write here. */
export class Diary {
  readonly calls: Record<string, number> = {};
  readonly undone: string[] = [];
  readonly told: string[] = [];
  readonly order: Trace["order"] = [];

  /** From 1. */
  begin(stepId: string, index: number | null): number {
    const key = index === null ? stepId : `${stepId}/${index}`;
    this.calls[key] = (this.calls[key] ?? 0) + 1;
    this.order.push({ what: "begin", step: stepId });
    return this.calls[key];
  }

  end(stepId: string): void {
    this.order.push({ what: "end", step: stepId });
  }
}
