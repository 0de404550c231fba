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
  | { status: "failed"; failure: Failure }
  | { status: "timed_out" | "aborted" }
  /** `outputs`: of its steps, null for a skipped one. */
  | { status: "succeeded"; outcome: Outcome; outputs: JsonObject };

/** Of a process that starts and records, and leaves it to the bot to tell the service. */
export const toldByOthers: Follower = {
  tell: () => Promise.reject(new Error("This process tells the service nothing; the bot does.")),
  endOf: () => Promise.resolve(null),
};

export interface Follower {
  /** Rejects with what may be tried again. */
  tell(state: ExecutionState, owed: Owed): Promise<Told>;
  /** How the service says that it ended, where that was not by its own last word in the log; null: it runs, or nobody knows yet. */
  endOf(state: ExecutionState): Promise<EndOutside | null>;
}
