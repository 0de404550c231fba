/** D6: what an execution may cost in writes, by what its log says that it has been through. */
import type { ExecutionEvent } from "../../../src/flow/event.ts";

/** Of one event, beyond the three that each execution may have. */
const costs: Partial<Record<ExecutionEvent["type"], number>> = {
  step_succeeded: 1,
  step_failed: 1,
  step_skipped: 1,
  /** Before the effect; its result is a step's. Where several leave together, each may be heard of alone. */
  effect_begun: 1,
  effects_planned: 1,
  effect_performed: 1,
  effect_failed: 1,
  effect_doubted: 2,
  doubt_resolved: 2,
  attempt_failed: 2,
  approval_requested: 3,
  approval_edited: 2,
  approval_reminded: 2,
  approval_escalated: 2,
  vote_cast: 1,
  /** Parked. */
  wait_started: 1,
  wait_ended: 1,
  flow_started: 2,
  flow_ended: 1,
  execution_queued: 1,
  execution_admitted: 1,
  /** Its card, and the mail. */
  execution_failed: 2,
  execution_timed_out: 2,
  redriven: 2,
  stop_begun: 1,
};

export function mayCost(events: readonly ExecutionEvent[]): number {
  return events.reduce((sum, { type }) => sum + (costs[type] ?? 0), 3);
}
