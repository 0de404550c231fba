/** What a step is, in a few words: its agent and action, or an approval and by whom. */
import type { ApprovalStep, Step } from "../../../flow/flow.ts";
import { list } from "../format.ts";
import { anyoneWith } from "../reference.ts";

const namesShown = 4;

/** An action that gave its step the name isn't said twice. */
export function kindWords(step: Step): string {
  switch (step.kind) {
    case "agent":
      return `${step.agent.replace("_", " ")}${step.action === step.id ? "" : `: ${step.action}`}`;
    case "approval":
      return `${approvalsWords(step)} ${whoWords(step)}`;
    case "wait":
      return "wait";
    case "flow":
      return `flow: ${step.flow_id}`;
    default:
      return step satisfies never;
  }
}

/** The expression as the flow writes it, without its braces. */
export function conditionWords(when: string): string {
  return `when ${when.replace(/^\$\{\s*/, "").replace(/\s*\}$/, "")}`;
}

function approvalsWords({ quorum }: ApprovalStep): string {
  return quorum === 1 ? "approval by" : `${quorum} approvals by`;
}

function whoWords(step: ApprovalStep): string {
  const names = step.approvers.slice(0, namesShown).map(referenceWords);
  const left = step.approvers.length - names.length;
  return list(left === 0 ? names : [...names, `${left} more`], step.quorum === 1 ? "or" : "and");
}

/** Nobody is asked yet, so a reference is all that is known. */
function referenceWords(reference: string): string {
  const field = /^\$\{\s*customer\.([a-z_]+?)(?:_email)?\s*\}$/.exec(reference)?.[1];
  if (field !== undefined) return `the ${field === "csm" ? "CSM" : field.replaceAll("_", " ")}`;
  if (reference.startsWith("${")) return conditionWords(reference).replace(/^when /, "");
  const [kind = "", name] = reference.split(":");
  if (name === undefined) return reference;
  return kind === "role" ? anyoneWith(name.trim()) : `the ${kind} ${name.trim()}`;
}
