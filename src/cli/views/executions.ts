/** Executions as `status` lists them: for programs in the shape of DESIGN §6, for people in rows. */
import type { ExecutionHeader, WaitingFor } from "../../flow/record.ts";
import { isoOrNull, iso, moment } from "../moment.ts";
import type { Mark, Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import { table } from "../table.ts";

export function executionDocument(header: ExecutionHeader, timezone: string) {
  return {
    execution_id: header.execution_id,
    flow_id: header.flow_id,
    flow_version: header.flow_version,
    customer_id: header.customer_id,
    customer_name: header.customer_name,
    status: header.status,
    outcome: header.outcome,
    waiting_for: header.waiting_for.map((wait) => waitingDocument(wait, timezone)),
    started_at: iso(header.started_at, timezone),
    ended_at: isoOrNull(header.ended_at, timezone),
    batch_id: header.batch_id,
    parent_id: header.parent_id,
  };
}

function waitingDocument({ kind, step_id, people, since, until, execution_id }: WaitingFor, timezone: string) {
  return { kind, step_id, people, since: iso(since, timezone), until: isoOrNull(until, timezone), execution_id };
}

export function executionTable(paper: Paper, headers: readonly ExecutionHeader[], timezone: string): string {
  const heads = ["EXECUTION", "FLOW", "CUSTOMER", "STATUS", "WAITS FOR", `STARTED (${timezone})`];
  const rows = headers.map((header) => [
    header.execution_id,
    `${header.flow_id} ${plain(header.flow_version)}`,
    plain(header.customer_name ?? header.customer_id ?? ""),
    paper.mark(statusMark(header), statusWords(header)),
    header.waiting_for.map((wait) => waitingWords(wait, timezone)).join("; "),
    moment(header.started_at, timezone),
  ]);
  return table(paper, { heads, rows });
}

/** "running", "succeeded, rejected", "timed out". */
export function statusWords({ status, outcome }: Pick<ExecutionHeader, "status" | "outcome">): string {
  return [status, outcome]
    .filter((word) => word !== null)
    .join(", ")
    .replaceAll("_", " ");
}

export function statusMark({ status, waiting_for }: Pick<ExecutionHeader, "status" | "waiting_for">): Mark {
  switch (status) {
    case "running":
      return waiting_for.some(({ kind }) => kind === "doubt") ? "red" : "yellow";
    case "succeeded":
      return "green";
    case "failed":
    case "timed_out":
    case "aborted":
      return "red";
    default:
      return status satisfies never;
  }
}

/** "approve: Dana Reyes or a RevOps lead, until 2026-12-04 09:00". */
export function waitingWords(wait: WaitingFor, timezone: string): string {
  const until = wait.until === null ? "" : `, until ${moment(wait.until, timezone)}`;
  return `${wait.step_id === "" ? "" : `${wait.step_id}: `}${whatFor(wait)}${until}`;
}

function whatFor({ kind, people, execution_id }: WaitingFor): string {
  const anybody = plain(new Intl.ListFormat("en", { type: "disjunction" }).format(people));
  switch (kind) {
    case "approval":
      return anybody === "" ? "a decision" : anybody;
    case "doubt":
      return `whether it was sent is in doubt${anybody === "" ? "" : `, ${anybody} can say`}`;
    case "retry":
      return "the next attempt";
    case "held":
      return anybody === "" ? "working time" : `the working time of ${anybody}`;
    case "wait":
      return "a time";
    case "flow":
      return execution_id === null ? "a sub-flow" : `the sub-flow ${execution_id}`;
    case "queue":
      return execution_id === null ? "its turn" : `its turn, behind ${execution_id}`;
    default:
      return kind satisfies never;
  }
}
