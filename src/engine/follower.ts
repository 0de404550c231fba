/**
 * The port to a service that drives executions of its own: what it is told, and what it is asked. An engine that has one starts
 * its executions there and follows them; without one it leaves such executions alone.
 */
import type { ExecutionState } from "../flow/execution.ts";
import type { Failure } from "../flow/failure.ts";
import type { JsonObject } from "../flow/json.ts";
import type { Outcome } from "../flow/record.ts";
import type { Owed } from "./owed.ts";

export type Told =
  /** It knows; under this name it runs, or ran. */
  | { kind: "told"; name: string }
  /** It no longer waits for that. */
  | { kind: "late" }
  /** It never will: a sentence says what a person has to do. */
  | { kind: "refused"; failure: Failure };

export type EndOutside =
  /** `stateName`: what it was at last, in the service's words; null: nobody can say. */
  | { status: "failed"; failure: Failure; stateName: string | null }
  | { status: "timed_out" | "aborted" }
  /** `outputs`: of its steps, null for a skipped one. */
  | { status: "succeeded"; outcome: Outcome; outputs: JsonObject };

/** Null: it runs, or nobody knows yet; unknown: the service doesn't know it, for a reason that a person has to mend. */
export type Whereabouts = EndOutside | { status: "unknown"; failure: Failure } | null;

/** Of a process that starts and records, and leaves it to the bot to tell the service. */
export const toldByOthers: Follower = {
  tell: () => Promise.reject(new Error("This process tells the service nothing; the bot does.")),
  running: () => Promise.resolve(new Set()),
  endOf: () => Promise.resolve(null),
};

export interface Follower {
  /** Rejects with what may be tried again. */
  tell(state: ExecutionState, owed: Owed): Promise<Told>;
  /** Ids of the flow's executions that run there; may lag by seconds. Rejects with what may be tried again. */
  running(parameters: { flowId: string }): Promise<ReadonlySet<string>>;
  /** How it ended, where that was not by its own last word in the log. Rejects with what may be tried again. */
  endOf(state: ExecutionState): Promise<Whereabouts>;
}
