/**
 * The state store port.
 *
 * Job: keep logs, headers, batches, schedule cursors, claims and the audit; decide every race by a condition on one item.
 * Non-job: no knowledge of what events mean, no retries, no clock.
 *
 * - S1. A write is durable when its promise resolves. What it conditions on is one item (D2); no invariant needs two.
 * - S2. `create` and `append` answer `false` when somebody else wrote that sequence; nothing was written then.
 * - S3. Headers and audit events given with a write become durable with it or right after it; a reader of the log never
 *   waits for them, and a store may lag with its lists (DynamoDB's indexes do).
 * - S4. Whatever is read is parsed by its schema; a record that does not parse throws `CorruptRecordError` for it alone.
 */
import type { Case } from "../flow/case.ts";
import type { LogEntry } from "../flow/event.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type {
  AuditEvent,
  Batch,
  ExecutionHeader,
  ExecutionStatus,
  FlowControl,
  ScheduleCursor,
  Slots,
} from "../flow/record.ts";
import type { CaseFilter } from "./case-filter.ts";

export interface Page<T> {
  items: T[];
  /** Opaque; null: that was all. */
  next: string | null;
}

export interface ExecutionFilter {
  flowId?: string;
  customerId?: string;
  batchId?: string;
  status?: ExecutionStatus;
  /** Only those that have not yet ended and shown their last message. */
  open?: boolean;
  /** Sub-flows of this execution. */
  parentId?: string;
}

/** A version of a flow as it was first stored. */
export interface StoredDefinition {
  hash: string;
  definition: FlowDefinition;
  storedAt: number;
}

export interface StateStore {
  /** Writing the same hash again changes nothing. */
  putDefinition(parameters: { hash: string; definition: FlowDefinition; at: number }): Promise<void>;
  getDefinition(parameters: { hash: string }): Promise<FlowDefinition | null>;
  /** Of one flow_id, those stored last first. */
  listDefinitions(parameters: { flowId: string }): Promise<StoredDefinition[]>;

  /** The first entry (sequence 1). False: an execution of that id exists. */
  create(parameters: { header: ExecutionHeader; entry: LogEntry; audit?: AuditEvent[] }): Promise<boolean>;
  /** The next entry. False: that sequence is taken; read, adopt, decide again. `header` only where it changed. */
  append(parameters: { entry: LogEntry; header?: ExecutionHeader; audit?: AuditEvent[] }): Promise<boolean>;
  /** Overwrites the header; for what no event changes (an ended execution has shown its last message). */
  putHeader(parameters: { header: ExecutionHeader }): Promise<void>;
  /** All entries after `after` (0: from the first), in order. */
  readLog(parameters: { executionId: string; after: number }): Promise<LogEntry[]>;
  getHeader(parameters: { executionId: string }): Promise<ExecutionHeader | null>;
  /** Newest first. */
  list(parameters: { filter: ExecutionFilter; limit: number; cursor?: string | null }): Promise<Page<ExecutionHeader>>;
  /** Open executions whose `wake_at` is at or before `now`, earliest first. */
  due(parameters: { now: number; limit: number }): Promise<ExecutionHeader[]>;
  /** The earliest `wake_at` of the open executions; null: none waits for a time. */
  nextWake(): Promise<number | null>;

  /** False: that batch exists; the firing is somebody else's. */
  createBatch(parameters: { batch: Batch; audit?: AuditEvent[] }): Promise<boolean>;
  /** Writes revision n + 1 over revision n. False: it has moved on. */
  updateBatch(parameters: { batch: Batch }): Promise<boolean>;
  getBatch(parameters: { batchId: string }): Promise<Batch | null>;
  /** Those that have not ended, oldest first. */
  openBatches(): Promise<Batch[]>;

  getCursor(parameters: { flowId: string; trigger: number }): Promise<ScheduleCursor | null>;
  putCursor(parameters: { cursor: ScheduleCursor }): Promise<void>;

  /** Read as it stands: never from an index that lags. Null: nobody has ever held that key. */
  getSlots(parameters: { key: string }): Promise<Slots | null>;
  /** Writes revision n + 1 over revision n (1: over none). False: it has moved on. */
  putSlots(parameters: { slots: Slots }): Promise<boolean>;

  /** Of all flows that anybody has said anything about. */
  flowControls(): Promise<FlowControl[]>;
  /** As `putSlots`. */
  putFlowControl(parameters: { control: FlowControl }): Promise<boolean>;

  /** Read as it stands. Null: there never was one. */
  getCase(parameters: { caseId: string }): Promise<Case | null>;
  /** As `putSlots`. */
  putCase(parameters: { record: Case; audit?: AuditEvent[] }): Promise<boolean>;
  /** Opened last first. */
  listCases(parameters: { filter: CaseFilter; limit: number; cursor?: string | null }): Promise<Page<Case>>;

  /** True for the first caller of this key; false for all later ones until `expiresAt` (ms). */
  claim(parameters: { key: string; now: number; expiresAt: number }): Promise<boolean>;

  recordAudit(parameters: { events: AuditEvent[] }): Promise<void>;
  /** Oldest first. */
  listAudit(parameters: { limit: number; cursor?: string | null; executionId?: string }): Promise<Page<AuditEvent>>;

  /**
   * Removes at most `limit` executions that ended before `endedBefore` (never an open one) with all that is theirs, as many
   * batches that ended and started before it, and as many audit events from before `auditBefore`. Says how many of each.
   */
  removeExpired(parameters: {
    endedBefore: number;
    auditBefore: number;
    limit: number;
  }): Promise<{ executions: number; batches: number; audit: number }>;

  /** D5: this process's lease. On SQLite a lock that the operating system releases when the process dies. */
  openLease(parameters: { owner: string }): Promise<Lease>;
  /** Is the process that took this lease known to be gone? Of one's own lease: false. */
  isGone(parameters: { owner: string }): Promise<boolean>;

  close(): Promise<void>;
}

export interface Lease {
  readonly owner: string;
  /** Milliseconds since the epoch; Infinity where the operating system holds the lock. */
  expiresAt(): number;
  release(): Promise<void>;
}

export class CorruptRecordError extends Error {
  override readonly name = "CorruptRecordError";
}

/** The store was written by a newer version, is locked for good, or its disk is full: says what to do. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
}
