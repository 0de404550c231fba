/**
 * The state store on DynamoDB.
 *
 * Job: the port, over one table that any number of processes on any machines may share. Non-job: what an item looks like, and
 * when a request is tried again; the parts below know that.
 *
 * Every race is decided by a condition on one item (D2); what more than one item must say is written in such an order that a
 * crash in between is found and finished by whoever reads next. Reads are strongly consistent, lists and timers lag (S3).
 */
import type { Case } from "../../flow/case.ts";
import type { LogEntry } from "../../flow/event.ts";
import type { FlowDefinition } from "../../flow/flow.ts";
import type { AuditEvent, Batch, ExecutionHeader, FlowControl, ScheduleCursor, Slots } from "../../flow/record.ts";
import type { CaseFilter } from "../case-filter.ts";
import { checkFirstEntry, checkHeader } from "../first-entry.ts";
import type { ReadableRecords } from "../readable.ts";
import {
  type ExecutionFilter,
  type Lease,
  type Page,
  type StateStore,
  type StoredDefinition,
  StoreUnavailableError,
} from "../state-store.ts";
import { AuditItems } from "./audit-items.ts";
import { BatchItems } from "./batch-items.ts";
import { CaseItems } from "./case-items.ts";
import { DefinitionItems } from "./definition-items.ts";
import { ExecutionLists } from "./execution-lists.ts";
import { ClaimItems, CursorItems } from "./firing-items.ts";
import type { HeartbeatLeases } from "./heartbeat-leases.ts";
import type { LeaseTime } from "./lease-time.ts";
import { Logs } from "./logs.ts";
import { Parts } from "./parts.ts";
import { Removal } from "./removal.ts";
import type { Requests } from "./requests.ts";
import { RevisedItems } from "./revised-items.ts";
import { StandingItems } from "./standing-items.ts";
import { Turns } from "./turns.ts";

/** How long a header of an execution that goes on may wait to be written. */
const flushMs = 1_000;

export class DynamoDbStateStore implements StateStore {
  readonly #turns = new Turns();
  readonly #leases: HeartbeatLeases;
  readonly #release: () => void;
  readonly #audit: AuditItems;
  readonly #logs: Logs;
  readonly #lists: ExecutionLists;
  readonly #batches: BatchItems;
  readonly #definitions: DefinitionItems;
  readonly #cursors: CursorItems;
  readonly #claims: ClaimItems;
  readonly #standing: StandingItems;
  readonly #cases: CaseItems;
  readonly #removal: Removal;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #stopFlushing: () => void;
  #closed = false;

  /** `release` lets go of the connections. */
  constructor(options: {
    requests: Requests;
    readable: ReadableRecords;
    leases: HeartbeatLeases;
    time: LeaseTime;
    release: () => void;
  }) {
    const { requests, readable, leases, time, release } = options;
    const turns = this.#turns;
    const parts = new Parts(requests);
    const revised = new RevisedItems({ requests, parts });
    this.#leases = leases;
    this.#release = release;
    this.#audit = new AuditItems({ requests, readable, turns });
    this.#logs = new Logs({ requests, parts, audit: this.#audit, turns });
    this.#lists = new ExecutionLists({ requests, readable, logs: this.#logs });
    this.#batches = new BatchItems({ requests, readable, revised, parts, audit: this.#audit, turns });
    this.#definitions = new DefinitionItems({ requests, readable, parts });
    this.#cursors = new CursorItems(requests);
    this.#claims = new ClaimItems({ requests, turns });
    this.#standing = new StandingItems({ requests, readable, revised, turns });
    this.#cases = new CaseItems({ requests, readable, revised, audit: this.#audit, turns });
    this.#removal = new Removal({ requests, audit: this.#audit, logs: this.#logs });
    this.#stopFlushing = time.every(flushMs, () => void this.#logs.flush());
  }

  async putDefinition(parameters: { hash: string; definition: FlowDefinition; at: number }): Promise<void> {
    return this.#ask(() => this.#definitions.put(parameters));
  }

  async getDefinition({ hash }: { hash: string }): Promise<FlowDefinition | null> {
    return this.#ask(() => this.#definitions.get(hash));
  }

  async listDefinitions({ flowId }: { flowId: string }): Promise<StoredDefinition[]> {
    return this.#ask(() => this.#definitions.list(flowId));
  }

  async create(write: { header: ExecutionHeader; entry: LogEntry; audit?: AuditEvent[] }): Promise<boolean> {
    checkFirstEntry(write);
    return this.#ask(() => this.#logs.create(write));
  }

  async append(write: { entry: LogEntry; header?: ExecutionHeader; audit?: AuditEvent[] }): Promise<boolean> {
    checkHeader({ header: write.header, entry: write.entry });
    return this.#ask(() => this.#logs.append(write));
  }

  async putHeader(parameters: { header: ExecutionHeader }): Promise<void> {
    return this.#ask(() => this.#logs.putHeader(parameters));
  }

  async readLog(parameters: { executionId: string; after: number }): Promise<LogEntry[]> {
    return this.#ask(() => this.#logs.readLog(parameters));
  }

  async getHeader(parameters: { executionId: string }): Promise<ExecutionHeader | null> {
    return this.#ask(() => this.#logs.getHeader(parameters));
  }

  async list(parameters: {
    filter: ExecutionFilter;
    limit: number;
    cursor?: string | null;
  }): Promise<Page<ExecutionHeader>> {
    return this.#ask(() => this.#lists.list({ ...parameters, cursor: parameters.cursor ?? null }));
  }

  async due(parameters: { now: number; limit: number }): Promise<ExecutionHeader[]> {
    return this.#ask(() => this.#lists.due(parameters));
  }

  async nextWake(): Promise<number | null> {
    return this.#ask(() => this.#lists.nextWake());
  }

  async createBatch(parameters: { batch: Batch; audit?: AuditEvent[] }): Promise<boolean> {
    return this.#ask(() => this.#batches.create(parameters));
  }

  async updateBatch(parameters: { batch: Batch }): Promise<boolean> {
    return this.#ask(() => this.#batches.update(parameters));
  }

  async getBatch({ batchId }: { batchId: string }): Promise<Batch | null> {
    return this.#ask(() => this.#batches.get(batchId));
  }

  async openBatches(): Promise<Batch[]> {
    return this.#ask(() => this.#batches.open());
  }

  async getCursor(parameters: { flowId: string; trigger: number }): Promise<ScheduleCursor | null> {
    return this.#ask(() => this.#cursors.get(parameters));
  }

  async putCursor({ cursor }: { cursor: ScheduleCursor }): Promise<void> {
    return this.#ask(() => this.#cursors.put(cursor));
  }

  async getSlots({ key }: { key: string }): Promise<Slots | null> {
    return this.#ask(() => this.#standing.getSlots(key));
  }

  async putSlots({ slots }: { slots: Slots }): Promise<boolean> {
    return this.#ask(() => this.#standing.putSlots(slots));
  }

  async flowControls(): Promise<FlowControl[]> {
    return this.#ask(() => this.#standing.controls());
  }

  async putFlowControl({ control }: { control: FlowControl }): Promise<boolean> {
    return this.#ask(() => this.#standing.putControl(control));
  }

  async getCase({ caseId }: { caseId: string }): Promise<Case | null> {
    return this.#ask(() => this.#cases.get(caseId));
  }

  async putCase(parameters: { record: Case; audit?: AuditEvent[] }): Promise<boolean> {
    return this.#ask(() => this.#cases.put(parameters));
  }

  async listCases(parameters: { filter: CaseFilter; limit: number; cursor?: string | null }): Promise<Page<Case>> {
    return this.#ask(() => this.#cases.list({ ...parameters, cursor: parameters.cursor ?? null }));
  }

  async claim(parameters: { key: string; now: number; expiresAt: number }): Promise<boolean> {
    return this.#ask(() => this.#claims.claim(parameters));
  }

  async recordAudit({ events }: { events: AuditEvent[] }): Promise<void> {
    return this.#ask(() => this.#audit.record(events));
  }

  async listAudit(parameters: {
    limit: number;
    cursor?: string | null;
    executionId?: string;
  }): Promise<Page<AuditEvent>> {
    const { limit, cursor = null, executionId } = parameters;
    return this.#ask(() => this.#audit.list({ limit, cursor, executionId }));
  }

  async removeExpired(parameters: {
    endedBefore: number;
    auditBefore: number;
    limit: number;
  }): Promise<{ executions: number; batches: number; audit: number }> {
    const { endedBefore, auditBefore, limit } = parameters;
    return this.#ask(async () => ({
      executions: await this.#removal.executions({ endedBefore, limit }),
      batches: await this.#removal.batches({ endedBefore, limit }),
      audit: await this.#audit.removeBefore({ before: auditBefore, limit }),
    }));
  }

  async openLease({ owner }: { owner: string }): Promise<Lease> {
    return this.#ask(() => this.#leases.open(owner));
  }

  async isGone({ owner }: { owner: string }): Promise<boolean> {
    return this.#ask(() => this.#leases.isGone(owner));
  }

  /** What was asked for before is written; what is asked for afterwards is refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
    await this.#turns.idle();
    this.#stopFlushing();
    await this.#logs.flush();
    await this.#leases.close();
    this.#release();
  }

  #ask<T>(call: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new StoreUnavailableError("The state store is closed: nothing can be read or written.");
    const asked = call();
    this.#underWay.add(asked);
    const forget = () => this.#underWay.delete(asked);
    asked.then(forget, forget);
    return asked;
  }
}
