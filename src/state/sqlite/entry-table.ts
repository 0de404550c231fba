/** The logs (D1, D2). */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { LogEntry } from "../../flow/event.ts";
import { decode, encode } from "../record-codec.ts";
import { recordOf } from "./row.ts";

/** Bound by name. */
export type EntryRow = { id: string; sequence: number; record: string };

export function entryRow(entry: LogEntry): EntryRow {
  return { id: entry.execution_id, sequence: entry.sequence, record: encode(entry) };
}

export class EntryTable {
  readonly #insertFirst: StatementSync;
  readonly #insertNext: StatementSync;
  readonly #read: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insertFirst = database.prepare("INSERT INTO entries VALUES (:id, :sequence, :record) ON CONFLICT DO NOTHING");
    // The entry before must stand: a log has no gap. The index decides who is first (D2).
    this.#insertNext = database.prepare(`INSERT INTO entries SELECT :id, :sequence, :record
      WHERE EXISTS (SELECT 1 FROM entries WHERE execution_id = :id AND sequence = :sequence - 1) ON CONFLICT DO NOTHING`);
    this.#read = database.prepare(
      "SELECT sequence, record FROM entries WHERE execution_id = ? AND sequence > ? ORDER BY sequence",
    );
    this.#delete = database.prepare("DELETE FROM entries WHERE execution_id = ?");
  }

  insertFirst(row: EntryRow): boolean {
    return this.#insertFirst.run(row).changes === 1;
  }

  insertNext(row: EntryRow): boolean {
    return this.#insertNext.run(row).changes === 1;
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
