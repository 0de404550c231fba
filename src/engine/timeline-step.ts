/** What happens to a step, its items and its compensation, as lines of a history. */
import { formatDuration } from "../flow/duration.ts";
import type { EventOf, SkipReason } from "../flow/event.ts";
import type { ExecutionState, Work } from "../flow/execution.ts";
import { workAt } from "./decide/work.ts";
import { unended } from "./explain-words.ts";
import { stepDefinition } from "./readiness.ts";
import { instant } from "./refusal.ts";
import type { Told } from "./timeline-line.ts";
import { afterWords, partName, usageDetails, usageWords } from "./timeline-words.ts";

export type StepLineEvent = EventOf<
  | "step_skipped"
  | "step_started"
  | "items_found"
  | "wait_started"
  | "wait_ended"
  | "flow_started"
  | "flow_ended"
  | "attempt_lost"
  | "attempt_failed"
  | "step_succeeded"
  | "step_failed"
>;

export function tellStep(event: StepLineEvent, before: ExecutionState): Told {
  const name = partName(event);
  switch (event.type) {
    case "step_skipped":
      return { text: `${name} was skipped: ${skips[event.reason]}.`, details: { reason: event.reason } };
    case "step_started": {
      const { attempt, parameters } = event;
      return { text: `${name} began${numbered(attempt)}.`, input: parameters, details: { attempt } };
    }
    case "items_found": {
      const { length } = event.items;
      return { text: `${name} repeats for ${length} ${length === 1 ? "item" : "items"}.`, input: event.items };
    }
    case "wait_started":
      return { text: `${name} waits until ${instant(event.until, before)}.`, details: { until: event.until } };
    case "wait_ended":
      return { text: `${name} has waited for its working hour.` };
    case "flow_started":
      return tellChild(event, before, `${name} started`);
    case "flow_ended":
      return tellChild(event, before, `${name} has heard of the end of`);
    case "attempt_lost": {
      const { attempt } = event;
      return { text: `${name} lost attempt ${attempt}: its process died or was cut off.`, details: { attempt } };
    }
    case "attempt_failed":
      return tellFailedAttempt(event, name);
    case "step_succeeded": {
      const took = afterWords(workOf(event, before), event.at);
      const text = `${name} succeeded${took}${usageWords(event)}.`;
      return { text, output: event.output, details: usageDetails(event) };
    }
    case "step_failed": {
      const { failure } = event;
      return { text: `${name} failed: ${failure.error}: ${unended(failure.cause)}.`, details: { failure } };
    }
    default:
      return event satisfies never;
  }
}

const skips: Readonly<Record<SkipReason, string>> = {
  condition: "its condition was not met",
  upstream: "a step before it let nothing through",
  late: "it came too late",
};

/** The first needs no number. */
function numbered(attempt: number): string {
  return attempt === 1 ? "" : `, attempt ${attempt}`;
}

function workOf(event: EventOf<"step_succeeded">, state: ExecutionState): Work | null {
  return workAt(state, { stepId: event.step_id, part: event.part ?? null });
}

function tellFailedAttempt(event: EventOf<"attempt_failed">, name: string): Told {
  const { attempt, failure, retry_at, at } = event;
  const next = retry_at === null ? "is not tried again" : `the next begins in ${formatDuration(retry_at - at)}`;
  const text = `${name}: attempt ${attempt} failed with ${failure.error}: ${unended(failure.cause)}; ${next}${usageWords(event)}.`;
  return { text, details: { attempt, failure, retry_at, ...usageDetails(event) } };
}

function tellChild(event: EventOf<"flow_started" | "flow_ended">, before: ExecutionState, doing: string): Told {
  const { execution_id, step_id } = event;
  const step = stepDefinition(before, step_id);
  const of = step.kind === "flow" ? ` of ${step.flow_id}` : "";
  return { text: `${doing} the execution ${execution_id}${of}.`, details: { execution_id } };
}
