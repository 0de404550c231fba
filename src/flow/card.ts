/**
 * Cards as data: what stands in Slack and is edited in place. The engine fills them from an execution's state; the pure
 * builders in `slack/` turn them into Block Kit. Instants are milliseconds; texts from outside are raw and escaped there (T2).
 */
import type { AgentName } from "./flow.ts";
import type { Customer } from "./customer.ts";
import type { PlannedEffect, Receipt } from "./effect.ts";
import type { SetAside } from "./case.ts";
import type { Approver, CaseNote, EventOf, PastExecution, SkipReason } from "./event.ts";
import type { Failure } from "./failure.ts";
import type { FieldChange } from "./field-change.ts";
import type { Hold } from "./hold.ts";
import type { Json } from "./json.ts";
import type { Person } from "./person.ts";
import type { ExecutionStatus, Outcome } from "./record.ts";
import type { StepStatus } from "./work-state.ts";

export type EscalationReason = EventOf<"approval_escalated">["reason"];

export interface FinishedStep {
  stepId: string;
  agent: AgentName | null;
  action: string | null;
  output: Json;
}

export interface CardVote {
  decision: "approve" | "reject";
  by: Person;
  at: number;
  reason: string | null;
  aside?: SetAside;
}

export interface ApprovalCard {
  kind: "approval";
  executionId: string;
  stepId: string;
  /** Buttons carry it; a click on an older one is told so. */
  version: number;
  flowId: string;
  flowDescription: string | null;
  customer: Customer | null;
  timezone: string;
  now: number;
  /** What the approval depends on, nearest first: the builder picks risk and recommendations by action. */
  outputs: FinishedStep[];
  plans: CardPlan[];
  /** Steps whose effects cannot be known yet: "then". */
  later: string[];
  /** The steps around it that have a compensation, and what that does. */
  takenBack: { stepId: string; action: string }[];
  status: "pending" | "approved" | "rejected" | "expired" | "withdrawn";
  requestedAt: number;
  endedAt: number | null;
  expiresAt: number | null;
  waitingFor: string[];
  /** The flow lets approvers change something first. */
  isEditable: boolean;
  edits: { by: Person; at: number; version: number; changes: FieldChange[] }[];
  /** When somebody is reminded, and when it goes to whom; null: that doesn't come (any more). */
  remindAt: number | null;
  remindedAt: number | null;
  escalateAt: number | null;
  escalateTo: string[];
  escalated: { at: number; reason: EscalationReason } | null;
  /** Of this flow about this customer, newest first, as known when it was asked. */
  history: PastExecution[];
  quorum: number;
  votes: CardVote[];
  /** After the decision: what was done so far, and what still runs. */
  effects: {
    stepId: string;
    status: "planned" | "begun" | "performed" | "failed" | "doubtful" | "held";
    summary: string;
    receipt: Receipt | null;
    /** Of what is held back. */
    hold?: Hold;
  }[];
  /** What was found since about the case that it asks about. */
  caseNote: CaseNote | null;
  execution: {
    status: ExecutionStatus;
    outcome: Outcome | null;
    /** Ended before its end: by whom (null: a program, or its own timeout) and when; null: it isn't. */
    stopped: { how: "aborted" | "timed_out"; by: Person | null; at: number } | null;
  };
}

/** What a step would send. */
export interface CardPlan {
  stepId: string;
  /** For how many items of its list; null: it doesn't repeat. */
  items: number | null;
  effects: PlannedEffect[];
}

/** E2: nobody can know whether it arrived; a person says. */
export interface DoubtCard {
  kind: "doubt";
  executionId: string;
  stepId: string;
  effectKey: string;
  flowId: string;
  customerName: string | null;
  timezone: string;
  effect: PlannedEffect;
  cause: string;
  begunAt: number;
  answeredBy: string[];
  resolved: { answer: "send_again" | "arrived"; by: Person; at: number } | null;
}

/** F1: an execution failed or ran out of time; Redrive runs it on. */
export interface FailureCard {
  kind: "failure";
  executionId: string;
  flowId: string;
  customerName: string | null;
  stepId: string | null;
  failure: Failure;
  /** By the flow's own timeout: no step failed, what was under way was cut off. */
  ranOutOfTime: boolean;
  /** What was done is taken back: each step's compensation, with its failure where it has failed. */
  takenBack: { stepId: string; hasEnded: boolean; failure: Failure | null }[];
  at: number;
  timezone: string;
  redriven: { by: Person | null; at: number } | null;
}

/** The one message of a batch. */
export interface BatchCard {
  kind: "batch";
  batchId: string;
  flowId: string;
  flowVersion: string;
  timezone: string;
  startedAt: number;
  /** Null: a schedule did. */
  requestedBy: Person | null;
  scheduledAt: number | null;
  matched: number;
  total: number;
  alreadyRunning: number;
  started: number;
  counts: {
    running: number;
    /** They wait for their turn (`concurrency`, `overlap: queue`). */
    queued: number;
    waiting_for_approval: number;
    in_doubt: number;
    completed: number;
    rejected: number;
    expired: number;
    nothing_to_do: number;
    failed: number;
  };
  /** How many of those that wait stand in the list rather than on a card of their own. */
  listed: number;
  /** Names whose decision is awaited, with how many each, most first. */
  waitingFor: { name: string; count: number }[];
  ended: boolean;
}

/** Under an approval's card: what stood behind it when it was asked. */
export interface DetailsCard {
  kind: "details";
  approval: ApprovalCard;
}

/** Under an approval's card: what has happened to it since. */
export interface NoteCard {
  kind: "note";
  executionId: string;
  stepId: string;
  timezone: string;
  at: number;
  note:
    | {
        type: "edited";
        by: Person;
        changes: FieldChange[];
        plans: ApprovalCard["plans"];
        later: string[];
        quorum: number;
      }
    | ({ type: "reminded" } & CallForDecision)
    | ({ type: "escalated"; reason: EscalationReason } & CallForDecision);
}

export interface CallForDecision {
  /** Those who are called. */
  waitingFor: Approver[];
  /** User id of who started it and so doesn't decide (A2): not called. */
  requesterId: string | null;
  expiresAt: number | null;
}

export type Card = ApprovalCard | DoubtCard | FailureCard | BatchCard | DetailsCard | NoteCard;

/** One step as `/revops status EXECUTION` lists it. */
export interface StepReport {
  stepId: string;
  label: string;
  status: StepStatus;
  skipped: SkipReason | null;
  startedAt: number | null;
  endedAt: number | null;
  attempts: number;
  failure: Failure | null;
  retryAt: number | null;
  waitingFor: string[];
  /** What it has not sent, and why; `until` null: it won't. */
  held?: { summary: string; cause: string; until: number | null }[];
  /** Of a step that repeats, once its list is known. */
  items: { succeeded: number; failed: number; total: number } | null;
  /** A `wait` step, or one that was late and is shifted; milliseconds. */
  waitsUntil: number | null;
  /** The executions of its sub-flows, as they were started. */
  children: { executionId: string; hasEnded: boolean }[];
  /** Of taking it back; null: that isn't due. */
  compensation: { status: StepStatus; failure: Failure | null } | null;
}
