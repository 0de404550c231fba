/**
 * The engine's interface: what the bot, the page's clock and the composition root call. Everything a caller learns here is
 * a stored fact; everything a caller asks for is durable when the promise resolves.
 */
import type { AnswerPart } from "../agents/answerer.ts";
import type { StepReport } from "../flow/card.ts";
import type { Case } from "../flow/case.ts";
import type { Customer } from "../flow/customer.ts";
import type { EditField, FieldProblem } from "../flow/edit-field.ts";
import type { FieldEdit } from "../flow/event.ts";
import type { ExecutionState } from "../flow/execution.ts";
import type { DecisionWord, FlowDefinition } from "../flow/flow.ts";
import type { JsonObject } from "../flow/json.ts";
import type { Person } from "../flow/person.ts";
import type { Batch, ExecutionHeader, ExecutionStatus, WaitingFor } from "../flow/record.ts";
import type { ApprovalCard } from "../flow/card.ts";
import type { Cost } from "../flow/usage.ts";
import type { AskedAside, CaseFilterWords } from "./cases.ts";
import type { CustomerRisk } from "./customer-risk.ts";
import type { Explanation } from "./explain.ts";
import type { Metrics } from "./metrics.ts";
import type { History, RecentExecution } from "./timeline-line.ts";

export type { AnswerPart };

/** A request that can't be done: a sentence for the person, and the nearest right word where there is one. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly suggestion: string | null;
  constructor(message: string, suggestion: string | null = null) {
    super(message);
    this.suggestion = suggestion;
  }
}

export interface FlowSummary {
  definition: FlowDefinition;
  file: string | null;
  /** Of the earliest scheduled trigger, with its jitter; null without one, and while it is paused. */
  nextFiring: number | null;
  running: number;
  /** Its triggers start nothing. */
  paused: { at: number; by: Person | null } | null;
}

export type StartAnswer =
  | { kind: "started"; executionId: string; customer: Customer | null }
  /** `overlap: skip`: an execution of this flow about this customer is running. */
  | { kind: "already_running"; executionId: string; customer: Customer | null };

export type DecisionAnswer =
  | { kind: "recorded"; ended: boolean }
  /** Nothing changed; `message` is a truthful sentence for that person alone. */
  | { kind: "refused"; reason: RefusalReason; message: string };

export type RefusalReason =
  | "unknown"
  | "already_decided"
  | "already_voted"
  | "not_an_approver"
  | "requester"
  | "overtaken"
  | "expired"
  | "withdrawn"
  | "reason_missing"
  /** An operator's or approver's verb, asked by somebody else. */
  | "not_an_operator"
  /** Another execution of this flow about this customer runs (`overlap`). */
  | "already_running"
  /** The case is closed, or there was none. */
  | "no_case"
  /** A snooze that would end in the past, or in years. */
  | "bad_date";

export interface ApprovalReference {
  executionId: string;
  stepId: string;
  version: number;
}

type Refused = Extract<DecisionAnswer, { kind: "refused" }>;
export type EditFormAnswer = { kind: "form"; fields: EditField[] } | Refused;
export type EditAnswer =
  { kind: "edited"; version: number } | { kind: "unchanged" } | { kind: "invalid"; problems: FieldProblem[] } | Refused;

export interface WaitingApproval {
  header: ExecutionHeader;
  waiting: WaitingFor;
}

export interface CustomerAtRisk {
  customer: Customer;
  /** Of the newest assessment, 0 to 1. */
  riskScore: number;
  /** The execution that assessed it. */
  header: ExecutionHeader;
}

export interface PersonalReport {
  /** Started by them: what runs before what has ended, each newest first. */
  executions: ExecutionHeader[];
  /** Of which they are account manager or customer-success manager, the greatest risk first. */
  customersAtRisk: CustomerAtRisk[];
}

export interface ExecutionReport {
  header: ExecutionHeader;
  steps: StepReport[];
  startedBy: string;
  failure: string | null;
  /** Why a service that drives it doesn't know yet what it is owed; left out: nothing stands in the way. */
  unheard?: string;
  /** Null: no model was asked. */
  cost: Cost | null;
}

/** A question in words. */
export interface Asking {
  question: string;
  person: Person;
  /** Rows of a longer answer that have been shown already. */
  from: number;
  /** The same for all questions of a thread, of no other. */
  session: string;
  /** What the thread is about, asked only where the question names nobody. */
  thread: () => Promise<ThreadSubject | null>;
  signal: AbortSignal;
}

export type ThreadSubject = { customerId: string } | { executionId: string };

export interface Asked {
  /** Whom it is about; null: nobody, or not one alone. */
  customerId: string | null;
  /** As they come. What throws in between leaves half an answer. */
  parts: AsyncIterable<AnswerPart>;
}

/** What an event has done to one flow that has it as a trigger. */
export type EventStart =
  | { flowId: string; kind: "started"; executionId: string }
  /** This event id has started that execution before. */
  | { flowId: string; kind: "known"; executionId: string }
  | { flowId: string; kind: "already_running"; executionId: string }
  | { flowId: string; kind: "paused" }
  /** The customer doesn't match the trigger's filter. */
  | { flowId: string; kind: "filtered" }
  /** A sentence: an input is missing or of another type, or there is no such customer. */
  | { flowId: string; kind: "refused"; message: string };

export interface FlowVersion {
  hash: string;
  version: string;
  /** Milliseconds: when it was first seen. */
  storedAt: number;
  /** Executions of it that run. */
  running: number;
  /** Starts and fires now. */
  isCurrent: boolean;
  /** Who made it of the one before, and what of it; null or left out: nobody knows. */
  change?: { by: Person | null; detail: string } | null;
}

/** What a redrive starts again, and what it keeps. */
export interface RedrivePlan {
  restarts: string[];
  keeps: string[];
  /** How a service that drives it goes on where it can't do this by itself; left out: as people expect. */
  note?: string;
}

export type RedriveAnswer = ({ kind: "recorded"; ended: boolean } & RedrivePlan) | Refused;

export interface BulkFilter {
  flowId?: string;
  customerId?: string;
  status?: ExecutionStatus;
  batchId?: string;
  /** Milliseconds; of the start. */
  startedBefore?: number;
  startedAfter?: number;
}

export interface BulkAnswer {
  /** Ids of the executions that it was done to. */
  done: string[];
  /** Of those it wasn't, with the sentence why. */
  refused: { executionId: string; message: string }[];
}

export interface Engine {
  flows(): Promise<FlowSummary[]>;
  /** Throws `RequestError` with the nearest flow id. */
  flow(parameters: { flowId: string }): FlowDefinition;

  /** One execution. `input` values are text as typed or JSON; they are checked against the flow's inputs. */
  start(parameters: {
    flowId: string;
    input: JsonObject;
    person: Person | null;
    startKey?: string;
  }): Promise<StartAnswer>;
  /**
   * A batch over the trigger's filter. Resolves once the batch is durable and counted; its executions start behind it.
   * The progress message is posted by the presenter in `channel`.
   */
  startBatch(parameters: { flowId: string; person: Person | null; channel: string; requestId: string }): Promise<Batch>;

  decide(parameters: {
    executionId: string;
    stepId: string;
    version: number;
    person: Person;
    decision: DecisionWord;
    reason: string | null;
  }): Promise<DecisionAnswer>;
  /** May this person decide now? The same check as `decide`, for opening a modal. */
  mayDecide(parameters: {
    executionId: string;
    stepId: string;
    version: number;
    person: Person;
    decision: DecisionWord;
    /** A list asks about many on its own account: nobody pressed anything, so no refusal is recorded (T4). */
    forList?: boolean;
  }): Promise<{ kind: "yes"; reasonRequired: boolean } | { kind: "refused"; reason: RefusalReason; message: string }>;
  /** What may be changed before the decision, as it stands now, for whoever may decide (A3). */
  editForm(parameters: ApprovalReference & { person: Person }): Promise<EditFormAnswer>;
  /** Plans anew and records both; the card moves on to the next version. `edits`: whole new values of fields. */
  edit(parameters: ApprovalReference & { person: Person; edits: FieldEdit[] }): Promise<EditAnswer>;
  /** Approvals that wait, those with the least time left first; `person`: only those that they may decide. */
  waiting(parameters: {
    person: Person | null;
    batchId?: string;
    offset: number;
    limit: number;
  }): Promise<{ items: WaitingApproval[]; total: number }>;
  /** For a person's App Home. */
  personal(parameters: { person: Person }): Promise<PersonalReport>;
  /** What is open about customers, those with most at stake first. */
  cases(parameters: CaseFilterWords & { limit: number }): Promise<{ items: Case[]; total: number }>;
  /** May this person set it aside now? The same check as `setAside`, for opening a form. */
  maySetAside(parameters: Pick<AskedAside, "subject" | "person">): Promise<{ kind: "yes"; record: Case } | Refused>;
  /** Snoozes or dismisses a case; an approval that asks about it is rejected with that. */
  setAside(parameters: AskedAside): Promise<DecisionAnswer>;
  /** The card's facts for Details, whatever its state; null: there is no such approval. */
  approval(parameters: { executionId: string; stepId: string }): Promise<ApprovalCard | null>;
  resolveDoubt(parameters: {
    effectKey: string;
    person: Person;
    answer: "send_again" | "arrived";
  }): Promise<DecisionAnswer>;
  /**
   * Ended otherwise than well, it goes on: from what failed, or from the step `from` and all behind it. `input`: values that
   * replace the old ones; whatever reads the input starts again. Effects that happened stay.
   */
  redrive(parameters: {
    executionId: string;
    person: Person | null;
    from?: string;
    input?: JsonObject;
  }): Promise<RedriveAnswer>;
  /** Withdraws its approvals and cuts off what is under way; with `compensate`, what has succeeded is taken back first. */
  abort(parameters: { executionId: string; person: Person | null; compensate: boolean }): Promise<DecisionAnswer>;
  /** Each on its own; what can't be done is told and stops nothing. */
  abortAll(parameters: { filter: BulkFilter; person: Person | null; compensate: boolean }): Promise<BulkAnswer>;
  redriveAll(parameters: { filter: BulkFilter; person: Person | null }): Promise<BulkAnswer>;

  /** Its triggers start nothing until it is resumed; what falls due meanwhile isn't caught up. By hand it still starts. */
  pause(parameters: { flowId: string; person: Person | null }): Promise<DecisionAnswer>;
  resume(parameters: { flowId: string; person: Person | null }): Promise<DecisionAnswer>;

  /** Starts the flows with this trigger; the same `eventId` starts none of them twice. */
  receiveEvent(parameters: { event: string; eventId: string; input: JsonObject }): Promise<EventStart[]>;

  /** Every version that was ever loaded, newest first. */
  versions(parameters: { flowId: string }): Promise<FlowVersion[]>;
  /** Null: there is no such version. */
  definition(parameters: { hash: string }): Promise<FlowDefinition | null>;

  /** Open executions first, newest first. */
  list(parameters: {
    status?: ExecutionStatus;
    flowId?: string;
    customerId?: string;
    limit: number;
  }): Promise<ExecutionHeader[]>;
  /** Throws `RequestError` with the nearest execution id. */
  report(parameters: { executionId: string }): Promise<ExecutionReport>;
  /** Its whole state, for pictures: attempts, waits, where its cards stand. Throws as `report`. */
  execution(parameters: { executionId: string }): Promise<ExecutionState>;
  /** What each step that has not ended waits for; of an ended one, why it ended so. Throws as `report`. */
  explain(parameters: { executionId: string }): Promise<Explanation>;
  /** All that happened to it, in the order of time, without secrets (T3). Throws as `report`. */
  history(parameters: { executionId: string }): Promise<History>;
  /** The newest executions, of a flow or of all. Throws `RequestError` for a flow that never was. */
  recent(parameters: { flowId?: string; limit: number }): Promise<RecentExecution[]>;
  /**
   * Figures per flow and step over the executions that started since then (milliseconds; the last 30 days), the newest 2,000
   * at most. Throws `RequestError` for a flow that never was.
   */
  metrics(parameters: { flowId?: string; since?: number }): Promise<Metrics>;
  /** As it is now, and as past executions assessed it. Throws `RequestError` for a customer whom nobody has. */
  customerRisk(parameters: { customerId: string }): Promise<CustomerRisk>;
  /** An answer in words, from what `status` may show this person; it starts nothing. */
  ask(parameters: Asking): Promise<Asked>;
  findCustomers(parameters: { text: string }): Promise<Customer[]>;
  /** Names near to one that was not found. */
  nearestCustomers(parameters: { text: string }): Promise<string[]>;

  /** Once for a key (Slack's event_id) within `ttlMs`. */
  firstTime(parameters: { key: string; ttlMs: number }): Promise<boolean>;

  /** When something is due next: a timer or a firing; null: nothing is. */
  nextDue(): Promise<number | null>;
  /** Takes up whatever is due and whatever other processes have recorded; resolves when this round is recorded. */
  tick(): Promise<void>;
  /** Resolves when nothing is being driven, posted or edited. */
  idle(): Promise<void>;
  /** F2: no new attempts; running ones get `graceMs`; hands the lease back. */
  stop(parameters: { graceMs: number }): Promise<void>;
}
