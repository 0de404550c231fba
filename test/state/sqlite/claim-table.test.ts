import { expect, test } from "vitest";
import { openDatabase } from "../../../src/state/sqlite/database.ts";
import { ClaimTable } from "../../../src/state/sqlite/firing-tables.ts";
import { start } from "../sample-records.ts";

test("Do claims that have expired long ago pile up?", () => {
  const { database } = openDatabase(":memory:");
  const claims = new ClaimTable(database);
  const day = 86_400_000;
  for (let event = 0; event < 500; event += 1) {
    const now = start + event * (day / 100);
    expect(claims.claim({ key: `event/${event}`, now, expiresAt: now + day / 100 })).toBe(true);
  }
  const left = database.prepare("SELECT count(*) AS n FROM claims").get();
  expect(left).toEqual({ n: expect.toSatisfy((count: number) => count >= 1 && count <= 10) });
  database.close();
});

test("Is a claim that another process's slower clock still honours forgotten?", () => {
  const { database } = openDatabase(":memory:");
  const claims = new ClaimTable(database);
  claims.claim({ key: "k", now: start, expiresAt: start + 100 });
  claims.claim({ key: "other", now: start + 200, expiresAt: start + 300 });
  expect(claims.claim({ key: "k", now: start + 50, expiresAt: start + 150 })).toBe(false);
  database.close();
});
