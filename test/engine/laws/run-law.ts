/**
 * "When a step runs" (DESIGN §5), judged on a log alone: whatever begins had the right to, whatever is skipped had a reason.
 * Each problem is a sentence.
 */
import type { ExecutionEvent, LogEntry, StepPart } from "../../../src/flow/event.ts";
import type { FlowDefinition, Step } from "../../../src/flow/flow.ts";
import { isOver, Story } from "./story.ts";

export function runProblems(definition: FlowDefinition, entries: LogEntry[]): string[] {
  const story = new Story(definition);
  const problems: string[] = [];
  for (const event of entries.flatMap(({ events }) => events)) {
    const problem = problemOf(story, event);
    if (problem !== null) problems.push(problem);
    story.hear(event);
  }
  return problems;
}

const others: ReadonlySet<ExecutionEvent["type"]> = new Set([
  "items_found",
  "wait_started",
  "approval_requested",
  "approval_kept",
]);

function problemOf(story: Story, event: ExecutionEvent): string | null {
  if (event.type === "step_started") return beginning(story, event.step_id, event.part ?? null, "starts");
  if (event.type === "step_skipped") return skipping(story, event.step_id, event.reason);
  if (event.type === "compensation_begun") return takingBack(story, event.step_ids);
  return others.has(event.type) && "step_id" in event && event.step_id !== null
    ? beginning(story, event.step_id, null, event.type)
    : null;
}

type Way = "open" | "closed" | "unknown";

/** Required: it succeeded (an approval only when approved), or failed and said `continue`. Optional: it ended somehow. */
function wayFrom(story: Story, { step: stepId, optional }: Step["depends_on"][number]): Way {
  const told = story.of(stepId);
  if (!isOver(told.how)) return "unknown";
  if (optional) return "open";
  const step = story.step(stepId);
  if (told.how === "succeeded") return step.kind !== "approval" || told.decision === "approved" ? "open" : "closed";
  return told.how === "failed" && "on_error" in step && step.on_error === "continue" ? "open" : "closed";
}

function ways(story: Story, stepId: string): Way[] {
  return story.step(stepId).depends_on.map((dependency) => wayFrom(story, dependency));
}

function beginning(story: Story, stepId: string, part: StepPart | null, what: string): string | null {
  const name = part === null ? stepId : `${stepId}/${part}`;
  const is = (problem: string) => `${name} ${what} ${problem}`;
  if (story.status !== "running") return is(`after the end (${story.status})`);
  if (story.isQueued) return is("before its execution's turn has come");
  if (part === "compensation") return undoing(story, stepId);
  if (story.stopping !== null) return is("after the stop");
  if (isOver(story.howOf(stepId, part))) return is(`though it is ${story.howOf(stepId, part)}`);
  if (ways(story, stepId).some((way) => way !== "open")) return is("before all that it depends on has let it through");
  if (conditionOf(story, stepId) === false) return is("though its condition is false");
  return typeof part === "number" ? repeating(story, stepId, part) : null;
}

function repeating(story: Story, stepId: string, part: number): string | null {
  const { how, items } = story.of(stepId);
  const step = story.step(stepId);
  if (items === null || how !== "begun") return `${stepId}/${part} starts before its list is known`;
  if (!("for_each" in step) || items.get(part) === "begun") return null;
  const all = [...items.values()];
  if (step.on_error !== "continue" && all.includes("failed")) return `${stepId}/${part} starts after a failed item`;
  const underWay = all.filter((one) => one === "begun").length;
  const most = step.max_concurrency ?? Infinity;
  return underWay >= most ? `${stepId}/${part} starts beside ${underWay}, at most ${most} at once` : null;
}

/** What this test writes: nothing, true, false, or what an earlier step has said. Null: it can't be known. */
function conditionOf(story: Story, stepId: string): boolean | null {
  const { when } = story.step(stepId);
  if (when === null || when === "${true}") return true;
  if (when === "${false}") return false;
  const asked = /^\$\{(s\d+)\.ok\}$/.exec(when)?.[1];
  const output = asked === undefined ? null : story.of(asked).output;
  if (typeof output !== "object" || output === null || Array.isArray(output)) return null;
  return typeof output["ok"] === "boolean" ? output["ok"] : null;
}

function skipping(story: Story, stepId: string, reason: "condition" | "upstream" | "late"): string | null {
  const is = (problem: string) => `${stepId} is skipped (${reason}) ${problem}`;
  if (story.status !== "running") return is("after the end");
  if (story.of(stepId).how !== "pending") return is(`though it is ${story.of(stepId).how}`);
  const all = ways(story, stepId);
  const step = story.step(stepId);
  switch (reason) {
    case "upstream": {
      const isTakenBack = story.definition.steps.some(
        (one) => "on_error" in one && one.on_error === "compensate" && story.of(one.id).how === "failed",
      );
      return all.includes("closed") || (isTakenBack && step.kind === "approval")
        ? null
        : is("though nothing held it up");
    }
    case "condition":
      if (all.some((way) => way !== "open")) return is("before all that it depends on has ended well");
      return conditionOf(story, stepId) === true ? is("though its condition is true") : null;
    case "late":
      if (all.some((way) => way !== "open")) return is("before all that it depends on has ended well");
      return step.due === null || step.late !== "skip" ? is("though it is never late") : null;
    default:
      return reason satisfies never;
  }
}

/** Once the other branches have ended: every succeeded step that says how, the one that ended last first. */
function takingBack(story: Story, stepIds: string[]): string | null {
  const isFailed = story.definition.steps.some(
    (one) => "on_error" in one && one.on_error === "compensate" && story.of(one.id).how === "failed",
  );
  if (story.stopping === null ? !isFailed : !story.stopping.compensate) return "it is taken back though nobody said so";
  const open = [...story.steps].filter(([, { how }]) => !isOver(how)).map(([id]) => id);
  if (open.length > 0) return `it is taken back before ${open.join(", ")} ended`;
  const wanted = story.definition.steps
    .filter((step) => "compensate" in step && step.compensate !== null && story.of(step.id).how === "succeeded")
    .map(({ id }) => id);
  if (wanted.toSorted().join() !== stepIds.toSorted().join())
    return `taken back: ${stepIds.join()}, not ${wanted.join()}`;
  const ends = stepIds.map((id) => story.of(id).endedAt);
  return ends.some((at, index) => at < (ends[index + 1] ?? 0)) ? `taken back in the order ${stepIds.join()}` : null;
}

/** One after the other, each once what was to be taken back before it has ended somehow. */
function undoing(story: Story, stepId: string): string | null {
  const place = story.compensating.indexOf(stepId);
  if (place < 0) return `${stepId} is taken back out of turn`;
  const before = story.compensating.slice(0, place).filter((id) => !isOver(story.of(id).compensation ?? "pending"));
  return before.length > 0 ? `${stepId} is taken back before ${before.join()}` : null;
}
