import { describe, expect, test } from "vitest";
import { sampleAudit, sampleBatch, sampleCursor, sampleDefinition, start } from "../sample-records.ts";
import type { Contract } from "./contract.ts";

export function testRecords(contract: Contract): void {
  describe("definitions, batches, cursors, claims", () => {
    test("Is a definition kept as it was first written?", async () => {
      expect(await contract.store.getDefinition({ hash: "h" })).toBeNull();
      await contract.store.putDefinition({ hash: "h", definition: sampleDefinition });
      await contract.store.putDefinition({ hash: "h", definition: { ...sampleDefinition, version: "3.0" } });
      expect(await contract.store.getDefinition({ hash: "h" })).toEqual(sampleDefinition);
    });

    test("Two processes fire the same schedule: does one batch come of it?", async () => {
      const answers = await Promise.all([
        contract.store.createBatch({ batch: sampleBatch({ channel: "#one" }), audit: [sampleAudit()] }),
        contract.store.createBatch({
          batch: sampleBatch({ channel: "#two" }),
          audit: [sampleAudit({ audit_id: "a-2" })],
        }),
      ]);
      expect(answers).toEqual([true, false]);
      expect((await contract.store.getBatch({ batchId: "b-1" }))?.channel).toBe("#one");
      expect(await contract.store.getBatch({ batchId: "b-2" })).toBeNull();
      await contract.settled();
      expect((await contract.store.listAudit({ limit: 5 })).items.map((event) => event.audit_id)).toEqual(["a-1"]);
    });

    test("Can a revision of a batch be skipped, repeated, or written for nobody?", async () => {
      await contract.store.createBatch({ batch: sampleBatch() });
      const second = sampleBatch({ revision: 2, status: "running" });
      expect(await contract.store.updateBatch({ batch: sampleBatch({ revision: 3 }) })).toBe(false);
      expect(await contract.store.updateBatch({ batch: second })).toBe(true);
      expect(await contract.store.updateBatch({ batch: sampleBatch({ revision: 2, channel: "#other" }) })).toBe(false);
      expect(await contract.store.updateBatch({ batch: sampleBatch({ batch_id: "b-9", revision: 2 }) })).toBe(false);
      expect(await contract.store.getBatch({ batchId: "b-1" })).toEqual(second);
    });

    test("Are open batches those that have not ended, oldest first?", async () => {
      await contract.store.createBatch({ batch: sampleBatch({ batch_id: "late", started_at: start + 1 }) });
      await contract.store.createBatch({ batch: sampleBatch({ batch_id: "early" }) });
      await contract.store.createBatch({ batch: sampleBatch({ batch_id: "over" }) });
      await contract.store.updateBatch({ batch: sampleBatch({ batch_id: "over", revision: 2, status: "ended" }) });
      await contract.settled();
      expect((await contract.store.openBatches()).map((batch) => batch.batch_id)).toEqual(["early", "late"]);
    });

    test("Does each trigger have a cursor of its own?", async () => {
      await contract.store.putCursor({ cursor: sampleCursor() });
      await contract.store.putCursor({ cursor: sampleCursor({ fired_until: start + 1 }) });
      await contract.store.putCursor({ cursor: sampleCursor({ trigger: 1, fired_until: start + 2 }) });
      const until = async (trigger: number) =>
        (await contract.store.getCursor({ flowId: "renewal_management", trigger }))?.fired_until;
      expect([await until(0), await until(1), await until(2)]).toEqual([start + 1, start + 2, undefined]);
      expect(await contract.store.getCursor({ flowId: "onboarding", trigger: 0 })).toBeNull();
    });

    test("The same Slack event twice at once: who is first? And after the claim has expired?", async () => {
      const claim = (now: number) => contract.store.claim({ key: "event/Ev1", now, expiresAt: now + 100 });
      expect(await Promise.all([claim(start), claim(start), claim(start)])).toEqual([true, false, false]);
      expect(await claim(start + 99)).toBe(false);
      expect(await claim(start + 100)).toBe(true);
      expect(await claim(start + 150)).toBe(false);
      expect(await contract.store.claim({ key: "event/Ev2", now: start, expiresAt: start + 1 })).toBe(true);
    });

    test("Do many expired claims make room without freeing a live one?", async () => {
      const claims = Array.from({ length: 50 }, (_, number) => number);
      const claimAll = (now: number) =>
        Promise.all(
          claims.map((number) =>
            contract.store.claim({ key: `k-${number}`, now, expiresAt: start + (number % 2 === 0 ? 10 : 1000) }),
          ),
        );
      await claimAll(start);
      const answers = await claimAll(start + 10);
      expect(answers).toEqual(claims.map((number) => number % 2 === 0));
    });
  });
}
