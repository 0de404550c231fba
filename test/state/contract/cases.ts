import { describe, expect, test } from "vitest";
import { type Case, caseId } from "../../../src/flow/case.ts";
import { sampleAudit, sampleCase, start } from "../sample-records.ts";
import type { Contract } from "./contract.ts";

const of = (id: string, changes: Partial<Case> = {}) =>
  sampleCase({ ...changes, customer: { ...sampleCase().customer, id } });
const idOf = (record: Case) => caseId({ reason: record.reason, customerId: record.customer.id });

export function testCases(contract: Contract): void {
  describe("cases", () => {
    test("Two processes assess the same customer at once: does one of them open the case?", async () => {
      const { store } = contract;
      expect(await store.getCase({ caseId: idOf(of("acme")) })).toBeNull();
      const audit = [sampleAudit({ audit_id: "case-1", action: "case_opened" })];
      const lost = [sampleAudit({ audit_id: "case-2", action: "case_opened" })];
      const asked = [
        store.putCase({ record: of("acme", { score: 0.8 }), audit }),
        store.putCase({ record: of("acme", { score: 0.9 }), audit: lost }),
      ];
      expect(await Promise.all(asked)).toEqual([true, false]);
      expect(await store.getCase({ caseId: idOf(of("acme")) })).toEqual(of("acme", { score: 0.8 }));
      await contract.settled();
      const recorded = await store.listAudit({ limit: 5 });
      expect(recorded.items.map(({ audit_id }) => audit_id)).toEqual(["case-1"]);
    });

    test("Can a revision be skipped, repeated, or written for nobody?", async () => {
      const { store } = contract;
      expect(await store.putCase({ record: of("acme", { revision: 2 }) })).toBe(false);
      await store.putCase({ record: of("acme") });
      expect(await store.putCase({ record: of("acme", { revision: 3 }) })).toBe(false);
      const next = of("acme", { revision: 2, status: "snoozed" });
      expect(await store.putCase({ record: next })).toBe(true);
      expect(await store.putCase({ record: of("acme", { revision: 2 }) })).toBe(false);
      expect(await store.getCase({ caseId: idOf(next) })).toEqual(next);
    });

    test("Are two reasons of one customer two cases, and does a name like a key end in no other's?", async () => {
      const { store } = contract;
      const odd = of("a:b#c/d é", { reason: "churn_risk" });
      await store.putCase({ record: of("acme") });
      await store.putCase({ record: of("acme", { reason: "churn_risk", opened_at: start + 1 }) });
      await store.putCase({ record: odd });
      expect(await store.getCase({ caseId: "churn_risk:a:b#c/d é" })).toEqual(odd);
      const listed = await contract.allPages((cursor) =>
        store.listCases({ filter: { open: true, customerId: "acme" }, limit: 1, cursor }),
      );
      expect(listed.map(({ reason }) => reason)).toEqual(["churn_risk", "renewal_risk"]);
    });

    test("Which cases are open, the last opened first, and does a closed one leave the list and come back?", async () => {
      const { store } = contract;
      for (const [index, id] of ["one", "two", "three"].entries())
        await store.putCase({ record: of(id, { opened_at: start + index }) });
      await store.putCase({ record: of("two", { opened_at: start + 1, revision: 2, status: "closed" }) });
      await store.putCase({ record: of("one", { revision: 2, status: "dismissed" }) });
      const list = (open: boolean) =>
        contract.allPages((cursor) => store.listCases({ filter: { open }, limit: 1, cursor }));
      expect((await list(true)).map(({ customer }) => customer.id)).toEqual(["three", "one"]);
      expect((await list(false)).map(({ customer }) => customer.id)).toEqual(["two"]);
      await store.putCase({ record: of("two", { opened_at: start + 9, revision: 3 }) });
      expect((await list(true)).map(({ customer }) => customer.id)).toEqual(["two", "three", "one"]);
      expect(await list(false)).toEqual([]);
    });
  });
}
