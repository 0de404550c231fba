/**
 * The statement behind a list of executions. The index is named, not left to the planner: without statistics it would
 * read all executions of a flow to find those of one customer. SQLite refuses a named index that can't serve.
 */
import type { SQLInputValue } from "node:sqlite";
import type { Position } from "../position.ts";
import type { ExecutionFilter } from "../state-store.ts";

export interface ListQuery {
  sql: string;
  values: SQLInputValue[];
}

export function listQuery({ filter, before }: { filter: ExecutionFilter; before: Position | null }): ListQuery {
  const conditions = conditionsOf(filter);
  if (before !== null) conditions.push(["(started_at, execution_id) < (?, ?)", [before.at, before.id]]);
  const where = conditions.length === 0 ? "" : ` WHERE ${conditions.map(([text]) => text).join(" AND ")}`;
  return {
    sql: `SELECT execution_id, record FROM executions INDEXED BY ${indexFor(filter)}${where} ORDER BY started_at DESC, execution_id DESC`,
    values: conditions.flatMap(([, values]) => values),
  };
}

function conditionsOf(filter: ExecutionFilter): [text: string, values: SQLInputValue[]][] {
  const columns: [column: string, value: SQLInputValue | undefined][] = [
    ["flow_id", filter.flowId],
    ["customer_id", filter.customerId],
    ["batch_id", filter.batchId],
    ["parent_id", filter.parentId],
    ["status", filter.status],
    ["open", filter.open === undefined ? undefined : Number(filter.open)],
  ];
  return columns.flatMap(([column, value]) => (value === undefined ? [] : [[`${column} = ?`, [value]]]));
}

/** The narrowest first: an execution has few sub-flows, a customer few executions, a batch some thousands; few are open of all that have ended. */
function indexFor({ flowId, customerId, batchId, parentId, status, open }: ExecutionFilter): string {
  if (parentId !== undefined) return "executions_parent";
  if (customerId !== undefined) return "executions_customer";
  if (batchId !== undefined) return "executions_batch";
  const scope = flowId === undefined ? "executions" : "executions_flow";
  if (open === true) return `${scope}_open`;
  if (status !== undefined) return `${scope}_status`;
  if (open === false) return `${scope}_open`;
  return flowId === undefined ? "executions_all" : "executions_flow";
}
