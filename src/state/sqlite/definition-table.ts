/** D4: definitions by the hash of their content, so a second write of one has nothing to say. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { FlowDefinition } from "../../flow/flow.ts";
import { decode } from "../record-codec.ts";
import { recordOf } from "./row.ts";

export class DefinitionTable {
  readonly #insert: StatementSync;
  readonly #get: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare("INSERT INTO definitions VALUES (?, ?) ON CONFLICT DO NOTHING");
    this.#get = database.prepare("SELECT record FROM definitions WHERE hash = ?");
  }

  insert({ hash, record }: { hash: string; record: string }): void {
    this.#insert.run(hash, record);
  }

  get(hash: string): FlowDefinition | null {
    const row = this.#get.get(hash);
    if (row === undefined) return null;
    return decode({ schema: FlowDefinition, text: recordOf(row), name: `the definition ${hash}` });
  }
}
