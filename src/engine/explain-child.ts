/** A sub-flow that is waited for: which execution it is, and what that one waits for itself. */
import type { ExecutionState, Work } from "../flow/execution.ts";
import type { WaitingFor } from "../flow/record.ts";
import { childDeadline } from "./decide/sub-flow.ts";
import { nobody, type Around, type Waiting } from "./explain-waiting.ts";
import { either } from "./explain-words.ts";
import { stepDefinition } from "./readiness.ts";
import { instant } from "./refusal.ts";

/** More would hide what the step itself is about. */
const mostShown = 3;

export function childWaits(of: { state: ExecutionState; stepId: string; work: Work; around: Around }): Waiting[] {
  const { state, stepId, work, around } = of;
  if (work.child === null || work.child.hasEnded) return [];
  const { executionId } = work.child;
  const step = stepDefinition(state, stepId);
  const until = childDeadline(state, stepId, work);
  const limit = until === null ? "" : `, until ${instant(until, state)} at the latest`;
  const name = step.kind === "flow" ? ` of ${step.flow_id}` : "";
  const own = around.children.get(executionId) ?? [];
  const inside = own.slice(0, mostShown).map((wait) => ` There ${insideWords(wait, state)}.`);
  const text = `Waits for the execution ${executionId}${name} to end${limit}.${inside.join("")}`;
  const people = [...new Set(own.flatMap((wait) => wait.people))];
  return [{ ...nobody, kind: "flow", text, until, people, execution_id: executionId }];
}

function insideWords({ kind, step_id, people, until, execution_id }: WaitingFor, state: ExecutionState): string {
  const end = until === null ? "" : ` until ${instant(until, state)}`;
  switch (kind) {
    case "approval":
      return `${step_id} waits for a decision by ${people.length === 0 ? "an approver" : either(people)}${end}`;
    case "doubt":
      return `nobody knows whether something arrived that ${step_id} sent`;
    case "retry":
      return `${step_id} failed and tries again${end.replace(" until", "")}`;
    case "held":
      return `${step_id} waits for working time${end}`;
    case "wait":
      return `${step_id} waits${end}`;
    case "flow":
      return `${step_id} waits for the execution ${execution_id ?? "of another flow"}`;
    case "queue":
      return "the execution waits for its turn";
    default:
      return kind satisfies never;
  }
}
