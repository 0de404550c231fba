/** D4: definitions by the hash of their content, so a second write of one has nothing to say. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { FlowDefinition } from "../../flow/flow.ts";
import type { ReadableRecords } from "../readable.ts";
import { decode } from "../record-codec.ts";
import type { StoredDefinition } from "../state-store.ts";
import { recordOf, type Row, textOf } from "./row.ts";

export class DefinitionTable {
  readonly #readable: ReadableRecords;
  readonly #insert: StatementSync;
  readonly #get: StatementSync;
  readonly #ofFlow: StatementSync;

  constructor({ database, readable }: { database: DatabaseSync; readable: ReadableRecords }) {
    this.#readable = readable;
    this.#insert = database.prepare(
      "INSERT INTO definitions (hash, flow_id, stored_at, record) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    );
    this.#get = database.prepare("SELECT hash, record FROM definitions WHERE hash = ?");
    this.#ofFlow = database.prepare(`SELECT hash, stored_at, record FROM definitions INDEXED BY definitions_flow
      WHERE flow_id = ? ORDER BY stored_at DESC, hash DESC`);
  }

  insert({ hash, flowId, at, record }: { hash: string; flowId: string; at: number; record: string }): void {
    this.#insert.run(hash, flowId, at, record);
  }

  get(hash: string): FlowDefinition | null {
    const row = this.#get.get(hash);
    return row === undefined ? null : readDefinition(row);
  }

  list(flowId: string): StoredDefinition[] {
    return this.#readable.take({ rows: this.#ofFlow.iterate(flowId), limit: Infinity, read: readStored });
  }
}

function readStored(row: Row): StoredDefinition {
  const hash = textOf({ row, column: "hash" });
  return { hash, definition: readDefinition(row), storedAt: Number(row["stored_at"]) };
}

function readDefinition(row: Row): FlowDefinition {
  const name = `the definition ${textOf({ row, column: "hash" })}`;
  return decode({ schema: FlowDefinition, text: recordOf(row), name });
}
