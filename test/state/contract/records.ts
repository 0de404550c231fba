import { describe, expect, test } from "vitest";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import {
  sampleAudit,
  sampleBatch,
  sampleControl,
  sampleCursor,
  sampleDefinition,
  sampleSlots,
  start,
} from "../sample-records.ts";
import type { Contract } from "./contract.ts";

const version = (changes: Partial<FlowDefinition>) => ({ ...sampleDefinition, ...changes });
const heldBy = (execution_id: string) =>
  sampleSlots({
    holders: [
      { execution_id, since: start },
      { execution_id, since: start, effect: `${execution_id}/tell/email` },
    ],
  });

export function testRecords(contract: Contract): void {
  describe("definitions, batches, cursors, places, flow controls, claims", () => {
    test("Is a definition kept as it was first written?", async () => {
      expect(await contract.store.getDefinition({ hash: "h" })).toBeNull();
      await contract.store.putDefinition({ hash: "h", definition: sampleDefinition, at: start });
      await contract.store.putDefinition({
        hash: "h",
        definition: { ...sampleDefinition, version: "3.0" },
        at: start + 1,
      });
      expect(await contract.store.getDefinition({ hash: "h" })).toEqual(sampleDefinition);
    });

    test("Which versions of a flow have there been, the last first?", async () => {
      const { store } = contract;
      await store.putDefinition({ hash: "h-old", definition: version({ version: "1.0" }), at: start });
      await store.putDefinition({ hash: "h-new", definition: version({ version: "3.0" }), at: start + 2 });
      await store.putDefinition({ hash: "h-mid", definition: version({}), at: start + 1 });
      await store.putDefinition({ hash: "h-other", definition: version({ flow_id: "onboarding" }), at: start + 3 });
      await store.putDefinition({ hash: "h-old", definition: version({ version: "1.0" }), at: start + 4 });
      await contract.settled();
      expect(await store.listDefinitions({ flowId: "renewal_management" })).toEqual([
        { hash: "h-new", definition: version({ version: "3.0" }), storedAt: start + 2 },
        { hash: "h-mid", definition: version({}), storedAt: start + 1 },
        { hash: "h-old", definition: version({ version: "1.0" }), storedAt: start },
      ]);
      expect(await store.listDefinitions({ flowId: "unheard_of" })).toEqual([]);
    });

    test("Two executions ask for the last place at once: does one get it, and is it told at once?", async () => {
      const { store } = contract;
      expect(await store.getSlots({ key: "renewal/acme" })).toBeNull();
      const asked = [store.putSlots({ slots: heldBy("e-1") }), store.putSlots({ slots: heldBy("e-2") })];
      expect(await Promise.all(asked)).toEqual([true, false]);
      expect(await store.getSlots({ key: "renewal/acme" })).toEqual(heldBy("e-1"));
      const queued = sampleSlots({ ...heldBy("e-1"), queue: ["e-2"], revision: 2 });
      expect(await store.putSlots({ slots: { ...queued, revision: 3 } })).toBe(false);
      expect(await store.putSlots({ slots: queued })).toBe(true);
      expect(await store.putSlots({ slots: sampleSlots({ revision: 2 }) })).toBe(false);
      expect(await store.putSlots({ slots: sampleSlots({ key: "renewal/beta", revision: 2 }) })).toBe(false);
      expect(await store.getSlots({ key: "renewal/acme" })).toEqual(queued);
      expect(await store.getSlots({ key: "renewal/beta" })).toBeNull();
    });

    test("One pauses a flow while another resumes it: does one of them win, and is the other flow left alone?", async () => {
      const { store } = contract;
      expect(await store.flowControls()).toEqual([]);
      const paused = sampleControl();
      const resumed = sampleControl({ paused: null, revision: 2 });
      const other = sampleControl({ flow_id: "onboarding" });
      expect(await store.putFlowControl({ control: resumed })).toBe(false);
      expect(await store.putFlowControl({ control: paused })).toBe(true);
      expect(await store.putFlowControl({ control: other })).toBe(true);
      const again = sampleControl({ revision: 2 });
      const asked = [store.putFlowControl({ control: resumed }), store.putFlowControl({ control: again })];
      expect(await Promise.all(asked)).toEqual([true, false]);
      await contract.settled();
      const byName = (await store.flowControls()).toSorted((one, two) => one.flow_id.localeCompare(two.flow_id));
      expect(byName).toEqual([other, resumed]);
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
