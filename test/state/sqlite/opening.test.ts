import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { openSqliteStateStore } from "../../../src/state/sqlite/sqlite-state-store.ts";
import { openDatabase } from "../../../src/state/sqlite/database.ts";
import { StoreUnavailableError } from "../../../src/state/state-store.ts";
import { sampleEntry, sampleHeader } from "../sample-records.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("opening a SQLite state store", () => {
  const temporary = temporaryFolder();

  test("Is the folder made, and is all there when it is opened again?", async () => {
    const path = temporary("a/b/revops.db");
    const first = await openSqliteStateStore({ path });
    await first.create({ header: sampleHeader(), entry: sampleEntry() });
    await first.close();
    const second = await openSqliteStateStore({ path });
    expect(await second.getHeader({ executionId: "e-1" })).toEqual(sampleHeader());
    await second.close();
  });

  test("Is each commit on the disk before it is answered, and does the file outlive a crash?", () => {
    const { database } = openDatabase(temporary("revops.db"));
    expect(database.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
    expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    database.close();
  });

  test("Is a file of a newer version left as it is?", async () => {
    const path = temporary("revops.db");
    await (await openSqliteStateStore({ path })).close();
    foreignDatabase({ path, sql: "CREATE TABLE later (text TEXT); PRAGMA user_version = 99" });
    const before = readFileSync(path);
    expect(await refusal(path)).toMatch(/newer version of RevOps Flows \(format 99; this one knows 3\)\. Start that/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("Is another program's database left as it is, whatever its version?", async () => {
    const path = temporary("other.db");
    foreignDatabase({ path, sql: "CREATE TABLE songs (title TEXT); PRAGMA user_version = 1" });
    expect(await refusal(path)).toMatch(/another program's database\. Set REVOPS_STATE/);
    const database = new DatabaseSync(path);
    expect(database.prepare("SELECT name FROM sqlite_schema").all()).toEqual([{ name: "songs" }]);
    expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "delete" });
    database.close();
  });

  test("Does a file that is no database say so, and a folder, and a place below a file?", async () => {
    const path = temporary("notes.txt");
    writeFileSync(path, "Dear diary, ".repeat(100));
    expect(await refusal(path)).toMatch(/notes\.txt is not a database\. Set REVOPS_STATE/);
    expect(await refusal(join(path, "revops.db"))).toMatch(/notes\.txt cannot be created\. Give this user the right/);
    const folder = temporary("folder");
    mkdirSync(folder);
    expect(await refusal(folder)).toMatch(/cannot be opened for writing\. Check that its folder/);
  });

  test("Does a folder or a file without the right to write say so at the start?", async () => {
    const path = temporary("revops.db");
    await (await openSqliteStateStore({ path })).close();
    chmodSync(path, 0o444);
    chmodSync(join(path, ".."), 0o555);
    expect(await asNobodySpecial(() => refusal(path))).toMatch(/cannot be opened for writing\. Check that its folder/);
    expect(await asNobodySpecial(() => refusal(join(path, "../new.db")))).toMatch(/cannot be opened for writing/);
    expect(await asNobodySpecial(() => refusal(join(path, "../new/new.db")))).toMatch(/cannot be created\. Give/);
    expect(existsSync(join(path, "../new.db"))).toBe(false);
    chmodSync(join(path, ".."), 0o755);
  });

  test("Is a path that looks like one of SQLite's addresses a plain path?", async () => {
    const folder = temporary("folder");
    mkdirSync(folder);
    const before = process.cwd();
    process.chdir(folder);
    try {
      await (await openSqliteStateStore({ path: "file:odd?mode=memory" })).close();
    } finally {
      process.chdir(before);
    }
    expect(existsSync(join(folder, "file:odd?mode=memory"))).toBe(true);
  });
});

async function refusal(path: string): Promise<string> {
  const error = await openSqliteStateStore({ path }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(StoreUnavailableError);
  return error instanceof Error ? error.message : "";
}

function foreignDatabase({ path, sql }: { path: string; sql: string }): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

/** Rights mean nothing to the superuser, as whom containers run tests. */
async function asNobodySpecial<T>(act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) return act();
  process.seteuid(65_534);
  try {
    return await act();
  } finally {
    process.seteuid(0);
  }
}
