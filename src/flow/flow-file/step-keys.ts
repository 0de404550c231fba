/** Which keys a step of each kind has, and what is said of one that belongs to another kind. */
import type { Step } from "../flow.ts";
import type { FieldNames } from "./reader.ts";

export type StepKind = Step["kind"];
export const stepKinds = ["agent", "approval", "wait", "flow"] as const satisfies readonly StepKind[];

const common = ["id", "type", "depends_on", "when", "due", "late"];
const repeatable = ["on_error", "for_each", "max_concurrency", "compensate"];

export const stepKeys: Readonly<Record<StepKind, readonly string[]>> = {
  agent: [...common, "timeout", "agent", "action", "parameters", "retry", ...repeatable],
  approval: [
    ...common,
    "timeout",
    "approvers",
    "quorum",
    "reason_required",
    "requester_may_decide",
    "on_timeout",
    "editable",
    "remind_after",
    "escalate",
  ],
  wait: [...common, "duration", "until"],
  flow: [...common, "timeout", "flow_id", "input", ...repeatable],
};

/** Values that may be left empty: an action, or a flow, that takes nothing. */
const emptyable = ["parameters", "input"];

export function stepNames(kind: StepKind): FieldNames {
  const keys = stepKeys[kind];
  const foreign = new Set(stepKinds.flatMap((other) => stepKeys[other]).filter((key) => !keys.includes(key)));
  const elsewhere = Object.fromEntries([...foreign].map((key) => [key, reason(kind, key)]));
  return { what: "a step", keys, elsewhere, emptyable };
}

function reason(kind: StepKind, key: string): string {
  const hint = hints[kind][key] ?? "";
  if (kind !== "agent") return `doesn't go with a step of type ${kind}${hint}`;
  const owners = stepKinds.filter((other) => stepKeys[other].includes(key));
  return `goes with a step of type ${owners.join(" or ")}${hint}`;
}

const inSubFlow = "; put this step into a flow of its own, and repeat that with type: flow";
const nothingDone = "; only what an agent or a sub-flow did can be taken back";

const hints: Readonly<Record<StepKind, Readonly<Record<string, string>>>> = {
  agent: { input: "; an action takes parameters" },
  approval: { for_each: inSubFlow, max_concurrency: inSubFlow, compensate: nothingDone },
  wait: {
    for_each: inSubFlow,
    max_concurrency: inSubFlow,
    compensate: nothingDone,
    timeout: ": its duration, or until, says how long it takes",
  },
  flow: { retry: "; the steps of the other flow have their own", parameters: "; a flow takes input" },
};
