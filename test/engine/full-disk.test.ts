/** The disk is full, really (SQLITE_FULL): writes are refused by name, nothing is half there, and all goes on afterwards. */
import type { DatabaseSync } from "node:sqlite";
import { afterEach, expect, test } from "vitest";
import { LocalLeases } from "../../src/state/leases.ts";
import { ReadableRecords } from "../../src/state/readable.ts";
import { openDatabase } from "../../src/state/sqlite/database.ts";
import { SqliteStateStore } from "../../src/state/sqlite/store.ts";
import { StoreUnavailableError } from "../../src/state/state-store.ts";
import { temporaryFolder } from "../state/sqlite/temporary-folder.ts";
import { agentStep, approvalStep, flow, scheduleTrigger } from "./flows.ts";
import { startHarness, type HarnessOptions } from "./harness.ts";
import { answer, customer, scriptedAgents } from "./scripted-agents.ts";
import { dana, lead } from "./world.ts";

const minute = 60_000;
const day = 86_400_000;
/** More than fits into what is left of any page. */
const large = "x".repeat(20_000);
const temporary = temporaryFolder();
const openStores: SqliteStateStore[] = [];
afterEach(() => Promise.all(openStores.splice(0).map((store) => store.close())));

interface Disk {
  store: SqliteStateStore;
  /** Not one page more, and none left over. */
  fill(): void;
  free(): void;
  rows(table: "entries" | "executions" | "audit" | "batches"): number;
}

function disk(): Disk {
  const opened = openDatabase(temporary("revops.db"));
  const { database } = opened;
  database.exec("CREATE TABLE filler (text TEXT)");
  const store = new SqliteStateStore({
    ...opened,
    leases: new LocalLeases(),
    readable: new ReadableRecords(undefined),
  });
  openStores.push(store);
  return {
    store,
    fill: () => {
      const pages = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
      database.exec(`PRAGMA max_page_count = ${pages}`);
      useUp(database);
    },
    free: () => database.exec("PRAGMA max_page_count = 1000000"),
    rows: (table) => Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]),
  };
}

/** Pages that SQLite has set aside and not used yet. */
function useUp(database: DatabaseSync): void {
  try {
    for (;;) database.prepare("INSERT INTO filler VALUES (?)").run("x".repeat(1_000));
  } catch (error) {
    expect(String(error)).toMatch(/full/);
  }
}

const echo = flow([agentStep("echo", "noop", { parameters: { text: large } })], { triggers: [] });
const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: lead };

async function harnessOn({ store }: Disk, options: Partial<HarnessOptions> = {}) {
  return startHarness({ flows: [echo], store, ...options });
}

test("a start is refused by name, and leaves neither a log nor a header nor an audit; afterwards it starts", async () => {
  const full = disk();
  const harness = await harnessOn(full, { customers: [customer("acme", { name: large })] });
  await harness.engine.start(acme);
  await harness.engine.idle();
  const before = [full.rows("entries"), full.rows("executions"), full.rows("audit")];
  full.fill();
  const refused = await harness.engine.start(acme).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StoreUnavailableError);
  expect(String(refused)).toMatch(
    /The disk that holds .* is full\. Free some space; nothing that was recorded is lost/,
  );
  expect([full.rows("entries"), full.rows("executions"), full.rows("audit")]).toEqual(before);
  full.free();
  // The place about this customer that the refused one had taken is free again.
  await harness.moveTo(harness.clock.now() + minute);
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
});

test("an agent's answer comes while the disk is full: it is kept, recorded when there is space, and not asked for again", async () => {
  const full = disk();
  let calls = 0;
  const agents = scriptedAgents({
    retrieve: () => {
      calls += 1;
      full.fill();
      return answer({ text: large });
    },
  });
  const definition = flow([
    agentStep("retrieve_data", "retrieve"),
    agentStep("note", "noop", { after: ["retrieve_data"] }),
  ]);
  const harness = await harnessOn(full, { flows: [definition], agents });
  const { executionId } = await harness.engine.start(acme);
  await expect.poll(() => harness.logged.length).toBeGreaterThan(5);
  expect(harness.logged[0]).toMatch(/could not be recorded, will be tried again: The disk that holds .* is full/);
  full.free();
  await harness.engine.idle();
  expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
  expect(calls).toBe(1);
});

test("somebody decides while the disk is full: it is refused aloud, nothing of it counts, and it counts when pressed again", async () => {
  const full = disk();
  const definition = flow([approvalStep("approve"), agentStep("note", "noop", { after: ["approve"] })]);
  const harness = await harnessOn(full, { flows: [definition] });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  const before = full.rows("entries");
  full.fill();
  const vote = { executionId, stepId: "approve", version: 1, person: dana, decision: "approve" } as const;
  await expect(harness.engine.decide({ ...vote, reason: large })).rejects.toThrow(StoreUnavailableError);
  expect(full.rows("entries")).toBe(before);
  expect((await harness.engine.report({ executionId })).header.waiting_for).toMatchObject([{ kind: "approval" }]);
  full.free();
  expect(await harness.engine.decide({ ...vote, reason: large })).toEqual({ kind: "recorded", ended: true });
  await harness.engine.idle();
  expect((await harness.engine.report({ executionId })).header.outcome).toBe("completed");
});

test("a schedule falls due while the disk is full: it fires once when there is space again, and later ones follow", async () => {
  const full = disk();
  const triggers = [scheduleTrigger({ filter: null })];
  const definition = flow([agentStep("note", "noop")], { triggers, description: large });
  const harness = await harnessOn(full, { flows: [definition], customers: [customer("acme")] });
  full.fill();
  await harness.moveTo(Date.parse("2026-11-23T09:00:00Z"));
  expect([full.rows("batches"), full.rows("executions")]).toEqual([0, 0]);
  expect(harness.logged.length).toBeGreaterThan(0);
  full.free();
  await harness.moveTo(Date.parse("2026-11-23T09:05:00Z"));
  expect([full.rows("batches"), full.rows("executions")]).toEqual([1, 1]);
  await harness.moveTo(Date.parse("2026-11-24T09:05:00Z"));
  expect([full.rows("batches"), full.rows("executions")]).toEqual([2, 2]);
});

test("timers fall due while the disk is full: each is passed when there is space again, and none in a loop", async () => {
  const full = disk();
  const approve = approvalStep("approve", { timeout_ms: 10 * minute });
  const definition = flow([approve, agentStep("note", "noop", { after: ["approve"] })], { triggers: [] });
  const harness = await harnessOn(full, { flows: [definition], customers: [customer("acme", { name: large })] });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  full.fill();
  harness.clock.moveTo(harness.clock.now() + 11 * minute);
  for (let tick = 0; tick < 3; tick += 1) await harness.engine.tick();
  expect((await harness.engine.report({ executionId })).header.status).toBe("running");
  const told = harness.logged.length;
  full.free();
  await harness.moveTo(harness.clock.now() + minute);
  expect((await harness.engine.report({ executionId })).header).toMatchObject({ outcome: "expired", open: false });
  expect(told).toBeLessThan(20);
  await harness.moveTo(harness.clock.now() + day);
  const events = (await harness.log(executionId)).flatMap((entry) => entry.events);
  const expired = events.filter(({ type }) => type === "approval_ended");
  expect(expired).toHaveLength(1);
});
