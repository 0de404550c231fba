/**
 * The history of one execution: its log told as lines, in the log's own order. Pure.
 *
 * - H1. A line holds no secret (T3), and of a long value only its beginning, which is said.
 * - H2. Times never go back: where a clock did, the line stands at the time of the one above it and says what was recorded.
 * - H3. What only the machinery needs isn't told: where a card stands.
 */
import type { ExecutionEvent, LogEntry } from "../flow/event.ts";
import { begin, evolve, type ExecutionState } from "../flow/execution.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type { Json } from "../flow/json.ts";
import { redact, redactText } from "./redact.ts";
import { tellApproval } from "./timeline-approval.ts";
import { tellEffect } from "./timeline-effect.ts";
import { tellExecution } from "./timeline-execution.ts";
import type { History, HistoryLine, Shown, Told } from "./timeline-line.ts";
import { tellStep } from "./timeline-step.ts";

/** Of the JSON of one input or output. */
export const mostCharacters = 2_000;

/** Null: the log is empty. */
export function timeline(log: { definition: FlowDefinition; entries: readonly LogEntry[] }): History | null {
  const lines: HistoryLine[] = [];
  let state: ExecutionState | null = null;
  for (const { events, sequence } of log.entries) {
    for (const event of events) {
      const before: ExecutionState | null = state;
      state = before === null ? begin({ definition: log.definition, event }) : evolve(before, event);
      const told = tell({ event, before: before ?? state, after: state });
      if (told !== null) lines.push(line({ event, sequence, told, above: lines.at(-1)?.at ?? event.at }));
    }
  }
  return state === null ? null : { ...headOf(state), lines };
}

function headOf(state: ExecutionState): Omit<History, "lines"> {
  return {
    execution_id: state.executionId,
    flow_id: state.flowId,
    flow_version: state.flowVersion,
    customer_name: state.customer?.name ?? null,
    status: state.status,
    outcome: state.outcome,
    started_at: state.startedAt,
    ended_at: state.endedAt,
  };
}

function tell(moment: { event: ExecutionEvent; before: ExecutionState; after: ExecutionState }): Told | null {
  const { event, before, after } = moment;
  switch (event.type) {
    case "execution_started":
    case "taken_over":
    case "execution_queued":
    case "execution_admitted":
    case "execution_succeeded":
    case "execution_failed":
    case "stop_begun":
    case "compensation_begun":
    case "execution_timed_out":
    case "execution_aborted":
    case "redriven":
    case "case_noted":
    case "service_told":
    case "service_unheard":
      return tellExecution(event, after);
    case "step_skipped":
    case "step_started":
    case "items_found":
    case "wait_started":
    case "wait_ended":
    case "flow_started":
    case "flow_ended":
    case "attempt_lost":
    case "attempt_failed":
    case "step_succeeded":
    case "step_failed":
      return tellStep(event, before);
    case "effects_planned":
    case "effect_begun":
    case "effect_performed":
    case "effect_failed":
    case "effect_doubted":
    case "effect_held":
    case "doubt_resolved":
      return tellEffect(event, before);
    case "approval_requested":
    case "approval_edited":
    case "approval_reminded":
    case "approval_escalated":
    case "vote_cast":
    case "approval_ended":
    case "approval_kept":
      return tellApproval(event, after);
    case "card_posted":
    // A token is a secret of the service's, and what it waits for stands in the lines of the approval or the doubt.
    case "token_kept":
    case "token_answered":
      return null;
    default:
      return event satisfies never;
  }
}

function line(parts: { event: ExecutionEvent; sequence: number; told: Told; above: number }): HistoryLine {
  const { event, sequence, told, above } = parts;
  const clock = event.at < above ? { recorded_at: event.at } : {};
  const details = Object.entries({ ...told.details, ...clock }).map(([name, value]) => [name, redact(value)]);
  return {
    at: Math.max(event.at, above),
    sequence,
    kind: event.type,
    step_id: "step_id" in event ? event.step_id : null,
    part: "part" in event ? (event.part ?? null) : null,
    text: redactText(told.text),
    input: told.input === undefined ? null : shown(told.input),
    output: told.output === undefined ? null : shown(told.output),
    details: Object.fromEntries(details),
  };
}

function shown(value: Json): Shown {
  const clean = redact(value);
  const json = JSON.stringify(clean);
  if (json.length <= mostCharacters) return { capped: false, value: clean };
  return { capped: true, beginning: json.slice(0, mostCharacters).toWellFormed(), characters: json.length };
}
