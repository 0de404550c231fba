/** Headers of executions, and the lists over them. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { ExecutionHeader } from "../../flow/record.ts";
import { fromCursor, type Position, toPage } from "../position.ts";
import type { ReadableRecords } from "../readable.ts";
import { decode, encode } from "../record-codec.ts";
import type { ExecutionFilter, Page } from "../state-store.ts";
import { listQuery } from "./list-query.ts";
import { recordOf, type Row, textOf } from "./row.ts";

const wakingHeaders = `SELECT execution_id, record FROM executions INDEXED BY executions_wake
  WHERE open = 1 AND wake_at IS NOT NULL`;

/** In the order of the columns in `put`'s two statements. */
export type HeaderRow = readonly SQLInputValue[];

export function headerRow(header: ExecutionHeader): HeaderRow {
  return [
    header.status,
    header.open ? 1 : 0,
    header.wake_at,
    header.ended_at,
    encode(header),
    header.execution_id,
    header.flow_id,
    header.customer_id,
    header.batch_id,
    header.parent_id,
    header.started_at,
  ];
}

export class ExecutionTable {
  readonly #database: DatabaseSync;
  readonly #readable: ReadableRecords;
  readonly #update: StatementSync;
  readonly #replace: StatementSync;
  readonly #get: StatementSync;
  readonly #due: StatementSync;
  readonly #waking: StatementSync;
  readonly #ended: StatementSync;
  readonly #delete: StatementSync;
  readonly #lists = new Map<string, StatementSync>();

  constructor({ database, readable }: { database: DatabaseSync; readable: ReadableRecords }) {
    this.#database = database;
    this.#readable = readable;
    // What never changes in an execution is a condition here, so that a change of status leaves most indexes alone.
    this.#update = database.prepare(`UPDATE executions SET status = ?, open = ?, wake_at = ?, ended_at = ?, record = ?
      WHERE execution_id = ? AND flow_id = ? AND customer_id IS ? AND batch_id IS ? AND parent_id IS ?
        AND started_at = ?`);
    this.#replace = database.prepare(`INSERT OR REPLACE INTO executions
      (status, open, wake_at, ended_at, record, execution_id, flow_id, customer_id, batch_id, parent_id, started_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#get = database.prepare("SELECT execution_id, record FROM executions WHERE execution_id = ?");
    this.#due = database.prepare(`${wakingHeaders} AND wake_at <= ? ORDER BY wake_at, execution_id`);
    this.#waking = database.prepare(`${wakingHeaders} ORDER BY wake_at, execution_id`);
    this.#ended = database.prepare(`SELECT execution_id FROM executions INDEXED BY executions_ended
      WHERE open = 0 AND ended_at IS NOT NULL AND ended_at < ? ORDER BY ended_at, execution_id LIMIT ?`);
    this.#delete = database.prepare("DELETE FROM executions WHERE execution_id = ?");
  }

  put(row: HeaderRow): void {
    if (this.#update.run(...row).changes === 0) this.insert(row);
  }

  /** Of an execution that is new, or whose unchanging fields are others than before. */
  insert(row: HeaderRow): void {
    this.#replace.run(...row);
  }

  get(executionId: string): ExecutionHeader | null {
    const row = this.#get.get(executionId);
    return row === undefined ? null : readHeader(row);
  }

  list({
    filter,
    limit,
    cursor,
  }: {
    filter: ExecutionFilter;
    limit: number;
    cursor: string | null;
  }): Page<ExecutionHeader> {
    const { sql, values } = listQuery({ filter, before: cursor === null ? null : fromCursor(cursor) });
    const rows = this.#listStatement(sql).iterate(...values);
    const found = this.#readable.take({ rows, limit: limit + 1, read: readHeader });
    return toPage({ found, limit, positionOf: startOf });
  }

  due({ now, limit }: { now: number; limit: number }): ExecutionHeader[] {
    return this.#readable.take({ rows: this.#due.iterate(now), limit, read: readHeader });
  }

  /** Of the headers that can be read: one that can't would otherwise be due for ever. */
  nextWake(): number | null {
    const [first] = this.#readable.take({ rows: this.#waking.iterate(), limit: 1, read: readHeader });
    return first?.wake_at ?? null;
  }

  /** Ids of those that ended before that instant and have shown their last message, earliest first. */
  endedBefore({ endedBefore, limit }: { endedBefore: number; limit: number }): string[] {
    return this.#ended.all(endedBefore, limit).map((row) => textOf({ row, column: "execution_id" }));
  }

  remove(executionId: string): void {
    this.#delete.run(executionId);
  }

  /** As many as there are kinds of filters, so they are kept. */
  #listStatement(sql: string): StatementSync {
    const kept = this.#lists.get(sql) ?? this.#database.prepare(sql);
    this.#lists.set(sql, kept);
    return kept;
  }
}

function startOf(header: ExecutionHeader): Position {
  return { at: header.started_at, id: header.execution_id };
}

function readHeader(row: Row): ExecutionHeader {
  const name = `the header of execution ${textOf({ row, column: "execution_id" })}`;
  return decode({ schema: ExecutionHeader, text: recordOf(row), name });
}
