import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../../../src/state/sqlite/database.ts";
import { GroupCommit } from "../../../src/state/sqlite/group-commit.ts";
import { StoreUnavailableError } from "../../../src/state/state-store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("group commit", () => {
  const temporary = temporaryFolder();
  let database: DatabaseSync;
  let path: string;
  let group: GroupCommit;

  beforeEach(() => {
    ({ database, path } = openDatabase(temporary("group.db")));
    database.exec("CREATE TABLE notes (text TEXT NOT NULL) STRICT");
    group = new GroupCommit({ database, path });
  });
  afterEach(() => database.close());

  const note = (text: string | null) => () =>
    Number(database.prepare("INSERT INTO notes VALUES (?)").run(text).changes);
  const notes = () =>
    database
      .prepare("SELECT text FROM notes")
      .all()
      .map((row) => row["text"]);
  const commits = () => {
    const exec = vi.spyOn(database, "exec");
    return () => exec.mock.calls.filter(([sql]) => sql === "COMMIT").length;
  };

  test("How many commits do a thousand writes of one turn take?", async () => {
    const count = commits();
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, number) => group.write(note(`${number}`))));
    expect([count(), answers.length, notes().length]).toEqual([1, 1000, 1000]);
  });

  test("Is a write asked for behind an answer in the next commit, and behind the first in order?", async () => {
    const count = commits();
    const chain = group.write(note("a")).then(() => group.write(note("c")));
    await Promise.all([chain, group.write(note("b"))]);
    expect([count(), notes()]).toEqual([2, ["a", "b", "c"]]);
  });

  test("Is anything answered, or seen by another connection, before the commit?", async () => {
    const other = new DatabaseSync(path);
    const seen = () => other.prepare("SELECT count(*) AS n FROM notes").get()?.["n"];
    let answered = false;
    const writing = group.write(() => {
      note("a")();
      expect([seen(), answered]).toEqual([0, false]);
    });
    const watched = writing.then(() => (answered = true));
    await Promise.resolve();
    expect([seen(), answered]).toEqual([0, false]);
    await watched;
    expect(seen()).toBe(1);
    other.close();
  });

  test("Does a value that SQLite refuses take its neighbours down, or leave half of itself?", async () => {
    const half = () => {
      note("half")();
      return note(null)();
    };
    const answers = await Promise.allSettled([group.write(note("a")), group.write(half), group.write(note("b"))]);
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(notes()).toEqual(["a", "b"]);
  });

  test("The disk is full: is every write of the group refused in words, and does the store recover?", async () => {
    await group.write(note("kept"));
    const pages = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
    database.exec(`PRAGMA max_page_count = ${pages + 1}`);
    const answers = await Promise.allSettled([group.write(note("small")), group.write(note("x".repeat(50_000)))]);
    for (const answer of answers) {
      expect(answer.status === "rejected" && answer.reason).toBeInstanceOf(StoreUnavailableError);
      expect(answer.status === "rejected" && String(answer.reason)).toMatch(
        /disk that holds .*group\.db is full\. Free/,
      );
    }
    database.exec("PRAGMA max_page_count = 1000000");
    await group.write(note("after"));
    expect(notes()).toEqual(["kept", "after"]);
  });

  test("A commit fails: does every write of its group reject, and is none of them there?", async () => {
    const exec = database.exec.bind(database);
    vi.spyOn(database, "exec").mockImplementation((sql) => {
      if (sql === "COMMIT") throw Object.assign(new Error("disk I/O error"), { errcode: 1034 });
      exec(sql);
    });
    const answers = await Promise.allSettled([group.write(note("a")), group.write(note("b"))]);
    vi.restoreAllMocks();
    expect(answers.map((answer) => answer.status === "rejected" && answer.reason)).toEqual([
      expect.any(StoreUnavailableError),
      expect.any(StoreUnavailableError),
    ]);
    await group.write(note("c"));
    expect(notes()).toEqual(["c"]);
  });

  test("Another process holds the lock for a while: is the order kept, and nothing answered twice?", async () => {
    database.exec("PRAGMA busy_timeout = 1");
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const writes = [group.write(note("a")), group.write(note("b"))];
    await turns(5);
    const later = group.write(note("c"));
    other.exec("COMMIT");
    expect(await Promise.all([...writes, later])).toEqual([1, 1, 1]);
    expect(notes()).toEqual(["a", "b", "c"]);
    other.close();
  });

  test("Another process never lets go: is the waiting ended in words, and does the loop turn meanwhile?", async () => {
    database.exec("PRAGMA busy_timeout = 1");
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const writing = group.write(note("a")).catch((error: unknown) => error);
    const winner = await Promise.race([turns(3), writing]);
    expect(winner).toBe("turned");
    expect(String(await writing)).toMatch(/keeps .*group\.db locked\. Close what holds it/);
    other.exec("ROLLBACK");
    await group.write(note("b"));
    expect(notes()).toEqual(["b"]);
    other.close();
  });

  test("Does a group hold the lock before its first statement, so that none reads what another then changes?", async () => {
    const other = new DatabaseSync(path, { timeout: 0 });
    await group.write(() => expect(() => other.exec("BEGIN IMMEDIATE")).toThrow("locked"));
    other.exec("BEGIN IMMEDIATE; ROLLBACK");
    other.close();
  });

  test("Does idle wait for all that was asked for, and for nothing when nothing was?", async () => {
    await group.idle();
    let answered = 0;
    const writes = [group.write(note("a")), group.write(note("b"))].map((write) => write.then(() => (answered += 1)));
    await group.idle();
    await Promise.all(writes);
    expect([answered, notes().length]).toEqual([2, 2]);
  });
});

async function turns(count: number): Promise<"turned"> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return "turned";
}
