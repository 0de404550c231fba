/** What every source that can be written owes to the CRM's notifier. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CustomerSource } from "../../../src/agents/crm/customer-source.ts";
import type { FieldValue, WritableField } from "../../../src/flow/customer.ts";
import type { CustomerWriter } from "../../../src/flow/customer-writer.ts";
import type { CrmChange } from "../../../src/flow/effect.ts";
import { failureOf } from "../support.ts";

export interface WritableCrm {
  /** Holds the customers C-1 to C-9, each with the fields of `startingFields`. */
  source: CustomerSource;
  writer: CustomerWriter;
  /** By somebody else, outside of the app. */
  set(customerId: string, field: WritableField, value: FieldValue): Promise<void>;
  remove(customerId: string): Promise<void>;
  close(): Promise<void>;
}

export const startingFields = {
  csm_email: "lee@example.com",
  champion_status: "active",
  status: "open",
  arr: 84_000,
  seats: 120,
  auto_renew: true,
  renewal_date: "2026-12-31",
  created_at: "2024-01-31T12:00:00Z",
} as const;

const changed: CrmChange[] = [
  { field: "csm_email", from: "lee@example.com", to: "kim@example.com" },
  { field: "champion_status", from: "active", to: "left" },
  { field: "status", from: "open", to: `"quoted", and\na line — ünïcode` },
  { field: "arr", from: 84_000, to: 84_000.25 },
  { field: "seats", from: 120, to: 60 },
  { field: "auto_renew", from: true, to: false },
  { field: "renewal_date", from: "2026-12-31", to: "2028-02-29" },
  { field: "created_at", from: "2024-01-31T12:00:00Z", to: "2024-02-01T00:00:00.5Z" },
];

function csm(from: string | null, to: string | null): CrmChange {
  return { field: "csm_email", from, to };
}

export function testCustomerWriter(name: string, open: () => Promise<WritableCrm>): void {
  let crm: WritableCrm;
  const signal = new AbortController().signal;
  const update = (customerId: string, ...changes: CrmChange[]) => crm.writer.update({ customerId, changes, signal });
  const stands = async (customerId: string, field: WritableField) => (await crm.source.get({ customerId }))?.[field];

  describe(`${name}: does a change reach the one customer, whole and once?`, () => {
    beforeAll(async () => {
      crm = await open();
    });

    afterAll(async () => {
      await crm.close();
    });

    it("a field of every type, and what hangs beside it stays", async () => {
      const before = await crm.source.get({ customerId: "C-1" });
      const other = await crm.source.get({ customerId: "C-2" });
      await update("C-1", ...changed);
      const wanted = Object.fromEntries(changed.map(({ field, to }) => [field, to]));
      expect(await crm.source.get({ customerId: "C-1" })).toEqual({ ...before, ...wanted });
      expect(await crm.source.get({ customerId: "C-2" })).toEqual(other);
    });

    it("the same again after a lost answer", async () => {
      const change = csm("lee@example.com", "kim@example.com");
      await update("C-2", change);
      await update("C-2", change);
      expect(await stands("C-2", "csm_email")).toBe("kim@example.com");
    });

    it("empty and back", async () => {
      await update("C-3", csm("lee@example.com", null), { field: "seats", from: 120, to: null });
      expect([await stands("C-3", "csm_email"), await stands("C-3", "seats")]).toEqual([null, null]);
      await update("C-3", csm(null, "lee@example.com"), { field: "seats", from: null, to: 120 });
      expect([await stands("C-3", "csm_email"), await stands("C-3", "seats")]).toEqual(["lee@example.com", 120]);
    });

    it("somebody else was there since the plan: refused with both values, and nothing of it is written", async () => {
      await crm.set("C-4", "csm_email", "ana@example.com");
      const left: CrmChange = { field: "champion_status", from: "active", to: "left" };
      expect(await failureOf(update("C-4", left, csm("lee@example.com", "kim@example.com")))).toEqual({
        error: "Effect.Refused",
        cause:
          "The CRM has changed since this was planned for C-4: csm_email is ana@example.com, not lee@example.com, which was to become kim@example.com. Nothing was written.",
      });
      expect(await stands("C-4", "champion_status")).toBe("active");
      expect(await stands("C-4", "csm_email")).toBe("ana@example.com");
    });

    it("somebody else has set one of two already: the other is written", async () => {
      await crm.set("C-5", "champion_status", "left");
      const left: CrmChange = { field: "champion_status", from: "active", to: "left" };
      await update("C-5", left, csm("lee@example.com", "kim@example.com"));
      expect(await stands("C-5", "csm_email")).toBe("kim@example.com");
    });

    it("twenty want one field at once: one of them gets it, the others learn of it", async () => {
      const wanted = Array.from({ length: 20 }, (_, index) => `csm-${index}@example.com`);
      const ends = await Promise.allSettled(wanted.map((to) => update("C-6", csm("lee@example.com", to))));
      expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const winner = wanted[ends.findIndex(({ status }) => status === "fulfilled")];
      expect(await stands("C-6", "csm_email")).toBe(winner);
      const told = ends.flatMap((end) => (end.status === "rejected" ? [String(end.reason)] : []));
      expect(told.filter((reason) => reason.includes(`csm_email is ${winner}, not lee@`))).toHaveLength(19);
    });

    it("twenty want the same: all are content", async () => {
      const change = csm("lee@example.com", "kim@example.com");
      await Promise.all(Array.from({ length: 20 }, () => update("C-7", change)));
      expect(await stands("C-7", "csm_email")).toBe("kim@example.com");
    });

    it("the customer is gone", async () => {
      await crm.remove("C-8");
      const failure = await failureOf(update("C-8", csm("lee@example.com", "kim@example.com")));
      expect(failure.error).toBe("Effect.Refused");
      expect(failure.cause).toMatch(/no customer "C-8" any more/);
    });
  });
}
