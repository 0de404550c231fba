import { describe, expect, test } from "vitest";
import { CorruptRecordError } from "../../../src/state/state-store.ts";
import {
  sampleAudit,
  sampleBatch,
  sampleCase,
  sampleControl,
  sampleCursor,
  sampleDefinition,
  sampleEntry,
  sampleHeader,
  sampleSlots,
  start,
} from "../sample-records.ts";
import { type Contract, damaged, idsOf } from "./contract.ts";

export function testCorruptRecords(contract: Contract): void {
  describe("records that cannot be read (S4)", () => {
    test("Does one bad entry name itself and leave other executions alone?", async () => {
      await contract.add({ execution_id: "good" });
      await contract.add({ execution_id: "bad" });
      const entry = damaged(sampleEntry({ execution_id: "bad", sequence: 2 }), { epoch: "secret words" });
      await contract.store.append({ entry });
      const reading = contract.store.readLog({ executionId: "bad", after: 0 });
      await expect(reading).rejects.toThrow(CorruptRecordError);
      await expect(reading).rejects.toThrow(/entry 2 of execution bad.*epoch/);
      await expect(reading).rejects.not.toThrow(/secret words/);
      expect(await contract.store.readLog({ executionId: "bad", after: 2 })).toEqual([]);
      expect(await contract.store.readLog({ executionId: "good", after: 0 })).toHaveLength(1);
    });

    test("An event, or a field, of a newer version: is it named, with what to do, and without what people wrote?", async () => {
      await contract.add({});
      const teleported = damaged({ type: "step_teleported", at: start, step_id: "assess" }, {});
      await contract.store.append({ entry: damaged(sampleEntry({ sequence: 2 }), { events: [teleported] }) });
      await contract.add({ execution_id: "e-2" });
      await contract.store.append({
        entry: damaged(sampleEntry({ execution_id: "e-2", sequence: 2 }), { mood: "secret words" }),
      });
      await contract.add({ execution_id: "e-3" });
      const damage = { events: [{ type: "Dear diary, secret words" }] };
      await contract.store.append({ entry: damaged(sampleEntry({ execution_id: "e-3", sequence: 2 }), damage) });
      const reading = (executionId: string) => contract.store.readLog({ executionId, after: 0 });
      await expect(reading("e-1")).rejects.toThrow(
        /entry 2 of execution e-1: events\.0\.type step_teleported is not known to this version\. Start the version that wrote it/,
      );
      await expect(reading("e-2")).rejects.toThrow(/entry 2 of execution e-2: mood is not known to this version/);
      await expect(reading("e-3")).rejects.toThrow(/entry 2 of execution e-3: its field events\.0\.type .*backup/);
      for (const id of ["e-2", "e-3"]) await expect(reading(id)).rejects.not.toThrow(/secret/);
    });

    test("Does one bad header stop the lists, the timers, or the page behind it?", async () => {
      await contract.add({ execution_id: "e-1", started_at: start + 1, wake_at: start + 1 });
      await contract.add({ execution_id: "e-3", started_at: start + 3, wake_at: start + 3 });
      const header = sampleHeader({ execution_id: "e-2", started_at: start + 2, wake_at: start });
      await contract.store.putHeader({ header: damaged(header, { waiting_for: "nobody" }) });
      await contract.settled();
      await expect(contract.store.getHeader({ executionId: "e-2" })).rejects.toThrow(
        /header of execution e-2.*waiting_for/,
      );
      const listed = await contract.allPages((cursor) => contract.store.list({ filter: {}, limit: 1, cursor }));
      expect(idsOf(listed)).toEqual(["e-3", "e-1"]);
      expect(idsOf(await contract.store.due({ now: start + 9, limit: 1 }))).toEqual(["e-1"]);
      expect(await contract.store.nextWake()).toBe(start + 1);
      expect(contract.corrupt.map((error) => error.message)).toEqual([expect.stringContaining("e-2")]);
    });

    test("Do other bad records name themselves, and do lists go on without them?", async () => {
      await contract.store.createBatch({ batch: damaged(sampleBatch(), { customers_total: null }) });
      await contract.store.createBatch({ batch: sampleBatch({ batch_id: "b-2" }) });
      await contract.store.recordAudit({
        events: [damaged(sampleAudit(), { detail: 3 }), sampleAudit({ audit_id: "a-2" })],
      });
      await contract.store.putCursor({ cursor: damaged(sampleCursor(), { fired_until: "yesterday" }) });
      await contract.store.putDefinition({
        hash: "h",
        definition: damaged(sampleDefinition, { steps: [] }),
        at: start,
      });
      await contract.store.putDefinition({ hash: "h-2", definition: sampleDefinition, at: start });
      await contract.store.putSlots({ slots: damaged(sampleSlots(), { queue: "nobody" }) });
      await contract.store.putFlowControl({ control: damaged(sampleControl(), { paused: "yes" }) });
      await contract.store.putCase({ record: damaged(sampleCase(), { score: "high" }) });
      await contract.store.putCase({ record: sampleCase({ reason: "churn_risk" }) });
      await contract.store.putFlowControl({ control: sampleControl({ flow_id: "onboarding" }) });
      await contract.settled();
      await expect(contract.store.getBatch({ batchId: "b-1" })).rejects.toThrow(/batch b-1/);
      await expect(contract.store.getCursor({ flowId: "renewal_management", trigger: 0 })).rejects.toThrow(
        /fired_until/,
      );
      await expect(contract.store.getDefinition({ hash: "h" })).rejects.toThrow(/definition h/);
      await expect(contract.store.getSlots({ key: "renewal/acme" })).rejects.toThrow(
        /places under renewal\/acme.*queue/,
      );
      await expect(contract.store.getCase({ caseId: "renewal_risk:cust-12345" })).rejects.toThrow(
        /case renewal_risk:cust-12345.*score/,
      );
      const cases = await contract.store.listCases({ filter: { open: true }, limit: 5 });
      expect(cases.items.map(({ reason }) => reason)).toEqual(["churn_risk"]);
      const versions = await contract.store.listDefinitions({ flowId: "renewal_management" });
      expect(versions.map(({ hash }) => hash)).toEqual(["h-2"]);
      expect((await contract.store.flowControls()).map(({ flow_id }) => flow_id)).toEqual(["onboarding"]);
      expect((await contract.store.openBatches()).map((batch) => batch.batch_id)).toEqual(["b-2"]);
      expect((await contract.store.listAudit({ limit: 5 })).items.map((event) => event.audit_id)).toEqual(["a-2"]);
      expect(contract.corrupt).toHaveLength(5);
    });
  });
}
