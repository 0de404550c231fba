/** What happens to an execution as a whole, as lines of its history. */
import type { EventOf } from "../flow/event.ts";
import type { ExecutionState } from "../flow/execution.ts";
import type { Person } from "../flow/person.ts";
import { both, unended } from "./explain-words.ts";
import { startedByWords } from "./started-by.ts";
import type { Told } from "./timeline-line.ts";

export type WholeEvent = EventOf<
  | "execution_started"
  | "taken_over"
  | "execution_queued"
  | "execution_admitted"
  | "execution_succeeded"
  | "execution_failed"
  | "stop_begun"
  | "compensation_begun"
  | "execution_timed_out"
  | "execution_aborted"
  | "redriven"
  | "case_noted"
  | "service_told"
  | "service_unheard"
>;

export function tellExecution(event: WholeEvent, after: ExecutionState): Told {
  switch (event.type) {
    case "execution_started":
      return tellStart(event, after);
    case "taken_over":
      return {
        text: "Another process took it over.",
        details: { owner: event.owner, epoch: event.epoch },
      };
    case "execution_queued":
      return { text: "It queues: others with the same key run.", details: { keys: event.keys } };
    case "execution_admitted":
      return { text: "Its turn has come." };
    case "execution_succeeded":
      return { text: `Succeeded: ${event.outcome.replaceAll("_", " ")}.`, details: { outcome: event.outcome } };
    case "execution_failed": {
      const { failure, step_id } = event;
      const where = step_id === null ? "" : ` at ${step_id}`;
      return { text: `Failed${where}: ${failure.error}: ${unended(failure.cause)}.`, details: { failure } };
    }
    case "stop_begun": {
      const { status, by, compensate } = event;
      const how = status === "aborted" ? `${who(by)} aborted it` : "Its time ran out";
      const back = compensate ? "; what it did is taken back first" : "";
      return { text: `${how}: what was under way is cut off${back}.`, details: { status, by: byOf(by), compensate } };
    }
    case "compensation_begun":
      return { text: `What was done is taken back: ${both(event.step_ids)}.`, details: { steps: event.step_ids } };
    case "execution_timed_out":
      return { text: "Timed out." };
    case "execution_aborted":
      return { text: "Aborted.", details: { by: byOf(event.by) } };
    case "redriven":
      return tellRedrive(event);
    case "case_noted": {
      const { note } = event;
      const score = note.score === null ? "without an assessment" : `at ${note.score.toFixed(2)}`;
      return { text: `Its case ${note.case_id} is ${note.transition}, day ${note.day}, ${score}.`, details: { note } };
    }
    case "service_told": {
      const { what, name } = event;
      const text = what === "start" ? `Step Functions runs it as ${name}.` : `Step Functions was told to stop ${name}.`;
      return { text, details: { name } };
    }
    case "service_unheard": {
      const { failure } = event;
      return { text: `${unended(failure.cause)}. It is tried again.`, details: { failure } };
    }
    default:
      return event satisfies never;
  }
}

function tellStart(event: EventOf<"execution_started">, after: ExecutionState): Told {
  const about = event.customer === null ? "" : ` for ${event.customer.name}`;
  const { definition_hash, flow_version, batch_id, started_by, timezone } = event;
  const own = {
    definition_hash,
    flow_version,
    batch_id,
    timezone,
    started_by,
    customer_id: event.customer?.id ?? null,
  };
  return { text: `Started${about} by ${startedByWords(after)}.`, input: event.input, details: own };
}

function tellRedrive({ by, steps, input }: EventOf<"redriven">): Told {
  const what = steps === null ? "what had not succeeded starts again" : `${both(steps)} ${verb(steps)} again`;
  const changed = input === null ? "" : ", with another input";
  const text = `${who(by)} redrove it: ${what}${changed}.`;
  return { text, details: { by: byOf(by), steps }, ...(input === null ? {} : { input }) };
}

function verb(steps: readonly string[]): string {
  return steps.length === 1 ? "starts" : "start";
}

function who(person: Person | null): string {
  return person?.name ?? "A program";
}

function byOf(person: Person | null) {
  return person === null ? null : { ...person };
}
