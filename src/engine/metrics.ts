/** Figures per flow and step over a span of time, worked out from logs alone (D1). */
import type { Outcome } from "../flow/record.ts";

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
  flows: FlowMetrics[];
}

/** By nearest rank; null where there is nothing to rank. */
export interface Percentiles {
  p50: number | null;
  p95: number | null;
}

/** Counts of what attempts, effects and approvals came to. */
export interface WorkMetrics {
  /** Milliseconds; of those that ended. */
  duration_ms: Percentiles;
  /** Failed attempts that were tried again. */
  retries: number;
  lost_attempts: number;
  effects: { performed: number; failed: number; doubtful: number };
  approvals: {
    count: number;
    approved: number;
    rejected: number;
    expired: number;
    withdrawn: number;
    waiting: number;
    /** Milliseconds from asked to decided. */
    decided_age_ms: Percentiles;
    /** Milliseconds since they were asked. */
    waiting_age_ms: Percentiles;
  };
}

export interface FlowMetrics extends WorkMetrics {
  flow_id: string;
  count: number;
  running: number;
  succeeded: number;
  failed: number;
  timed_out: number;
  aborted: number;
  outcomes: Record<Outcome, number>;
  /** Succeeded among those that ended, 0 to 1; null: none has. */
  success_rate: number | null;
  /** In the order of the newest definition. */
  steps: StepMetrics[];
}

export interface StepMetrics extends WorkMetrics {
  step_id: string;
  /** Executions that have got as far as it: begun, ended or skipped. */
  count: number;
  open: number;
  succeeded: number;
  failed: number;
  skipped: number;
  aborted: number;
  /** Succeeded among succeeded and failed, 0 to 1; null: neither. */
  success_rate: number | null;
}
