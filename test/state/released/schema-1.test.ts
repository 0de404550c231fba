/** The state file of the release before, as its own code wrote it and a kill left it: does today's code go on with it? */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { openSqliteStateStore } from "../../../src/state/sqlite/sqlite-state-store.ts";
import { renewalFlow, seedFlow } from "../../engine/flows.ts";
import { startHarness, type Harness, type HarnessOptions } from "../../engine/harness.ts";
import { customer } from "../../engine/scripted-agents.ts";
import { lead } from "../../engine/world.ts";
import { temporaryFolder } from "../sqlite/temporary-folder.ts";

const temporary = temporaryFolder();
const minute = 60_000;
const ids = ["alpha", "beta", "approving", "failing", "doubtful", "held", "waiting", "done"];
const flows = [renewalFlow(), seedFlow({ flow_id: "seed" })];

function copied(): string {
  const path = temporary("revops.db");
  copyFileSync(join(import.meta.dirname, "schema-1.db"), path);
  return path;
}

/** `seed` 2: another process than the one that wrote the file. */
async function opened(options: Partial<HarnessOptions> = {}): Promise<Harness> {
  const store = await openSqliteStateStore({ path: copied() });
  onTestFinished(() => store.close());
  const harness = await startHarness({ flows, customers: ids.map((id) => customer(id)), store, seed: 2, ...options });
  await harness.engine.idle();
  return harness;
}

async function idOf({ store }: Harness, customerId: string): Promise<string> {
  const { items } = await store.list({ filter: { customerId }, limit: 1 });
  return items[0]?.execution_id ?? "";
}

async function standing({ engine }: Harness): Promise<Record<string, string>> {
  const headers = await engine.list({ limit: 20 });
  return Object.fromEntries(
    headers.map(({ customer_id, status, waiting_for }) => [customer_id, waiting_for[0]?.kind ?? status]),
  );
}

/** Dana started the batch and doesn't decide about it (A2). */
const approve = { stepId: "approve", version: 1, person: lead, decision: "approve", reason: null } as const;

test("Is it really of schema 1?", () => {
  const database = new DatabaseSync(copied());
  expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
  database.close();
});

test("Does every execution stand where it stood, and does the one that was cut off go on?", async () => {
  const harness = await opened();
  expect(await standing(harness)).toEqual({
    alpha: "approval",
    beta: "approval",
    waiting: "approval",
    held: "approval",
    doubtful: "doubt",
    failing: "failed",
    approving: "succeeded",
    done: "succeeded",
  });
  const { steps } = await harness.engine.execution({ executionId: await idOf(harness, "held") });
  expect(steps["retrieve_data"]?.attempts).toMatchObject([{ lost: true }, { lost: false }]);
  expect((await harness.engine.waiting({ person: lead, offset: 0, limit: 9 })).total).toBe(4);
  expect(harness.logged).toEqual([]);
});

test("Approved today, is what was planned then performed, once?", async () => {
  const harness = await opened();
  const { engine, world } = harness;
  const executionId = await idOf(harness, "waiting");
  expect(await engine.decide({ executionId, ...approve })).toEqual({ kind: "recorded", ended: true });
  await engine.idle();
  expect((await engine.report({ executionId })).header).toMatchObject({ status: "succeeded", outcome: "completed" });
  expect(world.effects.map(({ key }) => key).toSorted()).toEqual([
    `${executionId}/book`,
    `${executionId}/notify/email`,
    `${executionId}/notify/slack`,
  ]);
  expect(harness.logged).toEqual([]);
});

test("Redriven today, does the failed one come through?", async () => {
  const harness = await opened();
  const { engine } = harness;
  const executionId = await idOf(harness, "failing");
  expect(await engine.redrive({ executionId, person: lead })).toMatchObject({ kind: "recorded" });
  await engine.idle();
  await engine.decide({ executionId, ...approve });
  await engine.idle();
  expect((await engine.report({ executionId })).header).toMatchObject({ status: "succeeded", outcome: "completed" });
});

test("Is the doubt still answered by a person, and what is sent again sent once?", async () => {
  const harness = await opened();
  const { engine, world } = harness;
  const executionId = await idOf(harness, "doubtful");
  const effectKey = `${executionId}/notify/email`;
  expect(await engine.resolveDoubt({ effectKey, person: lead, answer: "send_again" })).toMatchObject({
    kind: "recorded",
  });
  await engine.idle();
  expect((await engine.report({ executionId })).header).toMatchObject({ status: "succeeded" });
  expect(world.ofKind("email").map(({ key }) => key)).toEqual([`${effectKey}#2`]);
});

test("Is the batch finished when its last execution ends?", async () => {
  const harness = await opened();
  const { engine, store } = harness;
  const [batch] = await store.openBatches();
  expect(batch).toMatchObject({ status: "running", customer_ids: ["alpha", "beta"] });
  for (const customerId of ["alpha", "beta"]) {
    await engine.decide({ executionId: await idOf(harness, customerId), ...approve });
    await engine.idle();
  }
  await engine.tick();
  await engine.idle();
  expect(await store.getBatch({ batchId: batch?.batch_id ?? "" })).toMatchObject({ status: "ended" });
});

test("One that was started then still runs: is another about the same customer left out, and let through afterwards?", async () => {
  const harness = await opened();
  const { engine } = harness;
  const executionId = await idOf(harness, "waiting");
  const again = { flowId: "renewal", input: { customer_id: "waiting" }, person: null };
  expect(await engine.start(again)).toMatchObject({ kind: "already_running", executionId });
  expect(await engine.start({ ...again, input: { customer_id: "done" } })).toMatchObject({ kind: "started" });
  await engine.decide({ executionId, ...approve });
  await engine.idle();
  expect(await engine.start(again)).toMatchObject({ kind: "started" });
});

test("A flow queues since this release: does the next begin within a minute of the end of the one from before it?", async () => {
  const queueing = renewalFlow({ version: "2.0", triggers: [{ type: "manual", overlap: "queue" }] });
  const harness = await opened({ flows: [queueing] });
  const { engine } = harness;
  const earlier = await idOf(harness, "waiting");
  const input = { customer_id: "waiting" };
  const { executionId } = await engine.start({ flowId: "renewal", input, person: null });
  await engine.idle();
  const kinds = async () => (await engine.report({ executionId })).header.waiting_for.map(({ kind }) => kind);
  expect(await kinds()).toEqual(["queue"]);
  await engine.decide({ executionId: earlier, ...approve });
  await harness.moveTo(harness.clock.now() + minute);
  expect(await kinds()).toEqual(["approval"]);
});
