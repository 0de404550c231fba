/**
 * Every field of the flow language, on the embedded engine and on Step Functions: yes, or yes with a difference, which may be that
 * some of its values are refused. A test holds it to the language's schema and to the compiler; docs/step-functions.md prints it.
 */

export type OnStepFunctions = { is: "same" } | { is: "different"; how: string };

export interface Feature {
  /** As in the schema: `trigger.overlap`, `steps.when`; with a value where only that is meant. */
  field: string;
  value?: string;
  embedded: string;
  stepFunctions: OnStepFunctions;
}

const same: OnStepFunctions = { is: "same" };
const different = (how: string): OnStepFunctions => ({ is: "different", how });

export const features: readonly Feature[] = [
  { field: "flow_id", embedded: "names the flow", stepFunctions: same },
  { field: "version", embedded: "an execution keeps the one it began with", stepFunctions: same },
  { field: "description", embedded: "for people", stepFunctions: different("stands in no state machine") },
  { field: "extends", embedded: "starts from another flow", stepFunctions: different("compiled as it comes out") },
  {
    field: "remove",
    embedded: "leaves steps of the other flow out",
    stepFunctions: different("compiled as it comes out"),
  },
  { field: "input", embedded: "checked at the start", stepFunctions: same },
  {
    field: "timeout",
    embedded: "ends the execution, and tells who asked to be told",
    stepFunctions: different(
      "ends it without a state after it: nothing inside a machine catches that, the app tells of it when it looks, after half a minute or more",
    ),
  },
  {
    field: "concurrency",
    embedded: "what is over the limit queues",
    stepFunctions: different(
      "the app gives places on, so only while it runs; the flow's timeout begins anew with the turn of what the app has held back",
    ),
  },
  { field: "trigger", embedded: "what starts the flow", stepFunctions: same },
  { field: "triggers", embedded: "several of them", stepFunctions: same },
  {
    field: "trigger.type",
    embedded: "schedule, event, manual",
    stepFunctions: different("a schedule is EventBridge Scheduler's; events and people come through the app"),
  },
  { field: "trigger.schedule", embedded: "EventBridge's syntax", stepFunctions: different("fires within the minute") },
  { field: "trigger.timezone", embedded: "IANA", stepFunctions: same },
  {
    field: "trigger.filter",
    embedded: "one execution for each customer that matches",
    stepFunctions: different(
      "a second machine, FLOW_batch, finds them page by page and starts their executions; the app shows its message and counts, and waits an hour at most for who can't be started",
    ),
  },
  { field: "trigger.event", embedded: "by POST /events/NAME", stepFunctions: same },
  {
    field: "trigger.catch_up",
    embedded: "after the app was down",
    stepFunctions: different("nothing to catch up: EventBridge Scheduler fires while the app is down"),
  },
  {
    field: "trigger.jitter",
    embedded: "a later instant, the same in every process",
    stepFunctions: different("a flexible window of whole minutes, at most a day"),
  },
  {
    field: "trigger.overlap",
    embedded: "what a start does while one runs",
    stepFunctions: different(
      "skip is checked again as an execution begins; one that a schedule has started by then ends as failed in AWS's console, and nowhere else",
    ),
  },
  {
    field: "trigger.overlap",
    value: "queue",
    embedded: "waits for its turn",
    stepFunctions: different("the app gives places on, as with concurrency"),
  },
  { field: "error_handling", embedded: "for all steps", stepFunctions: same },
  { field: "error_handling.default_strategy", embedded: "retry, fail, continue", stepFunctions: same },
  { field: "error_handling.retry_count", embedded: "retries of each step", stepFunctions: same },
  {
    field: "error_handling.failure_notification",
    embedded: "who gets a mail",
    stepFunctions: different("an address or a plain path; an expression that may fail is refused"),
  },
  { field: "steps", embedded: "up to 500", stepFunctions: different("as many as fit into a machine of 1 MiB") },
  {
    field: "steps.id",
    embedded: "names the step",
    stepFunctions: different("names its state; states around it say it in words, such as “approve timed out”"),
  },
  { field: "steps.type", embedded: "agent, approval, wait, flow", stepFunctions: same },
  {
    field: "steps.depends_on",
    embedded: "a step begins as soon as what it depends on has ended",
    stepFunctions: different(
      "the same order; where sequences and branches can't say a graph, a wait is added and reported. A step whose dependency has closed it is skipped only once the others have ended",
    ),
  },
  {
    field: "steps.when",
    embedded: "a condition",
    stepFunctions: different(
      "$now is the moment of the state; regular expressions are JavaScript's, and what they read otherwise is refused",
    ),
  },
  {
    field: "steps.due",
    embedded: "the instant that a step was meant for",
    stepFunctions: different("an instant with its offset; a day, or a local time, is refused, or fails the step"),
  },
  {
    field: "steps.late",
    embedded: "run, skip, shift",
    stepFunctions: different("shift doesn't see the recipients of a step that repeats"),
  },
  { field: "steps.agent", embedded: "whose action it is", stepFunctions: same },
  { field: "steps.action", embedded: "what it does", stepFunctions: same },
  {
    field: "steps.parameters",
    embedded: "values, with expressions",
    stepFunctions: different(
      "parameters, outputs and all results together are bound to 256 KiB; above that the service ends the execution, and nothing can catch it (States.DataLimitExceeded)",
    ),
  },
  {
    field: "steps.retry",
    embedded: "max_attempts, interval, backoff_rate, max_interval, jitter, on",
    stepFunctions: different(
      "whole seconds, one at least (reported); what the far side asks to wait (Retry-After) isn't heard",
    ),
  },
  {
    field: "steps.timeout",
    embedded: "of each attempt; of an approval and a sub-flow the whole",
    stepFunctions: different("whole seconds, rounded up (reported)"),
  },
  {
    field: "steps.on_error",
    embedded: "fail, continue, compensate",
    stepFunctions: different(
      "of several failures the first along the graph is named; while something is to be taken back, an approval that is open already stays open",
    ),
  },
  {
    field: "steps.compensate",
    embedded: "takes the step back, what ended last first",
    stepFunctions: different("last first along the graph, as a machine doesn't know when its steps ended"),
  },
  {
    field: "steps.for_each",
    embedded: "for each item of a list, up to 1,000",
    stepFunctions: different(
      "the first item that fails cuts off those under way; of the execution agent's, what has gone out stays recorded",
    ),
  },
  { field: "steps.max_concurrency", embedded: "items at once", stepFunctions: different("40 at most (reported)") },
  { field: "steps.approvers", embedded: "who may decide", stepFunctions: same },
  { field: "steps.quorum", embedded: "how many have to approve", stepFunctions: same },
  { field: "steps.reason_required", embedded: "for approve, for reject", stepFunctions: same },
  { field: "steps.requester_may_decide", embedded: "who started it", stepFunctions: same },
  {
    field: "steps.on_timeout",
    embedded: "expire, approve, escalate",
    stepFunctions: different("a decision that comes as the time runs out counts if it is recorded first"),
  },
  {
    field: "steps.editable",
    embedded: "what approvers may change",
    stepFunctions: different("two approvals that don't follow each other can't have the same field (refused)"),
  },
  {
    field: "steps.remind_after",
    embedded: "a reminder",
    stepFunctions: different("from the app's timers, so only while it runs"),
  },
  {
    field: "steps.escalate",
    embedded: "to others, after a time",
    stepFunctions: different("after a time: from the app's timers; at the timeout: the machine's"),
  },
  {
    field: "steps.duration",
    embedded: "how long a wait takes",
    stepFunctions: different("whole seconds, rounded up (reported); a year at most"),
  },
  {
    field: "steps.until",
    embedded: "an instant, a local time or a day",
    stepFunctions: different("an instant with its offset; a day, or a local time, is refused, or fails the step"),
  },
  {
    field: "steps.flow_id",
    embedded: "another flow, as an execution of its own",
    stepFunctions: different(
      "a nested execution under the same derived id; after a timeout of its step the app ends it; one of a list isn't named by its parent",
    ),
  },
  { field: "steps.input", embedded: "what the other flow is given", stepFunctions: same },
];

/** As docs/step-functions.md has it between its markers. */
export function featureTable(): string {
  const rows = features.map(({ field, value, embedded, stepFunctions }) => {
    const name = `\`${field}${value === undefined ? "" : `: ${value}`}\``;
    return `| ${name} | ${embedded} | ${wordsOf(stepFunctions)} |`;
  });
  return ["| field | embedded engine | Step Functions |", "| --- | --- | --- |", ...rows].join("\n");
}

function wordsOf(on: OnStepFunctions): string {
  switch (on.is) {
    case "same":
      return "yes";
    case "different":
      return `yes; ${on.how}`;
    default:
      return on satisfies never;
  }
}
