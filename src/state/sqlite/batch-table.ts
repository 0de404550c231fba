/** Batches: created once, then revised one revision at a time (D2). */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { Batch } from "../../flow/record.ts";
import type { ReadableRecords } from "../readable.ts";
import { decode, encode } from "../record-codec.ts";
import { recordOf, type Row, textOf } from "./row.ts";

/** Bound by name. */
export type BatchRow = { id: string; revision: number; status: string; startedAt: number; record: string };

export function batchRow(batch: Batch): BatchRow {
  return {
    id: batch.batch_id,
    revision: batch.revision,
    status: batch.status,
    startedAt: batch.started_at,
    record: encode(batch),
  };
}

export class BatchTable {
  readonly #readable: ReadableRecords;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #get: StatementSync;
  readonly #open: StatementSync;
  readonly #deleteEnded: StatementSync;
  /** They are read at every tick and may list ten thousand customers: parsed once a revision. */
  #parsed = new Map<string, Batch>();

  constructor({ database, readable }: { database: DatabaseSync; readable: ReadableRecords }) {
    this.#readable = readable;
    this.#insert = database.prepare(`INSERT INTO batches (batch_id, revision, status, started_at, record)
      VALUES (:id, :revision, :status, :startedAt, :record) ON CONFLICT DO NOTHING`);
    this.#update = database.prepare(`UPDATE batches
      SET revision = :revision, status = :status, started_at = :startedAt, record = :record
      WHERE batch_id = :id AND revision = :revision - 1`);
    this.#get = database.prepare("SELECT batch_id, record FROM batches WHERE batch_id = ?");
    this.#open = database.prepare(
      "SELECT batch_id, revision FROM batches WHERE status <> 'ended' ORDER BY started_at, batch_id",
    );
    this.#deleteEnded = database.prepare(`DELETE FROM batches WHERE batch_id IN
      (SELECT batch_id FROM batches INDEXED BY batches_ended
        WHERE status = 'ended' AND started_at < ? ORDER BY started_at, batch_id LIMIT ?)`);
  }

  insert(row: BatchRow): boolean {
    return this.#insert.run(row).changes === 1;
  }

  update(row: BatchRow): boolean {
    return this.#update.run(row).changes === 1;
  }

  get(batchId: string): Batch | null {
    const row = this.#get.get(batchId);
    return row === undefined ? null : readBatch(row);
  }

  /** Says how many. */
  removeEnded({ startedBefore, limit }: { startedBefore: number; limit: number }): number {
    return Number(this.#deleteEnded.run(startedBefore, limit).changes);
  }

  open(): Batch[] {
    const rows = this.#open.all().flatMap((row): Found[] => {
      const id = textOf({ row, column: "batch_id" });
      const batch = this.#parsed.get(id);
      if (batch !== undefined && batch.revision === row["revision"]) return [{ batch }];
      const stored = this.#get.get(id);
      return stored === undefined ? [] : [{ row: stored }];
    });
    const batches = this.#readable.take({ rows, limit: Infinity, read: readFound });
    this.#parsed = new Map(batches.map((batch) => [batch.batch_id, batch]));
    return batches.map((batch) => ({ ...batch }));
  }
}

type Found = { batch: Batch } | { row: Row };

function readFound(found: Found): Batch {
  return "batch" in found ? found.batch : readBatch(found.row);
}

function readBatch(row: Row): Batch {
  const name = `the batch ${textOf({ row, column: "batch_id" })}`;
  return decode({ schema: Batch, text: recordOf(row), name });
}
