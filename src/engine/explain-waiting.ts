/** One thing that a step waits for, and what of it must be read beside the execution's state. */
import type { WaitingFor } from "../flow/record.ts";

export interface Waiting {
  kind:
    | "approval"
    | "doubt"
    | "retry"
    /** For the working time of whom it would reach. */
    | "held"
    | "wait"
    | "flow"
    | "queue"
    | "dependency"
    | "attempt"
    | "item"
    | "compensation"
    /** Nothing holds it up: a process takes it up in a moment. */
    | "start";
  text: string;
  /** When it goes on by itself, or when its time runs out; null: nobody can say. */
  until: number | null;
  /** Names of those whose word is waited for. */
  people: string[];
  /** Of a sub-flow, or of who holds the place that it queues for. */
  execution_id: string | null;
  /** Those that hold it up. */
  steps: string[];
}

/** What is known of one place that an execution queues for. */
export interface QueuePlace {
  key: string;
  /** Executions that hold it. */
  holders: { execution_id: string; customer_name: string | null }[];
  /** How many stand before this one. */
  ahead: number;
}

/** What the state alone doesn't say, as read beside it. */
export interface Around {
  /** Of an execution that queues. */
  places: readonly QueuePlace[];
  /** What the sub-flows wait for that it waits for, by their execution ids. */
  children: ReadonlyMap<string, readonly WaitingFor[]>;
}

export const nothingAround: Around = { places: [], children: new Map() };

export const nobody: Omit<Waiting, "kind" | "text"> = { until: null, people: [], execution_id: null, steps: [] };
