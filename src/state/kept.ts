/** Records as the memory store keeps them: text beside what lists sort and filter by. */
import { Case, caseId } from "../flow/case.ts";
import { FlowDefinition } from "../flow/flow.ts";
import { AuditEvent, Batch, ExecutionHeader, FlowControl } from "../flow/record.ts";
import { comparePositions, type Position } from "./position.ts";
import { decode, encode } from "./record-codec.ts";
import type { StoredDefinition } from "./state-store.ts";

export interface Kept<Key> {
  key: Key;
  text: string;
}

export const startOf = (header: ExecutionHeader) => ({ at: header.started_at, id: header.execution_id });
export const endOf = (header: ExecutionHeader) => ({ at: header.ended_at ?? Infinity, id: header.execution_id });
export const wakeOf = (header: ExecutionHeader) => ({ at: header.wake_at ?? Infinity, id: header.execution_id });
export const batchStart = (batch: Batch) => ({ at: batch.started_at, id: batch.batch_id });
export const auditPosition = (event: AuditEvent) => ({ at: event.at, id: event.audit_id });
export const storedPosition = ({ hash, storedAt }: { hash: string; storedAt: number }) => ({ at: storedAt, id: hash });

/** D2: revision n + 1 over revision n, the first over none. */
export function putRevision<Key extends { revision: number }>({
  kept,
  key,
  record,
}: {
  kept: Map<string, Kept<Key>>;
  key: string;
  record: Key;
}): boolean {
  if ((kept.get(key)?.key.revision ?? 0) !== record.revision - 1) return false;
  kept.set(key, { key: { ...record }, text: encode(record) });
  return true;
}

/** Ids of the first `limit` records that are over. */
export function earliest<Key>({
  kept,
  positionOf,
  isOver,
  limit,
}: {
  kept: Map<string, Kept<Key>>;
  positionOf: (key: Key) => Position;
  isOver: (key: Key) => boolean;
  limit: number;
}): string[] {
  return [...kept.values()]
    .filter(({ key }) => isOver(key))
    .map(({ key }) => positionOf(key))
    .toSorted(comparePositions)
    .slice(0, limit)
    .map(({ id }) => id);
}

export function readDefinition({ key, text }: Kept<{ hash: string; storedAt: number }>): StoredDefinition {
  const definition = decode({ schema: FlowDefinition, text, name: `the definition ${key.hash}` });
  return { hash: key.hash, definition, storedAt: key.storedAt };
}

export function readControl({ key, text }: Kept<FlowControl>): FlowControl {
  return decode({ schema: FlowControl, text, name: `what was said about the flow ${key.flow_id}` });
}

export function readHeader({ key, text }: Kept<ExecutionHeader>): ExecutionHeader {
  return decode({ schema: ExecutionHeader, text, name: `the header of execution ${key.execution_id}` });
}

export function readBatch({ key, text }: Kept<Batch>): Batch {
  return decode({ schema: Batch, text, name: `the batch ${key.batch_id}` });
}

export function readCase({ key, text }: Kept<Case>): Case {
  const id = caseId({ reason: key.reason, customerId: key.customer.id });
  return decode({ schema: Case, text, name: `the case ${id}` });
}

export function readAudit({ key, text }: Kept<AuditEvent>): AuditEvent {
  return decode({ schema: AuditEvent, text, name: `the audit event ${key.audit_id}` });
}
