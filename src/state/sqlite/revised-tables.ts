/** Records that are written one revision after another, the first over none (D2): places under a key, and flow controls. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { FlowControl, Slots } from "../../flow/record.ts";
import type { ReadableRecords } from "../readable.ts";
import { decode, encode } from "../record-codec.ts";
import { recordOf, type Row, textOf } from "./row.ts";

/** Bound by name. */
export type RevisedRow = { key: string; revision: number; record: string };

export function slotsRow(slots: Slots): RevisedRow {
  return { key: slots.key, revision: slots.revision, record: encode(slots) };
}

export function flowControlRow(control: FlowControl): RevisedRow {
  return { key: control.flow_id, revision: control.revision, record: encode(control) };
}

/** The two statements of either table; `column` is its key. */
class Revisions {
  readonly #insert: StatementSync;
  readonly #update: StatementSync;

  constructor({ database, table, column }: { database: DatabaseSync; table: string; column: string }) {
    this.#insert = database.prepare(`INSERT INTO ${table} (${column}, revision, record)
      VALUES (:key, :revision, :record) ON CONFLICT DO NOTHING`);
    this.#update = database.prepare(`UPDATE ${table} SET revision = :revision, record = :record
      WHERE ${column} = :key AND revision = :revision - 1`);
  }

  put(row: RevisedRow): boolean {
    return (row.revision === 1 ? this.#insert : this.#update).run(row).changes === 1;
  }
}

export class SlotsTable {
  readonly #revisions: Revisions;
  readonly #get: StatementSync;

  constructor(database: DatabaseSync) {
    this.#revisions = new Revisions({ database, table: "slots", column: "key" });
    this.#get = database.prepare("SELECT key, record FROM slots WHERE key = ?");
  }

  put(row: RevisedRow): boolean {
    return this.#revisions.put(row);
  }

  get(key: string): Slots | null {
    const row = this.#get.get(key);
    if (row === undefined) return null;
    return decode({ schema: Slots, text: recordOf(row), name: `the places under ${key}` });
  }
}

export class FlowControlTable {
  readonly #readable: ReadableRecords;
  readonly #revisions: Revisions;
  readonly #all: StatementSync;

  constructor({ database, readable }: { database: DatabaseSync; readable: ReadableRecords }) {
    this.#readable = readable;
    this.#revisions = new Revisions({ database, table: "flow_controls", column: "flow_id" });
    this.#all = database.prepare("SELECT flow_id, record FROM flow_controls ORDER BY flow_id");
  }

  put(row: RevisedRow): boolean {
    return this.#revisions.put(row);
  }

  all(): FlowControl[] {
    return this.#readable.take({ rows: this.#all.iterate(), limit: Infinity, read: readControl });
  }
}

function readControl(row: Row): FlowControl {
  const name = `what was said about the flow ${textOf({ row, column: "flow_id" })}`;
  return decode({ schema: FlowControl, text: recordOf(row), name });
}
