/**
 * The sandbox's own database. What anybody was told is in it before they were told, so that kill -9 loses nothing:
 * WAL with `synchronous=FULL`. Non-job: meaning; each store owns its tables' sense.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { schema } from "./schema.ts";

export function openDatabase(path: string): DatabaseSync {
  if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  database.exec(schema);
  return database;
}

/** All or nothing; inside an open transaction it joins that one. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  if (database.isTransaction) return work();
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // On a full disk SQLite has rolled back already; what went wrong must not be hidden behind that.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
