/** Any sequence of calls of a store: what two stores must answer alike. */
import * as fc from "fast-check";
import type { StateStore } from "../../src/state/state-store.ts";
import { damaged } from "./contract/contract.ts";
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
} from "./sample-records.ts";

export type Call = (store: StateStore) => Promise<unknown>;

const id = fc.constantFrom("e-1", "e-2", "e-3");
const soon = fc.integer({ min: 0, max: 4 }).map((offset) => start + offset);
const number = fc.integer({ min: 1, max: 5 });
const status = fc.constantFrom("running", "succeeded", "failed");
const nullable = <T>(values: fc.Arbitrary<T>) => fc.option(values);

const header = fc
  .record({
    execution_id: id,
    flow_id: fc.constantFrom("onboarding", "renewal_management"),
    customer_id: nullable(fc.constantFrom("cust-1", "cust-2")),
    batch_id: nullable(fc.constantFrom("b-1", "b-2")),
    parent_id: nullable(fc.constantFrom("e-1", "e-2")),
    status,
    open: fc.boolean(),
    wake_at: nullable(soon),
    started_at: soon,
    ended_at: nullable(soon),
    isDamaged: fc.nat(9).map((number) => number === 0),
  })
  .map(({ isDamaged, ...changes }) => damaged(sampleHeader(changes), isDamaged ? { owner: null } : {}));
const filter = fc.record(
  {
    flowId: fc.constantFrom("onboarding", "renewal_management"),
    customerId: fc.constantFrom("cust-1", "cust-2"),
    batchId: fc.constantFrom("b-1", "b-2"),
    parentId: fc.constantFrom("e-1", "e-2"),
    status,
    open: fc.boolean(),
  },
  { requiredKeys: [] },
);
const batch = fc
  .record({
    batch_id: fc.constantFrom("b-1", "b-2"),
    revision: fc.integer({ min: 1, max: 3 }),
    status: fc.constantFrom("starting", "running", "ended"),
    started_at: soon,
  })
  .map(sampleBatch);
const oneCase = fc
  .record({
    reason: fc.constantFrom("renewal_risk", "churn_risk"),
    customerId: fc.constantFrom("cust-1", "cust-2"),
    revision: fc.integer({ min: 1, max: 3 }),
    status: fc.constantFrom("open", "dismissed", "closed"),
    opened_at: soon,
  })
  .map(({ customerId, ...changes }) =>
    sampleCase({ ...changes, customer: { ...sampleCase().customer, id: customerId } }),
  );
const limit = fc.integer({ min: 1, max: 4 });

/** `auditId`: DynamoDB knows an event again only where it is recorded by itself, so there each has its own. */
export function storeCalls({ auditId }: { auditId: fc.Arbitrary<string> }): fc.Arbitrary<Call>[] {
  const audit = fc.record({ audit_id: auditId, at: soon, execution_id: id }).map(sampleAudit);
  return [
    fc.tuple(header, audit).map(([header, event]): Call => {
      const entry = sampleEntry({ execution_id: header.execution_id });
      return (store) => store.create({ header, entry, audit: [event] });
    }),
    fc.tuple(header, number, fc.boolean(), audit).map(([header, number, withHeader, event]): Call => {
      const entry = sampleEntry({ execution_id: header.execution_id, sequence: number });
      return (store) => store.append({ entry, ...(withHeader ? { header, audit: [event] } : {}) });
    }),
    header.map(
      (header): Call =>
        (store) =>
          store.putHeader({ header }),
    ),
    fc.tuple(id, number).map(
      ([executionId, after]): Call =>
        (store) =>
          store.readLog({ executionId, after }),
    ),
    id.map(
      (executionId): Call =>
        (store) =>
          store.getHeader({ executionId }),
    ),
    fc.tuple(filter, limit).map(
      ([filter, limit]): Call =>
        (store) =>
          twoPages((cursor) => store.list({ filter, limit, cursor })),
    ),
    fc.tuple(soon, limit).map(
      ([now, limit]): Call =>
        (store) =>
          store.due({ now, limit }),
    ),
    fc.constant<Call>((store) => store.nextWake()),
    fc.tuple(batch, audit).map(
      ([batch, event]): Call =>
        (store) =>
          store.createBatch({ batch, audit: [event] }),
    ),
    batch.map(
      (batch): Call =>
        (store) =>
          store.updateBatch({ batch }),
    ),
    batch.map(
      (batch): Call =>
        (store) =>
          store.getBatch({ batchId: batch.batch_id }),
    ),
    fc.constant<Call>((store) => store.openBatches()),
    fc.tuple(fc.nat(1), soon).map(
      ([trigger, fired_until]): Call =>
        (store) =>
          store.putCursor({ cursor: sampleCursor({ trigger, fired_until }) }),
    ),
    fc.nat(1).map(
      (trigger): Call =>
        (store) =>
          store.getCursor({ flowId: "renewal_management", trigger }),
    ),
    fc.tuple(fc.constantFrom("h-1", "h-2", "h-3"), fc.constantFrom("onboarding", "renewal_management"), soon).map(
      ([hash, flow_id, at]): Call =>
        (store) =>
          store.putDefinition({ hash, definition: { ...sampleDefinition, flow_id }, at }),
    ),
    fc.constant<Call>((store) => store.listDefinitions({ flowId: "onboarding" })),
    fc.tuple(fc.constantFrom("k-1", "k-2"), fc.integer({ min: 1, max: 3 }), id).map(
      ([key, revision, execution_id]): Call =>
        (store) =>
          store.putSlots({ slots: sampleSlots({ key, revision, queue: [execution_id] }) }),
    ),
    fc.constant<Call>((store) => store.getSlots({ key: "k-1" })),
    fc.tuple(fc.constantFrom("onboarding", "renewal_management"), fc.integer({ min: 1, max: 3 }), soon).map(
      ([flow_id, revision, at]): Call =>
        (store) =>
          store.putFlowControl({ control: sampleControl({ flow_id, revision, paused: { at, by: null } }) }),
    ),
    fc.constant<Call>((store) => store.flowControls()),
    fc.tuple(oneCase, audit).map(
      ([record, event]): Call =>
        (store) =>
          store.putCase({ record, audit: [event] }),
    ),
    fc.tuple(fc.boolean(), fc.option(fc.constantFrom("cust-1", "cust-2")), limit).map(
      ([open, customerId, limit]): Call =>
        (store) =>
          store.listCases({ filter: { open, ...(customerId === null ? {} : { customerId }) }, limit }),
    ),
    fc.constant<Call>((store) => store.getCase({ caseId: "renewal_risk:cust-1" })),
    fc.tuple(soon, soon, fc.integer({ min: 0, max: 3 })).map(
      ([endedBefore, auditBefore, limit]): Call =>
        (store) =>
          store.removeExpired({ endedBefore, auditBefore, limit }),
    ),
    fc.tuple(fc.constantFrom("k-1", "k-2"), soon, soon).map(
      ([key, now, expiresAt]): Call =>
        (store) =>
          store.claim({ key, now, expiresAt }),
    ),
    audit.map(
      (event): Call =>
        (store) =>
          store.recordAudit({ events: [event] }),
    ),
    fc.tuple(limit, nullable(id)).map(([limit, executionId]): Call => {
      const only = executionId === null ? {} : { executionId };
      return (store) => twoPages((cursor) => store.listAudit({ limit, cursor, ...only }));
    }),
  ];
}

async function twoPages<P extends { next: string | null }>(page: (cursor: string | null) => Promise<P>): Promise<P[]> {
  const first = await page(null);
  return first.next === null ? [first] : [first, await page(first.next)];
}

/** What a call gave, or how it refused: both belong to the contract. */
export async function outcome(asked: Promise<unknown>): Promise<unknown> {
  try {
    return { gave: await asked };
  } catch (error) {
    return error instanceof Error ? { refused: error.name, message: error.message } : { thrown: error };
  }
}
