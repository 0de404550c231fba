/**
 * The state store of tests and simulations: everything in this process, nothing after it.
 *
 * Job: behave as the durable stores do, to the letter of their contract. Records are kept as text and parsed when read,
 * so that nothing a caller does to an object afterwards changes what was written.
 * Non-job: no speed beyond a few ten thousand executions; lists sort what they filter.
 */
import { Case, caseId as idOfCase } from "../flow/case.ts";
import { LogEntry } from "../flow/event.ts";
import { FlowDefinition } from "../flow/flow.ts";
import { AuditEvent, Batch, ExecutionHeader, FlowControl, ScheduleCursor, Slots } from "../flow/record.ts";
import { casePosition, matchesCase } from "./case-filter.ts";
import { checkFirstEntry, checkHeader } from "./first-entry.ts";
import { matches } from "./execution-filter.ts";
import {
  type Kept,
  auditPosition,
  batchStart,
  earliest,
  endOf,
  putRevision,
  readAudit,
  readBatch,
  readCase,
  readControl,
  readDefinition,
  readHeader,
  startOf,
  storedPosition,
  wakeOf,
} from "./kept.ts";
import { LocalLeases } from "./leases.ts";
import { comparePositions, fromCursor, toPage } from "./position.ts";
import { type OnCorrupt, ReadableRecords } from "./readable.ts";
import { decode, encode } from "./record-codec.ts";
import { type Lease, type Page, type StateStore, type StoredDefinition, StoreUnavailableError } from "./state-store.ts";

type Asked<Method extends keyof StateStore> = Parameters<StateStore[Method]>[0];

export class MemoryStateStore implements StateStore {
  readonly #definitions = new Map<string, Kept<{ hash: string; flowId: string; storedAt: number }>>();
  readonly #logs = new Map<string, string[]>();
  readonly #headers = new Map<string, Kept<ExecutionHeader>>();
  readonly #open = new Set<string>();
  readonly #batches = new Map<string, Kept<Batch>>();
  readonly #cursors = new Map<string, string>();
  readonly #slots = new Map<string, Kept<Slots>>();
  readonly #flowControls = new Map<string, Kept<FlowControl>>();
  readonly #cases = new Map<string, Kept<Case>>();
  readonly #claims = new Map<string, number>();
  readonly #audit = new Map<string, Kept<AuditEvent>>();
  readonly #leases = new LocalLeases();
  readonly #readable: ReadableRecords;
  #closed = false;

  constructor({ onCorrupt }: { onCorrupt?: OnCorrupt } = {}) {
    this.#readable = new ReadableRecords(onCorrupt);
  }

  async putDefinition({ hash, definition, at }: Asked<"putDefinition">): Promise<void> {
    this.#checkOpen();
    if (this.#definitions.has(hash)) return;
    const key = { hash, flowId: definition.flow_id, storedAt: at };
    this.#definitions.set(hash, { key, text: encode(definition) });
  }

  async getDefinition({ hash }: { hash: string }): Promise<FlowDefinition | null> {
    this.#checkOpen();
    const kept = this.#definitions.get(hash);
    return kept === undefined ? null : readDefinition(kept).definition;
  }

  async listDefinitions({ flowId }: { flowId: string }): Promise<StoredDefinition[]> {
    this.#checkOpen();
    const rows = [...this.#definitions.values()]
      .filter(({ key }) => key.flowId === flowId)
      .toSorted((one, other) => comparePositions(storedPosition(other.key), storedPosition(one.key)));
    return this.#readable.take({ rows, limit: Infinity, read: readDefinition });
  }

  async create(write: { header: ExecutionHeader; entry: LogEntry; audit?: AuditEvent[] }): Promise<boolean> {
    this.#checkOpen();
    checkFirstEntry(write);
    return this.#append(write);
  }

  async append(write: { entry: LogEntry; header?: ExecutionHeader; audit?: AuditEvent[] }): Promise<boolean> {
    this.#checkOpen();
    checkHeader({ header: write.header, entry: write.entry });
    if (write.entry.sequence === 1) return false;
    return this.#append(write);
  }

  /** D2: the log takes the entry only at its very end. */
  #append({ entry, header, audit }: { entry: LogEntry; header?: ExecutionHeader; audit?: AuditEvent[] }): boolean {
    const log = this.#logs.get(entry.execution_id) ?? [];
    if (entry.sequence !== log.length + 1) return false;
    this.#logs.set(entry.execution_id, log);
    log.push(encode(entry));
    if (header !== undefined) this.#keepHeader(header);
    this.#keepAudit(audit ?? []);
    return true;
  }

  async putHeader({ header }: { header: ExecutionHeader }): Promise<void> {
    this.#checkOpen();
    this.#keepHeader(header);
  }

  #keepHeader(header: ExecutionHeader): void {
    this.#headers.set(header.execution_id, { key: { ...header }, text: encode(header) });
    if (header.open) this.#open.add(header.execution_id);
    else this.#open.delete(header.execution_id);
  }

  async readLog({ executionId, after }: { executionId: string; after: number }): Promise<LogEntry[]> {
    this.#checkOpen();
    const texts = (this.#logs.get(executionId) ?? []).slice(Math.max(0, after));
    return texts.map((text, index) => {
      const sequence = Math.max(0, after) + index + 1;
      return decode({ schema: LogEntry, text, name: `entry ${sequence} of execution ${executionId}` });
    });
  }

  async getHeader({ executionId }: { executionId: string }): Promise<ExecutionHeader | null> {
    this.#checkOpen();
    const kept = this.#headers.get(executionId);
    return kept === undefined ? null : readHeader(kept);
  }

  async list({ filter, limit, cursor = null }: Asked<"list">): Promise<Page<ExecutionHeader>> {
    this.#checkOpen();
    const before = cursor === null ? null : fromCursor(cursor);
    const rows = [...this.#headers.values()]
      .filter(({ key }) => matches({ header: key, filter }))
      .filter(({ key }) => before === null || comparePositions(startOf(key), before) < 0)
      .toSorted((one, other) => comparePositions(startOf(other.key), startOf(one.key)));
    const found = this.#readable.take({ rows, limit: limit + 1, read: readHeader });
    return toPage({ found, limit, positionOf: startOf });
  }

  async due({ now, limit }: { now: number; limit: number }): Promise<ExecutionHeader[]> {
    this.#checkOpen();
    const rows = this.#waking().filter(({ key }) => wakeOf(key).at <= now);
    return this.#readable.take({ rows, limit, read: readHeader });
  }

  async nextWake(): Promise<number | null> {
    this.#checkOpen();
    const [first] = this.#readable.take({ rows: this.#waking(), limit: 1, read: readHeader });
    return first?.wake_at ?? null;
  }

  /** Open executions that wait for a time, earliest first. */
  #waking(): Kept<ExecutionHeader>[] {
    return [...this.#open]
      .flatMap((id) => this.#headers.get(id) ?? [])
      .filter(({ key }) => key.wake_at !== null)
      .toSorted((one, other) => comparePositions(wakeOf(one.key), wakeOf(other.key)));
  }

  async createBatch({ batch, audit }: { batch: Batch; audit?: AuditEvent[] }): Promise<boolean> {
    this.#checkOpen();
    if (this.#batches.has(batch.batch_id)) return false;
    this.#batches.set(batch.batch_id, { key: { ...batch }, text: encode(batch) });
    this.#keepAudit(audit ?? []);
    return true;
  }

  async updateBatch({ batch }: { batch: Batch }): Promise<boolean> {
    this.#checkOpen();
    const stored = this.#batches.get(batch.batch_id);
    if (stored === undefined || stored.key.revision !== batch.revision - 1) return false;
    this.#batches.set(batch.batch_id, { key: { ...batch }, text: encode(batch) });
    return true;
  }

  async getBatch({ batchId }: { batchId: string }): Promise<Batch | null> {
    this.#checkOpen();
    const kept = this.#batches.get(batchId);
    return kept === undefined ? null : readBatch(kept);
  }

  async openBatches(): Promise<Batch[]> {
    this.#checkOpen();
    const rows = [...this.#batches.values()]
      .filter(({ key }) => key.status !== "ended")
      .toSorted((one, other) => comparePositions(batchStart(one.key), batchStart(other.key)));
    return this.#readable.take({ rows, limit: Infinity, read: readBatch });
  }

  async getCursor({ flowId, trigger }: { flowId: string; trigger: number }): Promise<ScheduleCursor | null> {
    this.#checkOpen();
    const text = this.#cursors.get(`${flowId}#${trigger}`);
    const name = `the cursor of trigger ${trigger} of ${flowId}`;
    return text === undefined ? null : decode({ schema: ScheduleCursor, text, name });
  }

  async putCursor({ cursor }: { cursor: ScheduleCursor }): Promise<void> {
    this.#checkOpen();
    this.#cursors.set(`${cursor.flow_id}#${cursor.trigger}`, encode(cursor));
  }

  async getSlots({ key }: { key: string }): Promise<Slots | null> {
    this.#checkOpen();
    const kept = this.#slots.get(key);
    return kept === undefined ? null : decode({ schema: Slots, text: kept.text, name: `the places under ${key}` });
  }

  async putSlots({ slots }: { slots: Slots }): Promise<boolean> {
    this.#checkOpen();
    return putRevision({ kept: this.#slots, key: slots.key, record: slots });
  }

  async flowControls(): Promise<FlowControl[]> {
    this.#checkOpen();
    const rows = [...this.#flowControls.values()].toSorted((one, other) =>
      one.key.flow_id < other.key.flow_id ? -1 : 1,
    );
    return this.#readable.take({ rows, limit: Infinity, read: readControl });
  }

  async putFlowControl({ control }: { control: FlowControl }): Promise<boolean> {
    this.#checkOpen();
    return putRevision({ kept: this.#flowControls, key: control.flow_id, record: control });
  }

  async getCase({ caseId }: { caseId: string }): Promise<Case | null> {
    this.#checkOpen();
    const kept = this.#cases.get(caseId);
    return kept === undefined ? null : readCase(kept);
  }

  async putCase({ record, audit }: { record: Case; audit?: AuditEvent[] }): Promise<boolean> {
    this.#checkOpen();
    const key = idOfCase({ reason: record.reason, customerId: record.customer.id });
    if (!putRevision({ kept: this.#cases, key, record })) return false;
    this.#keepAudit(audit ?? []);
    return true;
  }

  async listCases({ filter, limit, cursor = null }: Asked<"listCases">): Promise<Page<Case>> {
    this.#checkOpen();
    const before = cursor === null ? null : fromCursor(cursor);
    const rows = [...this.#cases.values()]
      .filter(({ key }) => matchesCase({ record: key, filter }))
      .filter(({ key }) => before === null || comparePositions(casePosition(key), before) < 0)
      .toSorted((one, other) => comparePositions(casePosition(other.key), casePosition(one.key)));
    const found = this.#readable.take({ rows, limit: limit + 1, read: readCase });
    return toPage({ found, limit, positionOf: casePosition });
  }

  async claim({ key, now, expiresAt }: { key: string; now: number; expiresAt: number }): Promise<boolean> {
    this.#checkOpen();
    const until = this.#claims.get(key);
    if (until !== undefined && until > now) return false;
    this.#claims.set(key, expiresAt);
    return true;
  }

  async recordAudit({ events }: { events: AuditEvent[] }): Promise<void> {
    this.#checkOpen();
    this.#keepAudit(events);
  }

  #keepAudit(events: AuditEvent[]): void {
    for (const event of events) {
      if (this.#audit.has(event.audit_id)) continue;
      this.#audit.set(event.audit_id, { key: { ...event }, text: encode(event) });
    }
  }

  async listAudit({ limit, cursor = null, executionId }: Asked<"listAudit">): Promise<Page<AuditEvent>> {
    this.#checkOpen();
    const after = cursor === null ? null : fromCursor(cursor);
    const rows = [...this.#audit.values()]
      .filter(({ key }) => executionId === undefined || key.execution_id === executionId)
      .filter(({ key }) => after === null || comparePositions(auditPosition(key), after) > 0)
      .toSorted((one, other) => comparePositions(auditPosition(one.key), auditPosition(other.key)));
    const found = this.#readable.take({ rows, limit: limit + 1, read: readAudit });
    return toPage({ found, limit, positionOf: auditPosition });
  }

  async removeExpired({ endedBefore, auditBefore, limit }: Asked<"removeExpired">) {
    this.#checkOpen();
    const isOver = ({ open, ended_at }: ExecutionHeader) => !open && ended_at !== null && ended_at < endedBefore;
    const executions = earliest({ kept: this.#headers, positionOf: endOf, isOver, limit });
    for (const id of executions) {
      this.#headers.delete(id);
      this.#logs.delete(id);
    }
    const isOverBatch = ({ status, started_at }: Batch) => status === "ended" && started_at < endedBefore;
    const batches = earliest({ kept: this.#batches, positionOf: batchStart, isOver: isOverBatch, limit });
    for (const id of batches) this.#batches.delete(id);
    const isOld = ({ at }: AuditEvent) => at < auditBefore;
    const audit = earliest({ kept: this.#audit, positionOf: auditPosition, isOver: isOld, limit });
    for (const id of audit) this.#audit.delete(id);
    return { executions: executions.length, batches: batches.length, audit: audit.length };
  }

  async openLease({ owner }: { owner: string }): Promise<Lease> {
    this.#checkOpen();
    return this.#leases.open(owner);
  }

  async isGone({ owner }: { owner: string }): Promise<boolean> {
    this.#checkOpen();
    return this.#leases.isGone(owner);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#leases.close();
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreUnavailableError("The state store is closed: nothing can be read or written.");
  }
}
