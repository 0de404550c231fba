import { describe, expect, test } from "vitest";
import type { AuditEvent } from "../../../src/flow/record.ts";
import { sampleAudit, start } from "../sample-records.ts";
import type { Contract } from "./contract.ts";

export function testAudit(contract: Contract): void {
  describe("the audit (T4)", () => {
    test("Does it read oldest first, page by page, for all and for one execution?", async () => {
      const events = [3, 1, 2, 5, 4].map((number) =>
        sampleAudit({
          audit_id: `a-${number}`,
          at: start + Math.floor(number / 2),
          execution_id: ["e-1", "e-2", null][number % 3] ?? null,
        }),
      );
      await contract.store.recordAudit({ events: events.slice(0, 3) });
      await contract.store.recordAudit({ events: events.slice(3) });
      const read = (executionId?: string) =>
        contract.allPages<AuditEvent>((cursor) =>
          contract.store.listAudit({ limit: 2, cursor, ...(executionId === undefined ? {} : { executionId }) }),
        );
      expect((await read()).map((event) => event.audit_id)).toEqual(["a-1", "a-2", "a-3", "a-4", "a-5"]);
      expect((await read("e-2")).map((event) => event.audit_id)).toEqual(["a-1", "a-4"]);
      expect(await read("e-9")).toEqual([]);
    });

    test("Is an event that is recorded again, after a crash, still there once and unchanged?", async () => {
      await contract.store.recordAudit({ events: [sampleAudit()] });
      await contract.store.recordAudit({
        events: [sampleAudit({ detail: "rewritten" }), sampleAudit({ audit_id: "a-2" })],
      });
      await contract.settled();
      expect((await contract.store.listAudit({ limit: 5 })).items).toEqual([
        sampleAudit(),
        sampleAudit({ audit_id: "a-2" }),
      ]);
    });
  });
}
