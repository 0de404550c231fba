/** Opens the file: its folder, its locks, its durability. */
import { mkdirSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreUnavailableError } from "../state-store.ts";
import { migrate } from "./schema.ts";
import { explain, isBusy } from "./unavailable.ts";

/** How long one attempt may block the event loop on another process's lock; `busyAttempts` of them are made. */
const busyTimeoutMs = 250;
export const busyAttempts = 40;
/** Nothing else goes on while the store opens. */
const openingTimeoutMs = busyTimeoutMs * busyAttempts;

/** The path of a store that lives in this process only. */
export const inMemory = ":memory:";

export interface OpenDatabase {
  database: DatabaseSync;
  /** The one true path, however it was written: leases lie beside it, and every process must look in the same place. */
  path: string;
}

/** Opens or creates the file at `path`; throws `StoreUnavailableError` where that can't be. */
export function openDatabase(path: string): OpenDatabase {
  // An absolute path is never read as one of SQLite's `file:` addresses.
  const place = path === inMemory ? inMemory : resolve(path);
  if (place !== inMemory) createFolder(dirname(place));
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(place, { timeout: openingTimeoutMs });
    prepare({ database, path: place });
    return { database, path: place === inMemory ? inMemory : realpathSync(place) };
  } catch (error) {
    database?.close();
    throw explain({ error, path: place });
  }
}

function prepare({ database, path }: { database: DatabaseSync; path: string }): void {
  // FULL: a commit is on the disk before its promise resolves (S1).
  database.exec("PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY");
  // A checkpoint at 16 MB instead of 4: a page that many commits touch is copied once.
  database.exec("PRAGMA wal_autocheckpoint = 4000");
  migrate({ database, path });
  if (path !== inMemory) switchToWal(database);
  // A file without the right to write opens without complaint; this is where it says so.
  database.exec("BEGIN IMMEDIATE; ROLLBACK");
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
}

/** Two processes that switch at once refuse each other without waiting; a turn of the exclusive lock makes them wait. */
function switchToWal(database: DatabaseSync): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || attempt >= busyAttempts) throw error;
      database.exec("BEGIN EXCLUSIVE; ROLLBACK");
    }
  }
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new StoreUnavailableError(
      `The folder ${folder} cannot be created. Give this user the right to write there, or set REVOPS_STATE to another place.`,
      { cause },
    );
  }
}
