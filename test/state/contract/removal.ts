import { describe, expect, test } from "vitest";
import type { Batch, ExecutionHeader } from "../../../src/flow/record.ts";
import { sampleAudit, sampleBatch, sampleDefinition, sampleEntry, sampleHeader, start } from "../sample-records.ts";
import { type Contract, idsOf } from "./contract.ts";

const nothing = { endedBefore: 0, auditBefore: 0, limit: 100 };

const endedAt = (ended_at: number): Partial<ExecutionHeader> => ({ status: "succeeded", open: false, ended_at });

export function testRemoval(contract: Contract): void {
  const all = async () =>
    idsOf(await contract.allPages((cursor) => contract.store.list({ filter: {}, limit: 50, cursor })));

  describe("removal of what has expired", () => {
    test("Does anything of an expired execution stay, or anything of its neighbours go?", async () => {
      const { store } = contract;
      await contract.add({ execution_id: "e-1", ...endedAt(start + 1), customer_id: "cust-1", parent_id: "e-10" });
      await store.append({ entry: sampleEntry({ execution_id: "e-1", sequence: 2 }) });
      await contract.add({ execution_id: "e-10", ...endedAt(start + 2) });
      await contract.settled();
      const removed = await store.removeExpired({ ...nothing, endedBefore: start + 2 });
      expect(removed).toEqual({ executions: 1, batches: 0, audit: 0 });
      await contract.settled();
      expect(await store.getHeader({ executionId: "e-1" })).toBeNull();
      expect(await store.readLog({ executionId: "e-1", after: 0 })).toEqual([]);
      expect(await all()).toEqual(["e-10"]);
      expect((await store.list({ filter: { customerId: "cust-1" }, limit: 5 })).items).toEqual([]);
      expect((await store.list({ filter: { parentId: "e-10" }, limit: 5 })).items).toEqual([]);
      expect(await store.readLog({ executionId: "e-10", after: 0 })).toHaveLength(1);
    });

    test("Is an open execution ever removed, even one that has ended and not yet shown it?", async () => {
      const { store } = contract;
      await contract.add({ execution_id: "running", started_at: 0 });
      await contract.add({ execution_id: "unshown", ...endedAt(1), open: true });
      await contract.add({ execution_id: "redriven", ...endedAt(1) });
      await store.append({
        entry: sampleEntry({ execution_id: "redriven", sequence: 2 }),
        header: sampleHeader({ execution_id: "redriven" }),
      });
      await contract.settled();
      expect((await store.removeExpired({ ...nothing, endedBefore: start * 2 })).executions).toBe(0);
      await contract.settled();
      expect((await all()).toSorted()).toEqual(["redriven", "running", "unshown"]);
    });

    test("Are no more removed at once than asked for, those that ended first before the others?", async () => {
      const { store } = contract;
      for (const number of [3, 1, 5, 2, 4]) {
        await contract.add({ execution_id: `e-${number}`, ...endedAt(start + number) });
        await store.createBatch({
          batch: sampleBatch({ batch_id: `b-${number}`, status: "ended", started_at: start + number }),
        });
        await store.recordAudit({ events: [sampleAudit({ audit_id: `a-${number}`, at: start + number })] });
      }
      await contract.settled();
      const portion = () => store.removeExpired({ endedBefore: start + 5, auditBefore: start + 4, limit: 2 });
      expect(await portion()).toEqual({ executions: 2, batches: 2, audit: 2 });
      await contract.settled();
      expect((await all()).toSorted()).toEqual(["e-3", "e-4", "e-5"]);
      expect(await portion()).toEqual({ executions: 2, batches: 2, audit: 1 });
      await contract.settled();
      expect(await portion()).toEqual({ executions: 0, batches: 0, audit: 0 });
      expect(await all()).toEqual(["e-5"]);
      const left = await store.listAudit({ limit: 9 });
      expect(left.items.map((event) => event.audit_id)).toEqual(["a-4", "a-5"]);
      expect(await store.getBatch({ batchId: "b-4" })).toBeNull();
      expect(await store.getBatch({ batchId: "b-5" })).not.toBeNull();
    });

    test("Does a batch that is still under way go, or the audit and the definition of what has gone?", async () => {
      const { store } = contract;
      const batch = (changes: Partial<Batch>) => store.createBatch({ batch: sampleBatch(changes) });
      await store.putDefinition({ hash: "hash-1", definition: sampleDefinition, at: start });
      await batch({ batch_id: "starting", started_at: 1 });
      await batch({ batch_id: "running", started_at: 1, status: "running" });
      await contract.add({ execution_id: "e-1", ...endedAt(1) });
      await store.recordAudit({ events: [sampleAudit({ execution_id: "e-1", at: 1 })] });
      await contract.settled();
      const removed = await store.removeExpired({ ...nothing, endedBefore: start });
      expect(removed).toEqual({ executions: 1, batches: 0, audit: 0 });
      await contract.settled();
      expect((await store.openBatches()).map((open) => open.batch_id)).toEqual(["running", "starting"]);
      expect((await store.listAudit({ limit: 5, executionId: "e-1" })).items).toHaveLength(1);
      expect(await store.getDefinition({ hash: "hash-1" })).toEqual(sampleDefinition);
    });

    test("Can a removed execution be written to again by one who still knows it?", async () => {
      const { store } = contract;
      await contract.add(endedAt(1));
      await contract.settled();
      await store.removeExpired({ ...nothing, endedBefore: start });
      expect(await store.append({ entry: sampleEntry({ sequence: 2 }), header: sampleHeader() })).toBe(false);
      expect(await store.getHeader({ executionId: "e-1" })).toBeNull();
    });
  });
}
