import { expect, test, vi } from "vitest";
import type { ExecutionFilter } from "../../../src/state/state-store.ts";
import { openDatabase } from "../../../src/state/sqlite/database.ts";
import { listQuery } from "../../../src/state/sqlite/list-query.ts";
import { ReadableRecords } from "../../../src/state/readable.ts";
import { Tables } from "../../../src/state/sqlite/tables.ts";
import { start } from "../sample-records.ts";

const before = { at: start, id: "e-1" };
const every: ExecutionFilter = {
  flowId: "renewal_management",
  customerId: "cust-1",
  batchId: "b-1",
  parentId: "e-0",
  status: "failed",
  open: false,
};

/** All 64 mixtures of the six filters, `open` both ways. */
function mixtures(): ExecutionFilter[] {
  const keys = ["flowId", "customerId", "batchId", "parentId", "status", "open"] as const;
  return Array.from({ length: 64 }, (_, bits) => keys.filter((_key, bit) => (bits >> bit) % 2 === 1)).flatMap(
    (chosen) =>
      [true, false].map((open) => Object.fromEntries(chosen.map((key) => [key, key === "open" ? open : every[key]]))),
  );
}

test("Does any list, at its start or behind a cursor, sort or read without an index?", () => {
  const { database } = openDatabase(":memory:");
  for (const filter of mixtures()) {
    for (const position of [null, before]) {
      const { sql, values } = listQuery({ filter, before: position });
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
      const detail = plan.map((row) => String(row["detail"])).join("; ");
      // A scan of an index in the list's own order ends with the page; only the list of everything needs one.
      const isBounded = detail.startsWith("SEARCH executions USING INDEX");
      const isInOrder = Object.keys(filter).length === 0 && detail === "SCAN executions USING INDEX executions_all";
      expect([filter, detail, isBounded || isInOrder]).toEqual([filter, detail, true]);
    }
  }
  database.close();
});

test("Does any other statement sort or scan?", () => {
  const { database } = openDatabase(":memory:");
  const prepare = vi.spyOn(database, "prepare");
  const tables = new Tables({ database, readable: new ReadableRecords(undefined) });
  expect(tables.executions.nextWake()).toBeNull();
  const statements = prepare.mock.calls.map(([sql]) => sql);
  prepare.mockRestore();
  const plans = statements.flatMap((sql) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
  const slow = plans.map((row) => String(row["detail"])).filter((detail) => /SCAN|TEMP B-TREE/.test(detail));
  // That index holds open batches only, in the order asked for.
  // Of the flow controls all are asked for.
  expect(slow).toEqual(["SCAN batches USING INDEX batches_open", "SCAN flow_controls"]);
  expect(statements.length).toBeGreaterThan(15);
  database.close();
});
