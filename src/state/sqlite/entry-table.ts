/** The logs (D1, D2). */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { LogEntry } from "../../flow/event.ts";
import { decode, encode } from "../record-codec.ts";
import { recordOf } from "./row.ts";

/** In the order of the columns. */
export type EntryRow = readonly SQLInputValue[];

export function entryRow(entry: LogEntry): EntryRow {
  return [entry.execution_id, entry.sequence, encode(entry)];
}

export class EntryTable {
  readonly #insertFirst: StatementSync;
  readonly #insertNext: StatementSync;
  readonly #read: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insertFirst = database.prepare("INSERT INTO entries VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
    // The entry before must stand: a log has no gap, and a sequence that is null is ignored like one that is taken. The index
    // decides who is first (D2). As a SELECT from the table that it fills, it would copy the row twice.
    this.#insertNext = database.prepare(`INSERT OR IGNORE INTO entries VALUES (?1,
      CASE WHEN EXISTS (SELECT 1 FROM entries WHERE execution_id = ?1 AND sequence = ?2 - 1) THEN ?2 END, ?3)`);
    this.#read = database.prepare(
      "SELECT sequence, record FROM entries WHERE execution_id = ? AND sequence > ? ORDER BY sequence",
    );
    this.#delete = database.prepare("DELETE FROM entries WHERE execution_id = ?");
  }

  insertFirst(row: EntryRow): boolean {
    return this.#insertFirst.run(...row).changes === 1;
  }

  insertNext(row: EntryRow): boolean {
    return this.#insertNext.run(...row).changes === 1;
  }

  remove(executionId: string): void {
    this.#delete.run(executionId);
  }

  read({ executionId, after }: { executionId: string; after: number }): LogEntry[] {
    return this.#read.all(executionId, after).map((row) => {
      const name = `entry ${Number(row["sequence"])} of execution ${executionId}`;
      return decode({ schema: LogEntry, text: recordOf(row), name });
    });
  }
}
