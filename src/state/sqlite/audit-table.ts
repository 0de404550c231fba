/** T4: the audit, append-only. The same event written again changes nothing. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { AuditEvent } from "../../flow/record.ts";
import { fromCursor, type Position, toPage } from "../position.ts";
import type { ReadableRecords } from "../readable.ts";
import { decode, encode } from "../record-codec.ts";
import type { Page } from "../state-store.ts";
import { recordOf, type Row, textOf } from "./row.ts";

const beforeAll: Position = { at: -Infinity, id: "" };

/** In the order of the columns. */
export type AuditRow = readonly SQLInputValue[];

export function auditRow(event: AuditEvent): AuditRow {
  return [event.audit_id, event.at, event.execution_id, encode(event)];
}

export class AuditTable {
  readonly #readable: ReadableRecords;
  readonly #insert: StatementSync;
  readonly #listAll: StatementSync;
  readonly #listOfExecution: StatementSync;
  readonly #deleteOld: StatementSync;

  constructor({ database, readable }: { database: DatabaseSync; readable: ReadableRecords }) {
    this.#readable = readable;
    this.#insert = database.prepare("INSERT INTO audit VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
    this.#listAll = database.prepare(
      "SELECT audit_id, record FROM audit WHERE (at, audit_id) > (?, ?) ORDER BY at, audit_id",
    );
    this.#listOfExecution = database.prepare(
      "SELECT audit_id, record FROM audit WHERE execution_id = ? AND (at, audit_id) > (?, ?) ORDER BY at, audit_id",
    );
    this.#deleteOld = database.prepare(`DELETE FROM audit WHERE audit_id IN
      (SELECT audit_id FROM audit INDEXED BY audit_all WHERE at < ? ORDER BY at, audit_id LIMIT ?)`);
  }

  /** Says how many. */
  remove({ before, limit }: { before: number; limit: number }): number {
    return Number(this.#deleteOld.run(before, limit).changes);
  }

  insert(rows: readonly AuditRow[]): void {
    for (const row of rows) this.#insert.run(...row);
  }

  list({
    limit,
    cursor,
    executionId,
  }: {
    limit: number;
    cursor: string | null;
    executionId: string | undefined;
  }): Page<AuditEvent> {
    const { at, id } = cursor === null ? beforeAll : fromCursor(cursor);
    const rows =
      executionId === undefined ? this.#listAll.iterate(at, id) : this.#listOfExecution.iterate(executionId, at, id);
    const found = this.#readable.take({ rows, limit: limit + 1, read: readAudit });
    return toPage({ found, limit, positionOf: (event) => ({ at: event.at, id: event.audit_id }) });
  }
}

function readAudit(row: Row): AuditEvent {
  const name = `the audit event ${textOf({ row, column: "audit_id" })}`;
  return decode({ schema: AuditEvent, text: recordOf(row), name });
}
