/**
 * The indexes of the table. All are sparse: an item stands in one only while it has both of its attributes. Most hold keys
 * alone, so that a changed header costs a write there only where its place changes; what is listed is read from the table.
 */
export interface Index {
  name: string;
  pk: string;
  sk: string;
  /** Attributes beside the keys. */
  holds: readonly string[];
}

const byStart = (name: string): Index => ({ name, pk: `${name}_pk`, sk: "started", holds: [] });

export const indexes = {
  /** Executions by status. */
  state: byStart("state"),
  /** Executions by flow and status, and the versions of a flow. */
  flow: byStart("flow"),
  customer: byStart("customer"),
  batch: byStart("batch"),
  parent: byStart("parent"),
  /** What is looked for by its time: wake-ups, ended executions, open and ended batches. */
  time: { name: "time", pk: "time_pk", sk: "time_sk", holds: ["header"] },
  audit: { name: "audit", pk: "audit_pk", sk: "audit_sk", holds: ["audit"] },
} as const satisfies Record<string, Index>;
