import { assert, asyncProperty, constantFrom, integer, option, record } from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExecutionHeader } from "../../../src/flow/record.ts";
import { sampleEntry, sampleHeader, start } from "../sample-records.ts";
import { type Contract, idsOf } from "./contract.ts";

export function testLists(contract: Contract): void {
  describe("headers and lists", () => {
    test("Does a header written over another replace it in every list?", async () => {
      await contract.add({ wake_at: start });
      const ended = sampleHeader({ status: "succeeded", outcome: "completed", open: false, ended_at: start + 5 });
      await contract.store.append({ entry: sampleEntry({ sequence: 2 }), header: ended });
      await contract.settled();
      expect(await contract.store.getHeader({ executionId: "e-1" })).toEqual(ended);
      expect((await contract.store.list({ filter: { status: "running" }, limit: 5 })).items).toEqual([]);
      expect((await contract.store.list({ filter: { open: true }, limit: 5 })).items).toEqual([]);
      expect((await contract.store.list({ filter: { status: "succeeded", open: false }, limit: 5 })).items).toEqual([
        ended,
      ]);
      expect(await contract.store.due({ now: start, limit: 5 })).toEqual([]);
    });

    test("Is it told who drives an execution, where that is no engine process?", async () => {
      await contract.add({ driver: "stepfunctions", wake_at: start });
      await contract.settled();
      const header = sampleHeader({ driver: "stepfunctions", wake_at: start });
      expect(await contract.store.getHeader({ executionId: "e-1" })).toEqual(header);
      expect((await contract.store.list({ filter: { status: "running" }, limit: 5 })).items).toEqual([header]);
      expect(await contract.store.due({ now: start, limit: 5 })).toEqual([header]);
    });

    test("Does putHeader write what never changes, too?", async () => {
      await contract.add({});
      const moved = sampleHeader({
        customer_id: null,
        batch_id: "b-7",
        parent_id: "e-0",
        flow_id: "onboarding",
        started_at: start + 9,
      });
      await contract.store.putHeader({ header: moved });
      await contract.settled();
      expect((await contract.store.list({ filter: { batchId: "b-7" }, limit: 5 })).items).toEqual([moved]);
      expect((await contract.store.list({ filter: { parentId: "e-0" }, limit: 5 })).items).toEqual([moved]);
      expect((await contract.store.list({ filter: { customerId: "cust-12345" }, limit: 5 })).items).toEqual([]);
      expect((await contract.store.list({ filter: { flowId: "renewal_management" }, limit: 5 })).items).toEqual([]);
    });

    test("Is the newest first, and is the order of the same instant always the same?", async () => {
      await contract.add({ execution_id: "b", started_at: start });
      await contract.add({ execution_id: "c", started_at: start - 1 });
      await contract.add({ execution_id: "a", started_at: start });
      await contract.settled();
      expect(idsOf((await contract.store.list({ filter: {}, limit: 5 })).items)).toEqual(["b", "a", "c"]);
    });

    test("Does every mixture of filters give just what matches, page by page? (property)", async () => {
      const headers = variousHeaders();
      for (const header of headers) await contract.add(header);
      await contract.settled();
      await assert(
        asyncProperty(anyFilter, integer({ min: 1, max: 70 }), async (filter, limit) => {
          const found = await contract.allPages((cursor) => contract.store.list({ filter, limit, cursor }));
          const expected = headers.filter((header) => passes({ header, filter })).toReversed();
          expect(idsOf(found)).toEqual(idsOf(expected));
        }),
        { numRuns: 60 },
      );
    });

    test("Do pages shift when executions start or end between them?", async () => {
      for (const number of [1, 2, 3, 4])
        await contract.add({ execution_id: `e-${number}`, started_at: start + number });
      await contract.settled();
      const first = await contract.store.list({ filter: {}, limit: 2 });
      await contract.add({ execution_id: "e-9", started_at: start + 9 });
      await contract.store.putHeader({
        header: sampleHeader({ execution_id: "e-3", started_at: start + 3, open: false }),
      });
      await contract.settled();
      const second = await contract.store.list({ filter: {}, limit: 2, cursor: first.next });
      expect([...idsOf(first.items), ...idsOf(second.items)]).toEqual(["e-4", "e-3", "e-2", "e-1"]);
      expect(second.next).toBeNull();
    });

    test("Does a full last page promise another one?", async () => {
      await contract.add({ execution_id: "e-1" });
      await contract.add({ execution_id: "e-2" });
      await contract.settled();
      expect((await contract.store.list({ filter: {}, limit: 2 })).next).toBeNull();
    });

    test("Is a made-up cursor refused in words?", async () => {
      await expect(contract.store.list({ filter: {}, limit: 2, cursor: "' OR 1=1" })).rejects.toThrow("not the cursor");
      await expect(contract.store.listAudit({ limit: 2, cursor: "bm9wZQ" })).rejects.toThrow("not the cursor");
    });

    test("Is due what must be looked at by now, earliest first, and nothing else?", async () => {
      await contract.add({ execution_id: "later", wake_at: start + 10 });
      await contract.add({ execution_id: "now", wake_at: start });
      await contract.add({ execution_id: "long-ago", wake_at: start - 1000 });
      await contract.add({ execution_id: "person", wake_at: null });
      await contract.add({ execution_id: "ended", wake_at: start - 5000, open: false });
      await contract.settled();
      expect(idsOf(await contract.store.due({ now: start, limit: 10 }))).toEqual(["long-ago", "now"]);
      expect(idsOf(await contract.store.due({ now: start, limit: 1 }))).toEqual(["long-ago"]);
      expect(await contract.store.nextWake()).toBe(start - 1000);
    });

    test("Is there no next wake when only people are waited for?", async () => {
      expect(await contract.store.nextWake()).toBeNull();
      await contract.add({ wake_at: null });
      await contract.add({ execution_id: "e-2", wake_at: start, open: false });
      await contract.settled();
      expect(await contract.store.nextWake()).toBeNull();
      expect(await contract.store.due({ now: Infinity, limit: 10 })).toEqual([]);
    });
  });
}

function variousHeaders(): ExecutionHeader[] {
  const statuses = ["running", "succeeded", "failed"] as const;
  return Array.from({ length: 60 }, (_, number) => {
    const status = statuses[number % 3] ?? "running";
    return sampleHeader({
      execution_id: `e-${String(number).padStart(2, "0")}`,
      flow_id: number % 4 === 0 ? "onboarding" : "renewal_management",
      customer_id: number % 5 === 0 ? null : `cust-${number % 5}`,
      batch_id: number % 7 === 0 ? `b-${number % 2}` : null,
      parent_id: number % 4 === 1 ? `p-${number % 3}` : null,
      status,
      open: status === "running" || number % 6 === 1,
      started_at: start + Math.floor(number / 3),
    });
  });
}

const maybe = <T>(values: readonly T[]) => option(constantFrom(...values), { nil: undefined });
const anyFilter = record({
  flowId: maybe(["onboarding", "renewal_management", "unknown"]),
  customerId: maybe(["cust-1", "cust-4", "unknown"]),
  batchId: maybe(["b-0", "b-1"]),
  parentId: maybe(["p-0", "p-2"]),
  status: maybe(["running", "succeeded", "failed", "aborted"] as const),
  open: maybe([true, false]),
}).map(({ flowId, customerId, batchId, parentId, status, open }) => ({
  ...(flowId === undefined ? {} : { flowId }),
  ...(customerId === undefined ? {} : { customerId }),
  ...(batchId === undefined ? {} : { batchId }),
  ...(parentId === undefined ? {} : { parentId }),
  ...(status === undefined ? {} : { status }),
  ...(open === undefined ? {} : { open }),
}));

function passes({
  header,
  filter,
}: {
  header: ExecutionHeader;
  filter: Partial<Record<"flowId" | "customerId" | "batchId" | "parentId" | "status", string>> & { open?: boolean };
}): boolean {
  const wanted: [unknown, unknown][] = [
    [filter.flowId, header.flow_id],
    [filter.customerId, header.customer_id],
    [filter.batchId, header.batch_id],
    [filter.parentId, header.parent_id],
    [filter.status, header.status],
    [filter.open, header.open],
  ];
  return wanted.every(([asked, is]) => asked === undefined || asked === is);
}
