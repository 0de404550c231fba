/**
 * Why an execution isn't over yet, or why it ended as it did: a pure reading of its state, in sentences that an account
 * manager understands. Records have the keys that programs read; instants are milliseconds.
 */
import type { ExecutionState } from "../flow/execution.ts";
import type { ExecutionStatus, Outcome } from "../flow/record.ts";
import type { StepStatus } from "../flow/work-state.ts";

export interface Explanation {
  execution_id: string;
  flow_id: string;
  flow_version: string;
  customer_name: string | null;
  status: ExecutionStatus;
  outcome: Outcome | null;
  /** One sentence over all of it. */
  summary: string;
  /** Each step that has not ended, in the flow's order; empty once the execution has ended. */
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

export interface Waiting {
  kind:
    | "approval"
    | "doubt"
    | "retry"
    | "wait"
    | "flow"
    | "queue"
    | "dependency"
    | "attempt"
    | "item"
    | "compensation"
    /** Ready: a process takes it up in a moment. */
    | "start";
  text: string;
  /** When it goes on by itself, or is late; null: nobody can say. */
  until: number | null;
  /** Names of those whose word is waited for. */
  people: string[];
  /** Of a sub-flow, or of who holds the place that it queues for. */
  execution_id: string | null;
  /** Those that hold it up. */
  steps: string[];
}

export interface EndReason {
  kind: "failed" | "rejected" | "expired" | "timed_out" | "aborted" | "skipped" | "continued" | "compensated" | "done";
  /** Null: the execution as a whole. */
  step_id: string | null;
  text: string;
  /** From the step before it back to the one where it began; empty: it began here. */
  because: string[];
}

export function explain(state: ExecutionState): Explanation {
  return {
    execution_id: state.executionId,
    flow_id: state.flowId,
    flow_version: state.flowVersion,
    customer_name: state.customer?.name ?? null,
    status: state.status,
    outcome: state.outcome,
    summary: "",
    steps: [],
    reasons: [],
  };
}
