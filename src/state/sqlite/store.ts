/**
 * The state store on SQLite.
 *
 * Job: the port, over one file that any number of processes on this machine may share.
 * Non-job: no SQL (the tables hold it), no transactions (the group commit holds them), no retries beyond its lock.
 *
 * Records become rows when a write is asked for, so a caller may change its objects at once. Reads see what is committed.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Case } from "../../flow/case.ts";
import type { LogEntry } from "../../flow/event.ts";
import type { FlowDefinition } from "../../flow/flow.ts";
import type { AuditEvent, Batch, ExecutionHeader, FlowControl, ScheduleCursor, Slots } from "../../flow/record.ts";
import type { CaseFilter } from "../case-filter.ts";
import { checkFirstEntry, checkHeader } from "../first-entry.ts";
import type { Leases } from "../leases.ts";
import type { ReadableRecords } from "../readable.ts";
import { encode } from "../record-codec.ts";
import {
  type ExecutionFilter,
  type Lease,
  type Page,
  type StateStore,
  type StoredDefinition,
  StoreUnavailableError,
} from "../state-store.ts";
import { auditRow } from "./audit-table.ts";
import { batchRow } from "./batch-table.ts";
import { caseRow } from "./case-table.ts";
import { type EntryRow, entryRow } from "./entry-table.ts";
import { type HeaderRow, headerRow } from "./execution-table.ts";
import { GroupCommit } from "./group-commit.ts";
import { flowControlRow, slotsRow } from "./revised-tables.ts";
import { Tables } from "./tables.ts";
import { explain } from "./unavailable.ts";

interface LogWrite {
  entry: LogEntry;
  header?: ExecutionHeader;
  audit?: AuditEvent[];
}

export class SqliteStateStore implements StateStore {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #leases: Leases;
  readonly #tables: Tables;
  readonly #group: GroupCommit;
  #closed = false;

  constructor(parts: { database: DatabaseSync; path: string; leases: Leases; readable: ReadableRecords }) {
    this.#database = parts.database;
    this.#path = parts.path;
    this.#leases = parts.leases;
    this.#tables = new Tables(parts);
    this.#group = new GroupCommit(parts);
  }

  async putDefinition({
    hash,
    definition,
    at,
  }: {
    hash: string;
    definition: FlowDefinition;
    at: number;
  }): Promise<void> {
    const row = { hash, flowId: definition.flow_id, at, record: encode(definition) };
    await this.#write(() => this.#tables.definitions.insert(row));
  }

  async getDefinition({ hash }: { hash: string }): Promise<FlowDefinition | null> {
    return this.#read(() => this.#tables.definitions.get(hash));
  }

  async listDefinitions({ flowId }: { flowId: string }): Promise<StoredDefinition[]> {
    return this.#read(() => this.#tables.definitions.list(flowId));
  }

  create(write: LogWrite & { header: ExecutionHeader }): Promise<boolean> {
    return this.#group.prepared(() => {
      checkFirstEntry(write);
      return this.#logStatements(write, {
        insert: (row) => this.#tables.entries.insertFirst(row),
        putHeader: (row) => this.#tables.executions.insert(row),
      });
    });
  }

  append(write: LogWrite): Promise<boolean> {
    return this.#group.prepared(() => {
      checkHeader(write);
      return this.#logStatements(write, {
        insert: (row) => this.#tables.entries.insertNext(row),
        putHeader: (row) => this.#tables.executions.put(row),
      });
    });
  }

  /** S2: who loses the sequence writes nothing, no header and no audit either. */
  #logStatements(
    write: LogWrite,
    { insert, putHeader }: { insert: (row: EntryRow) => boolean; putHeader: (row: HeaderRow) => void },
  ): () => boolean {
    this.#checkOpen();
    const entry = entryRow(write.entry);
    const header = write.header === undefined ? null : headerRow(write.header);
    const audit = write.audit?.map(auditRow);
    return () => {
      if (!insert(entry)) return false;
      if (header !== null) putHeader(header);
      if (audit !== undefined) this.#tables.audit.insert(audit);
      return true;
    };
  }

  async putHeader({ header }: { header: ExecutionHeader }): Promise<void> {
    const row = headerRow(header);
    await this.#write(() => this.#tables.executions.put(row));
  }

  async readLog(parameters: { executionId: string; after: number }): Promise<LogEntry[]> {
    return this.#read(() => this.#tables.entries.read(parameters));
  }

  async getHeader({ executionId }: { executionId: string }): Promise<ExecutionHeader | null> {
    return this.#read(() => this.#tables.executions.get(executionId));
  }

  async list(parameters: {
    filter: ExecutionFilter;
    limit: number;
    cursor?: string | null;
  }): Promise<Page<ExecutionHeader>> {
    return this.#read(() => this.#tables.executions.list({ ...parameters, cursor: parameters.cursor ?? null }));
  }

  async due(parameters: { now: number; limit: number }): Promise<ExecutionHeader[]> {
    return this.#read(() => this.#tables.executions.due(parameters));
  }

  async nextWake(): Promise<number | null> {
    return this.#read(() => this.#tables.executions.nextWake());
  }

  async createBatch({ batch, audit = [] }: { batch: Batch; audit?: AuditEvent[] }): Promise<boolean> {
    const row = batchRow(batch);
    const auditRows = audit.map(auditRow);
    return this.#write(() => {
      if (!this.#tables.batches.insert(row)) return false;
      this.#tables.audit.insert(auditRows);
      return true;
    });
  }

  async updateBatch({ batch }: { batch: Batch }): Promise<boolean> {
    const row = batchRow(batch);
    return this.#write(() => this.#tables.batches.update(row));
  }

  async getBatch({ batchId }: { batchId: string }): Promise<Batch | null> {
    return this.#read(() => this.#tables.batches.get(batchId));
  }

  async openBatches(): Promise<Batch[]> {
    return this.#read(() => this.#tables.batches.open());
  }

  async getCursor(parameters: { flowId: string; trigger: number }): Promise<ScheduleCursor | null> {
    return this.#read(() => this.#tables.cursors.get(parameters));
  }

  async putCursor({ cursor }: { cursor: ScheduleCursor }): Promise<void> {
    const row = { flowId: cursor.flow_id, trigger: cursor.trigger, record: encode(cursor) };
    await this.#write(() => this.#tables.cursors.put(row));
  }

  async getSlots({ key }: { key: string }): Promise<Slots | null> {
    return this.#read(() => this.#tables.slots.get(key));
  }

  async putSlots({ slots }: { slots: Slots }): Promise<boolean> {
    const row = slotsRow(slots);
    return this.#write(() => this.#tables.slots.put(row));
  }

  async flowControls(): Promise<FlowControl[]> {
    return this.#read(() => this.#tables.flowControls.all());
  }

  async putFlowControl({ control }: { control: FlowControl }): Promise<boolean> {
    const row = flowControlRow(control);
    return this.#write(() => this.#tables.flowControls.put(row));
  }

  async getCase({ caseId }: { caseId: string }): Promise<Case | null> {
    return this.#read(() => this.#tables.cases.get(caseId));
  }

  async putCase({ record, audit = [] }: { record: Case; audit?: AuditEvent[] }): Promise<boolean> {
    const row = caseRow(record);
    const auditRows = audit.map(auditRow);
    return this.#write(() => {
      if (!this.#tables.cases.put(row)) return false;
      this.#tables.audit.insert(auditRows);
      return true;
    });
  }

  async listCases(parameters: { filter: CaseFilter; limit: number; cursor?: string | null }): Promise<Page<Case>> {
    return this.#read(() => this.#tables.cases.list({ ...parameters, cursor: parameters.cursor ?? null }));
  }

  async claim({ key, now, expiresAt }: { key: string; now: number; expiresAt: number }): Promise<boolean> {
    return this.#write(() => this.#tables.claims.claim({ key, now, expiresAt }));
  }

  async recordAudit({ events }: { events: AuditEvent[] }): Promise<void> {
    const rows = events.map(auditRow);
    await this.#write(() => this.#tables.audit.insert(rows));
  }

  async listAudit(parameters: {
    limit: number;
    cursor?: string | null;
    executionId?: string;
  }): Promise<Page<AuditEvent>> {
    const { limit, cursor = null, executionId } = parameters;
    return this.#read(() => this.#tables.audit.list({ limit, cursor, executionId }));
  }

  async removeExpired({
    endedBefore,
    auditBefore,
    limit,
  }: {
    endedBefore: number;
    auditBefore: number;
    limit: number;
  }): Promise<{ executions: number; batches: number; audit: number }> {
    const { executions, entries, batches, audit } = this.#tables;
    return this.#write(() => {
      const ended = executions.endedBefore({ endedBefore, limit });
      for (const executionId of ended) {
        entries.remove(executionId);
        executions.remove(executionId);
      }
      return {
        executions: ended.length,
        batches: batches.removeEnded({ startedBefore: endedBefore, limit }),
        audit: audit.remove({ before: auditBefore, limit }),
      };
    });
  }

  async openLease({ owner }: { owner: string }): Promise<Lease> {
    this.#checkOpen();
    return this.#leases.open(owner);
  }

  async isGone({ owner }: { owner: string }): Promise<boolean> {
    this.#checkOpen();
    return this.#leases.isGone(owner);
  }

  /** What was asked for before is written; what is asked for afterwards is refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#group.idle();
    this.#leases.close();
    this.#database.close();
  }

  #write<T>(statements: () => T): Promise<T> {
    this.#checkOpen();
    return this.#group.write(statements);
  }

  #read<T>(query: () => T): T {
    this.#checkOpen();
    try {
      return query();
    } catch (error) {
      throw explain({ error, path: this.#path });
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreUnavailableError("The state store is closed: nothing can be read or written.");
  }
}
