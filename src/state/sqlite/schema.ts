/**
 * The tables, and how a file of an older version becomes one of this version. Records are JSON text; beside it stand only
 * the columns that conditions and indexes need.
 */
import type { DatabaseSync } from "node:sqlite";
import { StoreUnavailableError } from "../state-store.ts";
import { firstSchema } from "./schema-1.ts";
import { secondSchema } from "./schema-2.ts";
import { thirdSchema } from "./schema-3.ts";

/** One for each version, never changed once released: `PRAGMA user_version` counts how many a file has been through. */
const migrations: readonly string[] = [firstSchema, secondSchema, thirdSchema];

/** Marks the file as ours ("RVOP"), so that no other program's database is ever filled with our tables. */
const applicationId = 0x52_56_4f_50;

export function migrate({ database, path }: { database: DatabaseSync; path: string }): void {
  if (checkedVersion({ database, path }) === migrations.length) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    // Read again under the lock: another process may have been first.
    const version = checkedVersion({ database, path });
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function checkedVersion({ database, path }: { database: DatabaseSync; path: string }): number {
  const version = pragma({ database, name: "user_version" });
  const isOurs = pragma({ database, name: "application_id" }) === applicationId;
  if (!isOurs && !isEmpty(database)) {
    throw new StoreUnavailableError(
      `${path} is another program's database. Set REVOPS_STATE to another place, or move that file away.`,
    );
  }
  if (isOurs && version > migrations.length) {
    throw new StoreUnavailableError(
      `${path} was written by a newer version of RevOps Flows (format ${version}; this one knows ${migrations.length}). Start that version, or set REVOPS_STATE to another place.`,
    );
  }
  return isOurs ? version : 0;
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
}

function pragma({ database, name }: { database: DatabaseSync; name: string }): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
