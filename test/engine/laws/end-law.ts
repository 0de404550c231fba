/** "How an execution ends" (DESIGN §5), and what may be written after it (C2), judged on a log alone. */
import type { ExecutionEvent, LogEntry } from "../../../src/flow/event.ts";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import { isOver, Story } from "./story.ts";

const afterwards: ReadonlySet<ExecutionEvent["type"]> = new Set([
  "redriven",
  "taken_over",
  "card_posted",
  "effect_performed",
  "effect_failed",
  "effect_doubted",
  "doubt_resolved",
  "flow_ended",
]);

export function endProblems(definition: FlowDefinition, entries: LogEntry[]): string[] {
  const story = new Story(definition);
  const problems: string[] = [];
  let drivenAt = 0;
  for (const event of entries.flatMap(({ events }) => events)) {
    if (story.status !== "running" && !afterwards.has(event.type)) problems.push(`${event.type} after the end`);
    if (event.type === "execution_started" || event.type === "redriven") drivenAt = event.at;
    if (event.type === "stop_begun" && event.status === "timed_out") {
      const due = definition.timeout_ms === null ? Infinity : drivenAt + definition.timeout_ms;
      if (event.at < due) problems.push("it times out before its time");
    }
    const problem = problemOf(story, event);
    if (problem !== null) problems.push(problem);
    story.hear(event);
  }
  return problems;
}

function problemOf(story: Story, event: ExecutionEvent): string | null {
  if (event.type === "execution_failed") return failing(story, event.step_id);
  if (event.type === "execution_succeeded") return succeeding(story, event.outcome);
  if (event.type === "execution_aborted") return stopped(story, "aborted");
  return event.type === "execution_timed_out" ? stopped(story, "timed_out") : null;
}

function failedOnes(story: Story): string[] {
  return story.definition.steps
    .filter((step) => story.of(step.id).how === "failed" && !("on_error" in step && step.on_error === "continue"))
    .map(({ id }) => id);
}

function unended(story: Story): string | null {
  const open = [...story.steps].filter(([, { how }]) => !isOver(how)).map(([id]) => id);
  if (open.length > 0) return `it ends while ${open.join(", ")} has not ended`;
  const undone = story.compensating.filter((id) => !isOver(story.of(id).compensation ?? "pending"));
  return undone.length > 0 ? `it ends before ${undone.join(", ")} is taken back` : null;
}

function failing(story: Story, stepId: string | null): string | null {
  if (story.stopping !== null) return "it fails though it was stopped";
  const failed = failedOnes(story);
  if (stepId === null || !failed.includes(stepId)) return `it fails by ${stepId}, of ${failed.join() || "none"}`;
  return unended(story);
}

/** `rejected` if an approval was; else `expired`; else nothing, if a condition was false and nothing left; else completed. */
function succeeding(story: Story, outcome: string): string | null {
  if (story.stopping !== null) return "it succeeds though it was stopped";
  const failed = failedOnes(story);
  if (failed.length > 0) return `it succeeds though ${failed.join()} failed`;
  const all = [...story.steps.values()];
  const isNothing = all.some(({ reason }) => reason === "condition") && !story.hasPerformed;
  const expected = all.some(({ decision }) => decision === "rejected")
    ? "rejected"
    : all.some(({ decision }) => decision === "expired")
      ? "expired"
      : isNothing
        ? "nothing_to_do"
        : "completed";
  // Whether what was taken back counts as done, the text doesn't say.
  const isOpenQuestion = story.wasTakenBack && outcome === "nothing_to_do" && expected === "completed";
  if (outcome !== expected && !isOpenQuestion) return `its outcome is ${outcome}, not ${expected}`;
  return unended(story);
}

function stopped(story: Story, status: "aborted" | "timed_out"): string | null {
  if (story.stopping?.status !== status) return `it is ${status} though nothing stopped it so`;
  return unended(story);
}
