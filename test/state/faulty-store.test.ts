import { describe, expect, test } from "vitest";
import { MemoryStateStore } from "../../src/state/memory.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { countingStore, CrashError, type Fault, faultyStore, writeMethods } from "./faulty-store.ts";
import { sampleAudit, sampleCursor, sampleEntry, sampleHeader, start } from "./sample-records.ts";

async function threeWrites(store: StateStore): Promise<void> {
  await store.create({ header: sampleHeader(), entry: sampleEntry() });
  await store.append({ entry: sampleEntry({ sequence: 2 }) });
  await store.append({ entry: sampleEntry({ sequence: 3 }) });
}

const entriesOf = async (store: StateStore) => (await store.readLog({ executionId: "e-1", after: 0 })).length;

describe("a faulty store", () => {
  test.each<[number, Exclude<Fault, null>, number]>([
    [1, "before", 0],
    [1, "after", 1],
    [2, "before", 1],
    [2, "after", 2],
    [3, "before", 2],
    [3, "after", 3],
  ])("A crash at write %i, %s it lands: how much is in the store?", async (number, fault, landed) => {
    const store = new MemoryStateStore();
    const faulty = faultyStore({ store, fail: (call) => (call.number === number ? fault : null) });
    await expect(threeWrites(faulty)).rejects.toThrow(CrashError);
    expect(await entriesOf(store)).toBe(landed);
    expect([faulty.crashed(), faulty.writes()]).toEqual([true, number]);
  });

  test("Does the dead process still write, read or hold its lease?", async () => {
    const store = new MemoryStateStore();
    const faulty = faultyStore({ store, fail: ({ method }) => (method === "append" ? "before" : null) });
    await faulty.openLease({ owner: "owner-1" });
    const writes = [threeWrites(faulty), faulty.append({ entry: sampleEntry({ sequence: 2 }) })];
    const settled = await Promise.allSettled([...writes, faulty.recordAudit({ events: [sampleAudit()] })]);
    expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    await expect(faulty.nextWake()).rejects.toThrow(CrashError);
    await faulty.close();
    expect(await store.isGone({ owner: "owner-1" })).toBe(true);
    expect((await store.listAudit({ limit: 1 })).items).toEqual([]);
  });

  test("Is a store without a fault the store itself?", async () => {
    const store = new MemoryStateStore();
    const faulty = faultyStore({ store, fail: () => null });
    await threeWrites(faulty);
    expect([await entriesOf(faulty), faulty.crashed(), faulty.writes()]).toEqual([3, false, 3]);
    await faulty.close();
    await expect(store.nextWake()).rejects.toThrow("closed");
  });
});

describe("a counting store", () => {
  test("Does it count each write once and no read, until it is reset?", async () => {
    const counting = countingStore({ store: new MemoryStateStore() });
    await threeWrites(counting);
    await counting.putCursor({ cursor: sampleCursor() });
    await counting.claim({ key: "k", now: start, expiresAt: start + 1 });
    await counting.getHeader({ executionId: "e-1" });
    await counting.list({ filter: {}, limit: 5 });
    expect(counting.counts()).toEqual({ create: 1, append: 2, putCursor: 1, claim: 1 });
    expect(counting.total()).toBe(5);
    counting.reset();
    expect([counting.counts(), counting.total()]).toEqual([{}, 0]);
  });

  test("Does every write of the port count?", () => {
    const lists = [
      "list",
      "due",
      "nextWake",
      "openBatches",
      "listDefinitions",
      "flowControls",
      "listAudit",
      "listCases",
    ];
    const reads = [...lists, "getDefinition", "readLog", "getHeader", "getBatch", "getCursor", "getSlots", "getCase"];
    const others = ["openLease", "isGone", "close", "constructor"];
    const port = Object.getOwnPropertyNames(MemoryStateStore.prototype);
    expect(port.filter((name) => !reads.includes(name) && !others.includes(name)).toSorted()).toEqual(
      [...writeMethods].toSorted(),
    );
  });
});
