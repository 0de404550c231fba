/** A transaction that fails in the middle: is it undone, is the reason told, and is the database good for the next one? */
import { expect, test } from "vitest";
import { inTransaction, openDatabase } from "../../../src/sandbox/store/database.ts";

test("a full disk is told as such, and once there is room again all goes on", () => {
  const database = openDatabase(":memory:");
  database.exec("CREATE TABLE line (text TEXT)");
  const insert = database.prepare("INSERT INTO line VALUES (?)");
  const pages = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
  database.exec(`PRAGMA max_page_count = ${pages}`);
  const write = () =>
    inTransaction(database, () => {
      insert.run("first");
      insert.run("x".repeat(100_000));
    });
  expect(write).toThrow("database or disk is full");
  database.exec("PRAGMA max_page_count = 10000");
  write();
  expect(database.prepare("SELECT count(*) AS lines FROM line").get()).toEqual({ lines: 2 });
  database.close();
});
