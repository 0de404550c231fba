/** Opens the state store on a SQLite file, or on `:memory:` (one process, nothing kept). */
import { LocalLeases } from "../leases.ts";
import { type OnCorrupt, ReadableRecords } from "../readable.ts";
import type { StateStore } from "../state-store.ts";
import { inMemory, openDatabase } from "./database.ts";
import { LockLeases } from "./lock-leases.ts";
import { SqliteStateStore } from "./store.ts";

/** Rejects with a `StoreUnavailableError` that says what to do. `onCorrupt` hears of records that lists leave out. */
export async function openSqliteStateStore({
  path,
  onCorrupt,
}: {
  path: string;
  onCorrupt?: OnCorrupt;
}): Promise<StateStore> {
  const opened = openDatabase(path);
  const leases = opened.path === inMemory ? new LocalLeases() : new LockLeases(opened);
  return new SqliteStateStore({ ...opened, leases, readable: new ReadableRecords(onCorrupt) });
}
