/** All tables of one file, each with its statements prepared once. */
import type { DatabaseSync } from "node:sqlite";
import type { ReadableRecords } from "../readable.ts";
import { AuditTable } from "./audit-table.ts";
import { BatchTable } from "./batch-table.ts";
import { CaseTable } from "./case-table.ts";
import { DefinitionTable } from "./definition-table.ts";
import { EntryTable } from "./entry-table.ts";
import { ExecutionTable } from "./execution-table.ts";
import { ClaimTable, CursorTable } from "./firing-tables.ts";
import { FlowControlTable, SlotsTable } from "./revised-tables.ts";

export class Tables {
  readonly definitions: DefinitionTable;
  readonly entries: EntryTable;
  readonly executions: ExecutionTable;
  readonly batches: BatchTable;
  readonly cursors: CursorTable;
  readonly claims: ClaimTable;
  readonly slots: SlotsTable;
  readonly flowControls: FlowControlTable;
  readonly cases: CaseTable;
  readonly audit: AuditTable;

  constructor({ database, readable }: { database: DatabaseSync; readable: ReadableRecords }) {
    this.definitions = new DefinitionTable({ database, readable });
    this.entries = new EntryTable(database);
    this.executions = new ExecutionTable({ database, readable });
    this.batches = new BatchTable({ database, readable });
    this.cursors = new CursorTable(database);
    this.claims = new ClaimTable(database);
    this.slots = new SlotsTable(database);
    this.flowControls = new FlowControlTable({ database, readable });
    this.cases = new CaseTable({ database, readable });
    this.audit = new AuditTable({ database, readable });
  }
}
