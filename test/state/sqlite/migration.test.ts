/** A file that the first version wrote is opened by this one: everything stays, and it goes on. */
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { FlowDefinition } from "../../../src/flow/flow.ts";
import type { ExecutionHeader } from "../../../src/flow/record.ts";
import { firstSchema } from "../../../src/state/sqlite/schema-1.ts";
import { openSqliteStateStore } from "../../../src/state/sqlite/sqlite-state-store.ts";
import { sampleAudit, sampleBatch, sampleDefinition, sampleEntry, sampleHeader, start } from "../sample-records.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const temporary = temporaryFolder();

/** Fields that the first version didn't know. */
const newFields = ["concurrency", "parent_id", "for_each", "max_concurrency", "compensate", "due", "late"];

function asWrittenThen(record: object, unknown: readonly string[] = newFields): string {
  return JSON.stringify(record, (key, value: unknown) => (unknown.includes(key) ? undefined : value));
}

/** As the first version left it, with an execution that waits, one that ended, and records that nobody can read. */
function firstVersionsFile(): string {
  const path = temporary("revops.db");
  const database = new DatabaseSync(path);
  database.exec(firstSchema);
  database.exec("PRAGMA application_id = 1381388112; PRAGMA user_version = 1");
  const run = (sql: string, ...values: (string | number | null)[]) => database.prepare(sql).run(...values);
  const header = (changes: Partial<ExecutionHeader>, record?: string) => {
    const one = sampleHeader(changes);
    const values = [one.execution_id, one.flow_id, one.customer_id, one.batch_id, one.status] as const;
    const text = record ?? asWrittenThen(one);
    run(
      "INSERT INTO executions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ...values,
      one.open ? 1 : 0,
      one.wake_at,
      one.started_at,
      text,
    );
    run(
      "INSERT INTO entries VALUES (?, 1, ?)",
      one.execution_id,
      JSON.stringify(sampleEntry({ execution_id: one.execution_id })),
    );
  };
  run("INSERT INTO definitions VALUES (?, ?)", "hash-1", asWrittenThen(sampleDefinition));
  run("INSERT INTO definitions VALUES (?, ?)", "damaged", "no JSON");
  run("INSERT INTO definitions VALUES (?, ?)", "odd", '{"flow_id":["a","list"]}');
  header({ execution_id: "waiting", wake_at: start + 5 });
  header({ execution_id: "ended", status: "succeeded", open: false, ended_at: start + 1 });
  header({ execution_id: "damaged", open: false }, "no JSON");
  header({ execution_id: "odd", open: false }, '{"ended_at":"yesterday"}');
  const batch = asWrittenThen(sampleBatch({ status: "ended", revision: 3 }), ["owner"]);
  run("INSERT INTO batches VALUES (?, 3, 'ended', ?, ?)", "b-1", start, batch);
  run("INSERT INTO audit VALUES (?, ?, ?, ?)", "a-1", start, "e-1", JSON.stringify(sampleAudit()));
  database.close();
  return path;
}

test("Is everything that the first version wrote there, with what it never knew as 0 or null?", async () => {
  const store = await openSqliteStateStore({ path: firstVersionsFile() });
  expect(await store.getDefinition({ hash: "hash-1" })).toEqual(FlowDefinition.parse(sampleDefinition));
  expect(await store.listDefinitions({ flowId: "renewal_management" })).toEqual([
    { hash: "hash-1", definition: FlowDefinition.parse(sampleDefinition), storedAt: 0 },
  ]);
  const { items } = await store.list({ filter: {}, limit: 9 });
  expect(items.map(({ execution_id, parent_id }) => [execution_id, parent_id])).toEqual([
    ["waiting", null],
    ["ended", null],
  ]);
  expect(await store.nextWake()).toBe(start + 5);
  expect(await store.getBatch({ batchId: "b-1" })).toMatchObject({ owner: null, revision: 3 });
  expect((await store.listAudit({ limit: 9 })).items).toEqual([sampleAudit()]);
  await expect(store.getHeader({ executionId: "damaged" })).rejects.toThrow(/header of execution damaged/);
  await expect(store.getDefinition({ hash: "damaged" })).rejects.toThrow(/definition damaged/);
  await store.close();
});

test("Does its waiting execution go on, and does what had ended expire?", async () => {
  const path = firstVersionsFile();
  const store = await openSqliteStateStore({ path });
  const header = sampleHeader({ execution_id: "waiting", status: "succeeded", open: false, ended_at: start + 9 });
  expect(await store.append({ entry: sampleEntry({ execution_id: "waiting", sequence: 2 }), header })).toBe(true);
  await store.putDefinition({ hash: "hash-2", definition: sampleDefinition, at: start + 9 });
  expect(
    (await store.listDefinitions({ flowId: "renewal_management" })).map(({ hash, storedAt }) => [hash, storedAt]),
  ).toEqual([
    ["hash-2", start + 9],
    ["hash-1", 0],
  ]);
  const expired = { endedBefore: start + 5, auditBefore: start, limit: 10 };
  expect(await store.removeExpired(expired)).toEqual({ executions: 1, batches: 1, audit: 0 });
  await store.close();
  const again = await openSqliteStateStore({ path });
  expect((await again.list({ filter: {}, limit: 9 })).items).toEqual([header]);
  expect(await again.removeExpired({ ...expired, endedBefore: start + 10 })).toMatchObject({ executions: 1 });
  await again.close();
});

test("Two processes open it at once: is it brought up once, and does each go on?", async () => {
  const path = firstVersionsFile();
  const stores = await Promise.all([openSqliteStateStore({ path }), openSqliteStateStore({ path })]);
  for (const store of stores) expect((await store.list({ filter: {}, limit: 9 })).items).toHaveLength(2);
  const database = new DatabaseSync(path);
  expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 3 });
  database.close();
  await Promise.all(stores.map((store) => store.close()));
});
