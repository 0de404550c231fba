/** An execution's log, event by event: what each one changed. Pure: the same log replays the same way. */
import type { ExecutionEvent, LogEntry } from "../flow/event.ts";
import { begin, evolve, type ExecutionState } from "../flow/execution.ts";
import type { FlowDefinition } from "../flow/flow.ts";

export interface ReplayedEvent {
  /** Of the entry that holds it: what stands in one entry became durable at once. */
  sequence: number;
  at: number;
  type: ExecutionEvent["type"];
  step_id: string | null;
  changes: StatusChange[];
  /** Of the execution, after it. */
  status: ExecutionState["status"];
}

export interface StatusChange {
  step_id: string;
  from: string;
  to: string;
}

/** Throws where the log doesn't begin as one does. */
export function replayed({ definition, entries }: { definition: FlowDefinition; entries: readonly LogEntry[] }): {
  events: ReplayedEvent[];
  state: ExecutionState | null;
} {
  let state: ExecutionState | null = null;
  const events: ReplayedEvent[] = [];
  for (const { sequence, events: inEntry } of entries) {
    for (const event of inEntry) {
      const before: ExecutionState | null = state;
      const after: ExecutionState = before === null ? begin({ definition, event }) : evolve(before, event);
      state = after;
      events.push({
        sequence,
        at: event.at,
        type: event.type,
        step_id: "step_id" in event ? event.step_id : null,
        changes: changesBetween(before, after),
        status: after.status,
      });
    }
    if (state !== null) state = { ...state, sequence };
  }
  return { events, state };
}

function changesBetween(before: ExecutionState | null, after: ExecutionState): StatusChange[] {
  if (before === null) return [];
  return Object.values(after.steps).flatMap(({ id, status }) => {
    const from = before.steps[id]?.status ?? "pending";
    return from === status ? [] : [{ step_id: id, from, to: status }];
  });
}
