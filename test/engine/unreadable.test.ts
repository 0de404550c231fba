/** One execution can't be read: it is told by its name, nothing is written to it, and no other one notices. */
import { describe, expect, test } from "vitest";
import { RequestError } from "../../src/engine/engine.ts";
import type { LogEntry } from "../../src/flow/event.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import { CorruptRecordError, type StateStore } from "../../src/state/state-store.ts";
import { damaged } from "../state/contract/contract.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";
import { kill, startHarness } from "./harness.ts";
import { customer } from "./scripted-agents.ts";
import { dana, lead } from "./world.ts";

const second = 1_000;
const day = 86_400_000;
const definition = flow([approvalStep("approve"), agentStep("note", "noop", { after: ["approve"] })], { triggers: [] });
const customers = [customer("acme"), customer("beta")];

const broken: [name: string, entry: Partial<Record<keyof LogEntry, unknown>>, told: RegExp][] = [
  ["a damaged entry", { epoch: "dear diary" }, /its field epoch is not as expected.*restore it from a backup/],
  [
    "an event of a newer version",
    { events: [{ type: "step_teleported", at: 1 }] },
    /step_teleported is not known to this version\. Start the version that wrote it/,
  ],
  [
    "an event that can't follow what stands before it",
    { events: [{ type: "step_succeeded", at: 1, step_id: "unheard_of", output: 1 }] },
    /Its log contradicts itself.*restore the state from a backup/,
  ],
];

/** Two that wait for a person; of one the next entry can't be read, and it is due. */
async function withBroken(store: StateStore, change: Partial<Record<keyof LogEntry, unknown>>) {
  const first = await startHarness({ flows: [definition], customers, store });
  const start = async (customer_id: string) => {
    const started = await first.engine.start({ flowId: "renewal", input: { customer_id }, person: lead });
    await first.engine.idle();
    return started.executionId;
  };
  const bad = await start("acme");
  const good = await start("beta");
  await kill(first);
  const header = await store.getHeader({ executionId: bad });
  const last = (await first.log(bad)).at(-1);
  if (header === null || last === undefined) throw new Error("nothing was started");
  const { clock, world } = first;
  const entry = damaged({ ...last, sequence: last.sequence + 1 }, change);
  expect(await store.append({ entry, header: { ...header, wake_at: clock.now() } })).toBe(true);
  const next = await startHarness({ flows: [definition], customers, store, world, clock, seed: 2 });
  return { bad, good, next, following: { ...last, sequence: entry.sequence + 1 } };
}

describe.each(broken)("%s", (_name, change, told) => {
  test.each([
    ["memory", async () => new MemoryStateStore()],
    ["SQLite", () => openSqliteStateStore({ path: ":memory:" })],
  ] as const)("stops this one alone, and is told whoever asks, on %s", async (_kind, open) => {
    const store = await open();
    const { bad, good, next, following } = await withBroken(store, change);
    const { engine, world, clock } = next;
    for (let tick = 0; tick < 5; tick += 1) await next.moveTo(clock.now() + second);
    expect(next.logged).toEqual([expect.stringMatching(new RegExp(`could not be taken up.*${bad}.*${told.source}`))]);

    const listed = await engine.list({ limit: 10 });
    expect(listed.map(({ execution_id }) => execution_id).toSorted()).toEqual([bad, good].toSorted());
    const asked = engine.report({ executionId: bad });
    await expect(asked).rejects.toBeInstanceOf(RequestError);
    await expect(asked).rejects.toThrow(new RegExp(`The execution ${bad} can't go on; all others do.*${told.source}`));
    await expect(asked).rejects.not.toThrow(/diary/);

    const vote = { stepId: "approve", version: 1, person: dana, decision: "approve", reason: null } as const;
    await expect(engine.decide({ ...vote, executionId: bad })).rejects.toThrow(told);
    expect(await engine.decide({ ...vote, executionId: good })).toEqual({ kind: "recorded", ended: true });
    await engine.idle();
    expect((await engine.report({ executionId: good })).header).toMatchObject({ outcome: "completed", open: false });
    expect(
      world
        .card("approval")
        .map(({ status }) => status)
        .toSorted(),
    ).toEqual(["approved", "pending"]);
    // Nothing was written behind it.
    expect(await store.append({ entry: following })).toBe(true);
    await store.close();
  });
});

/** A version that can't read one execution. */
class OlderVersion extends MemoryStateStore {
  unreadable: string | null = null;

  override async readLog(asked: { executionId: string; after: number }): Promise<LogEntry[]> {
    if (asked.executionId === this.unreadable) throw new CorruptRecordError("Start the version that wrote it.");
    return super.readLog(asked);
  }
}

test("the version that can read it is started: what fell due meanwhile happens, once", async () => {
  const store = new OlderVersion();
  const harness = await startHarness({ flows: [definition], customers, store });
  const { executionId } = await harness.engine.start({
    flowId: "renewal",
    input: { customer_id: "acme" },
    person: lead,
  });
  await harness.engine.idle();
  store.unreadable = executionId;
  await harness.moveTo(harness.clock.now() + 4 * day);
  expect(harness.world.card("approval")).toMatchObject([{ status: "pending" }]);
  store.unreadable = null;
  await harness.moveTo(harness.clock.now() + second);
  expect(harness.world.card("approval")).toMatchObject([{ status: "expired" }]);
  expect(await store.getHeader({ executionId })).toMatchObject({ outcome: "expired", open: false });
});
