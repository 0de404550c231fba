import { array, assert, asyncProperty, boolean, nat, record } from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../src/flow/event.ts";
import type { StateStore } from "../../../src/state/state-store.ts";
import { sampleAudit, sampleEntry, sampleHeader, stepSucceeded } from "../sample-records.ts";
import type { Contract } from "./contract.ts";

export function testLogs(contract: Contract): void {
  describe("logs", () => {
    test("Does a created execution read back as it was written, header, entry and audit?", async () => {
      const header = sampleHeader({ waiting_for: [] });
      const audit = [sampleAudit()];
      expect(await contract.store.create({ header, entry: sampleEntry(), audit })).toBe(true);
      expect(await contract.store.readLog({ executionId: "e-1", after: 0 })).toEqual([sampleEntry()]);
      expect(await contract.store.getHeader({ executionId: "e-1" })).toEqual(header);
      await contract.settled();
      expect(await contract.store.listAudit({ limit: 10 })).toEqual({ items: audit, next: null });
    });

    test("Does a second start of the same id change anything?", async () => {
      await contract.store.create({ header: sampleHeader(), entry: sampleEntry() });
      const again = await contract.store.create({
        header: sampleHeader({ owner: "owner-2" }),
        entry: sampleEntry({ epoch: 2 }),
        audit: [sampleAudit()],
      });
      expect(again).toBe(false);
      expect((await contract.store.getHeader({ executionId: "e-1" }))?.owner).toBe("owner-1");
      expect(await contract.store.readLog({ executionId: "e-1", after: 0 })).toEqual([sampleEntry()]);
      await contract.settled();
      expect((await contract.store.listAudit({ limit: 10 })).items).toEqual([]);
    });

    test("Who loses a sequence: does anything of theirs stay, even the header or the audit?", async () => {
      await contract.store.create({ header: sampleHeader(), entry: sampleEntry() });
      const mine = sampleEntry({ sequence: 2, events: [stepSucceeded("mine")] });
      const theirs = sampleEntry({ sequence: 2, events: [stepSucceeded("theirs")] });
      const answers = await Promise.all([
        contract.store.append({ entry: mine }),
        contract.store.append({ entry: theirs, header: sampleHeader({ status: "failed" }), audit: [sampleAudit()] }),
      ]);
      expect(answers).toEqual([true, false]);
      expect(await contract.store.readLog({ executionId: "e-1", after: 1 })).toEqual([mine]);
      expect((await contract.store.getHeader({ executionId: "e-1" }))?.status).toBe("running");
      await contract.settled();
      expect((await contract.store.listAudit({ limit: 10 })).items).toEqual([]);
    });

    test("Can an append leave a gap, or begin a log?", async () => {
      await contract.store.create({ header: sampleHeader(), entry: sampleEntry() });
      expect(await contract.store.append({ entry: sampleEntry({ sequence: 3 }) })).toBe(false);
      expect(await contract.store.append({ entry: sampleEntry({ sequence: 1 }) })).toBe(false);
      expect(await contract.store.append({ entry: sampleEntry({ execution_id: "e-2", sequence: 2 }) })).toBe(false);
      expect(await contract.store.append({ entry: sampleEntry({ execution_id: "e-2", sequence: 1 }) })).toBe(false);
      expect(await contract.store.readLog({ executionId: "e-1", after: 0 })).toHaveLength(1);
      expect(await contract.store.readLog({ executionId: "e-2", after: 0 })).toEqual([]);
    });

    test("Are appends that don't wait for each other kept in the order they were asked for?", async () => {
      const writes = [contract.store.create({ header: sampleHeader(), entry: sampleEntry() })];
      for (let sequence = 2; sequence <= 50; sequence += 1) {
        writes.push(contract.store.append({ entry: sampleEntry({ sequence }) }));
      }
      expect(new Set(await Promise.all(writes))).toEqual(new Set([true]));
      const log = await contract.store.readLog({ executionId: "e-1", after: 0 });
      expect(log.map((entry) => entry.sequence)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    });

    test("Does readLog give only what comes after, and nothing of a neighbour's?", async () => {
      await contract.add({ execution_id: "e-1" });
      await contract.add({ execution_id: "e-10" });
      await contract.store.append({ entry: sampleEntry({ sequence: 2 }) });
      await contract.store.append({ entry: sampleEntry({ sequence: 3 }) });
      const log = await contract.store.readLog({ executionId: "e-1", after: 1 });
      expect(log.map((entry) => entry.sequence)).toEqual([2, 3]);
      expect(await contract.store.readLog({ executionId: "e-1", after: 3 })).toEqual([]);
      expect(await contract.store.readLog({ executionId: "nobody", after: 0 })).toEqual([]);
    });

    test("Is a create refused that would begin at 2, or carry another execution's header?", async () => {
      const entry = sampleEntry({ sequence: 2 });
      await expect(contract.store.create({ header: sampleHeader(), entry })).rejects.toThrow(RangeError);
      const header = sampleHeader({ execution_id: "e-2" });
      await expect(contract.store.create({ header, entry: sampleEntry() })).rejects.toThrow(RangeError);
      await contract.add({});
      await expect(contract.store.append({ header, entry })).rejects.toThrow(RangeError);
      expect(await contract.store.readLog({ executionId: "e-1", after: 1 })).toEqual([]);
    });

    test("Does it matter what the caller does to its objects after asking?", async () => {
      const header = sampleHeader();
      const entry = sampleEntry();
      const written = contract.store.create({ header, entry });
      header.status = "failed";
      entry.events.push(stepSucceeded("late"));
      await written;
      const read = await contract.store.readLog({ executionId: "e-1", after: 0 });
      expect(read).toEqual([sampleEntry()]);
      read[0]?.events.pop();
      expect(await contract.store.readLog({ executionId: "e-1", after: 0 })).toEqual([sampleEntry()]);
      expect((await contract.store.getHeader({ executionId: "e-1" }))?.status).toBe("running");
    });

    test("Do quotes, emoji, zero characters and long texts survive?", async () => {
      const output = `'"; DROP TABLE entries; -- \u0000 \u{1F600} \u2028 ${"x".repeat(200_000)}`;
      const entry = sampleEntry({ events: [stepSucceeded(output)] });
      await contract.store.create({ header: sampleHeader({ customer_name: output }), entry });
      expect(await contract.store.readLog({ executionId: "e-1", after: 0 })).toEqual([entry]);
      expect((await contract.store.getHeader({ executionId: "e-1" }))?.customer_name).toBe(output);
    });

    test("Do two writers at once leave a log without gaps, with one winner for each sequence? (property)", async () => {
      let execution = 0;
      const turns = array(record({ writer: nat(1), together: boolean() }), { maxLength: 40 });
      await assert(
        asyncProperty(turns, async (schedule) => {
          execution += 1;
          await raceTwoWriters({ store: contract.store, executionId: `race-${execution}`, schedule });
        }),
        { numRuns: 25 },
      );
    });
  });
}

/** Each writer appends at the sequence it believes in, and reads when it has lost (D2). */
async function raceTwoWriters({
  store,
  executionId,
  schedule,
}: {
  store: StateStore;
  executionId: string;
  schedule: readonly { writer: number; together: boolean }[];
}): Promise<void> {
  await store.create({
    header: sampleHeader({ execution_id: executionId }),
    entry: sampleEntry({ execution_id: executionId }),
  });
  const known = [1, 1];
  const won: LogEntry[] = [];
  async function turn(writer: number): Promise<void> {
    const entry = sampleEntry({ execution_id: executionId, sequence: (known[writer] ?? 0) + 1, epoch: writer });
    if (await store.append({ entry })) {
      won.push(entry);
      known[writer] = entry.sequence;
      return;
    }
    const missed = await store.readLog({ executionId, after: known[writer] ?? 0 });
    expect(missed.length).toBeGreaterThan(0);
    known[writer] = missed.at(-1)?.sequence ?? 0;
  }
  for (const { writer, together } of schedule) {
    await Promise.all(together ? [turn(writer), turn(1 - writer)] : [turn(writer)]);
  }
  const log = await store.readLog({ executionId, after: 0 });
  expect(log.map((entry) => entry.sequence)).toEqual(log.map((_, index) => index + 1));
  expect(log.slice(1)).toEqual(won.toSorted((one, other) => one.sequence - other.sequence));
}
