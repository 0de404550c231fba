/** What a simulation found: who would get what and when, who would be asked, and why others get nothing. Times in milliseconds. */
import type { EffectKind } from "../flow/effect.ts";

export type AssumedDecision = "approve" | "reject" | "expire";

export interface SimulationReport {
  flowId: string;
  flowVersion: string;
  /** `to` isn't in it. */
  from: number;
  to: number;
  /** IANA: of the days. */
  timezone: string;
  assumed: AssumedDecision;
  /** How many the customer source has. */
  customers: number;
  firings: SimulatedFiring[];
  executions: ExecutionCounts;
  effects: SimulatedEffect[];
  approvals: SimulatedApproval[];
  withheld: Withheld[];
  /** Null: it went to the end of the period. */
  stoppedAt: { at: number; reason: string } | null;
}

export interface SimulatedFiring {
  at: number;
  /** Of the customers, those that match the trigger's filter. */
  matched: number;
  /** Those of whom an execution runs already are left out. */
  alreadyRunning: number;
}

export interface ExecutionCounts {
  /** Of its `flow` steps too. */
  started: number;
  completed: number;
  nothingToDo: number;
  rejected: number;
  expired: number;
  failed: number;
  /** At the end of the period. */
  running: number;
}

interface About {
  at: number;
  executionId: string;
  customerId: string | null;
  customerName: string | null;
  stepId: string;
}

export interface SimulatedEffect extends About {
  kind: EffectKind;
  /** Mail addresses, or a channel; of a CRM field, the customer. */
  to: string[];
  /** A sentence for people. */
  what: string;
}

export interface SimulatedApproval extends About {
  /** Who is asked, in words. */
  asked: string[];
  decision: "approved" | "rejected" | "expired" | "withdrawn" | null;
  decidedAt: number | null;
}

export interface Withheld extends Omit<About, "stepId"> {
  /** Null: the execution as a whole. */
  stepId: string | null;
  kind: WithheldKind;
  /** A sentence for people. */
  why: string;
}

export type WithheldKind =
  | "nothing_to_do"
  | "already_running"
  | "rejected"
  | "expired"
  | "late"
  | "failed"
  /** The contact governor holds it until later. */
  | "held"
  /** The contact governor doesn't let it through. */
  | "not_sent"
  | "not_started";
