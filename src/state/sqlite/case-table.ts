/** Cases, one revision after another (D2). */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { Case, caseId } from "../../flow/case.ts";
import { type CaseFilter, casePosition } from "../case-filter.ts";
import { fromCursor, toPage } from "../position.ts";
import type { ReadableRecords } from "../readable.ts";
import { decode, encode } from "../record-codec.ts";
import type { Page } from "../state-store.ts";
import { recordOf, type Row, textOf } from "./row.ts";

/** Bound by name. */
export type CaseRow = {
  id: string;
  customerId: string;
  revision: number;
  open: number;
  openedAt: number;
  record: string;
};

export function caseRow(record: Case): CaseRow {
  return {
    id: caseId({ reason: record.reason, customerId: record.customer.id }),
    customerId: record.customer.id,
    revision: record.revision,
    open: record.status === "closed" ? 0 : 1,
    openedAt: record.opened_at,
    record: encode(record),
  };
}

export class CaseTable {
  readonly #readable: ReadableRecords;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #get: StatementSync;
  readonly #all: StatementSync;
  readonly #ofCustomer: StatementSync;

  constructor({ database, readable }: { database: DatabaseSync; readable: ReadableRecords }) {
    this.#readable = readable;
    this.#insert = database.prepare(`INSERT INTO cases (case_id, customer_id, revision, open, opened_at, record)
      VALUES (:id, :customerId, :revision, :open, :openedAt, :record) ON CONFLICT DO NOTHING`);
    this.#update = database.prepare(`UPDATE cases
      SET customer_id = :customerId, revision = :revision, open = :open, opened_at = :openedAt, record = :record
      WHERE case_id = :id AND revision = :revision - 1`);
    this.#get = database.prepare("SELECT case_id, record FROM cases WHERE case_id = ?");
    this.#all = database.prepare(`SELECT case_id, record FROM cases INDEXED BY cases_opened
      WHERE open = ? AND (opened_at, case_id) < (?, ?) ORDER BY opened_at DESC, case_id DESC`);
    this.#ofCustomer = database.prepare(`SELECT case_id, record FROM cases INDEXED BY cases_customer
      WHERE customer_id = ? AND open = ? AND (opened_at, case_id) < (?, ?) ORDER BY opened_at DESC, case_id DESC`);
  }

  put(row: CaseRow): boolean {
    return (row.revision === 1 ? this.#insert : this.#update).run(row).changes === 1;
  }

  get(id: string): Case | null {
    const row = this.#get.get(id);
    return row === undefined ? null : readCase(row);
  }

  list({ filter, limit, cursor }: { filter: CaseFilter; limit: number; cursor: string | null }): Page<Case> {
    const { at, id } = cursor === null ? { at: Infinity, id: "" } : fromCursor(cursor);
    const open = Number(filter.open);
    const rows =
      filter.customerId === undefined
        ? this.#all.iterate(open, at, id)
        : this.#ofCustomer.iterate(filter.customerId, open, at, id);
    const found = this.#readable.take({ rows, limit: limit + 1, read: readCase });
    return toPage({ found, limit, positionOf: casePosition });
  }
}

function readCase(row: Row): Case {
  return decode({ schema: Case, text: recordOf(row), name: `the case ${textOf({ row, column: "case_id" })}` });
}
