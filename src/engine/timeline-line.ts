/** What a history is made of: lines in the order of time, each one thing that happened, redacted and capped (T3). */
import type { ExecutionEvent, StepPart } from "../flow/event.ts";
import type { Json } from "../flow/json.ts";
import type { ExecutionStatus, Outcome } from "../flow/record.ts";

export interface History {
  execution_id: string;
  flow_id: string;
  flow_version: string;
  customer_name: string | null;
  status: ExecutionStatus;
  outcome: Outcome | null;
  started_at: number;
  ended_at: number | null;
  lines: HistoryLine[];
}

export interface HistoryLine {
  /** Milliseconds; never before the line above. */
  at: number;
  /** The log entry that it stands in. */
  sequence: number;
  kind: ExecutionEvent["type"];
  step_id: string | null;
  /** An item's index, or the step's compensation; null: the step itself. */
  part: StepPart | null;
  /** Without the time: whoever prints it knows the reader's zone. */
  text: string;
  input: Shown | null;
  output: Shown | null;
  /** What else a program may want: failure, retry_at, by, reason, execution_id, receipt, … */
  details: Record<string, Json>;
}

/** A value, redacted; or the beginning of its JSON where that is too long. */
export type Shown = { capped: false; value: Json } | { capped: true; beginning: string; characters: number };

/** What one event has to say, as it stands in the log: `timeline.ts` redacts and caps it. */
export interface Told {
  text: string;
  input?: Json;
  output?: Json;
  details?: Record<string, Json>;
}

/** One execution among the newest of a flow. */
export interface RecentExecution {
  execution_id: string;
  flow_id: string;
  flow_version: string;
  customer_id: string | null;
  customer_name: string | null;
  status: ExecutionStatus;
  outcome: Outcome | null;
  started_at: number;
  ended_at: number | null;
  /** Until now while it runs. */
  duration_ms: number;
}
