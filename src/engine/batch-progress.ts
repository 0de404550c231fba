/** What a batch's one message says, counted from the headers of its executions. Pure. */
import type { BatchCard } from "../flow/card.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type { Batch, ExecutionHeader } from "../flow/record.ts";

export function batchCard(parameters: {
  batch: Batch;
  definition: FlowDefinition;
  timezone: string;
  headers: Iterable<ExecutionHeader>;
  /** All have ended, though the record does not say so yet. */
  ending: boolean;
}): BatchCard {
  const { batch, definition, timezone } = parameters;
  const headers = [...parameters.headers];
  const { started_by } = batch;
  return {
    kind: "batch",
    batchId: batch.batch_id,
    flowId: batch.flow_id,
    flowVersion: definition.version,
    timezone,
    startedAt: batch.started_at,
    requestedBy: started_by.type === "manual" ? started_by.person : null,
    scheduledAt: started_by.type === "schedule" ? started_by.scheduled_at : null,
    matched: batch.customer_ids.length,
    total: batch.customers_total,
    alreadyRunning: Object.keys(batch.already_running).length,
    started: headers.length,
    counts: countsOf(headers),
    listed: headers.flatMap(({ waiting_for }) => waiting_for.filter(({ listed }) => listed)).length,
    waitingFor: waitingCounts(headers),
    ended: parameters.ending || batch.status === "ended",
  };
}

type Counted = keyof BatchCard["counts"];

function countsOf(headers: ExecutionHeader[]): BatchCard["counts"] {
  const counts: BatchCard["counts"] = {
    running: 0,
    queued: 0,
    waiting_for_approval: 0,
    in_doubt: 0,
    completed: 0,
    rejected: 0,
    expired: 0,
    nothing_to_do: 0,
    failed: 0,
  };
  for (const header of headers) counts[placeOf(header)] += 1;
  return counts;
}

function placeOf(header: ExecutionHeader): Counted {
  if (header.status === "succeeded") return header.outcome ?? "completed";
  if (header.status !== "running") return "failed";
  if (header.waiting_for.some(({ kind }) => kind === "doubt")) return "in_doubt";
  if (header.waiting_for.some(({ kind }) => kind === "approval")) return "waiting_for_approval";
  return header.waiting_for.some(({ kind }) => kind === "queue") ? "queued" : "running";
}

function waitingCounts(headers: ExecutionHeader[]): BatchCard["waitingFor"] {
  const counts = new Map<string, number>();
  for (const { waiting_for } of headers) {
    // The first named is the one the flow means; the others may decide as well.
    for (const { kind, people } of waiting_for) {
      if (kind === "approval" && people[0] !== undefined) counts.set(people[0], (counts.get(people[0]) ?? 0) + 1);
    }
  }
  return [...counts].map(([name, count]) => ({ name, count })).toSorted((one, other) => other.count - one.count);
}
