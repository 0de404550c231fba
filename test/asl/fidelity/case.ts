/**
 * One case of fidelity: a flow in few words, and what its actions, people and time do. A case is data, so that one on which the
 * two engines differ can be printed and kept as a test.
 */
import type { ErrorName } from "../../../src/flow/failure.ts";
import type { Compensation, FlowDefinition, RetryPolicy, Step } from "../../../src/flow/flow.ts";
import type { Json, JsonObject } from "../../../src/flow/json.ts";
import { agentStep, approvalStep, flow, flowStep, waitStep } from "../../engine/flows.ts";

export interface Part {
  kind: "act" | "notify" | "approval" | "wait" | "child";
  /** Places of earlier parts. */
  after?: { part: number; optional?: true }[];
  /** An expression without its braces; DEP stands for the first required dependency. */
  when?: string;
  on_error?: "continue" | "compensate";
  compensate?: "works" | "fails" | "can't be said";
  /** What it does at its n-th call, of each item; ok behind the last. One that hangs gives no answer before its time is over. */
  outcomes?: ("ok" | "hangs" | ErrorName)[];
  /** What it gives when it works. */
  output?: Json;
  parameters?: JsonObject;
  agent?: "decision_agent";
  /** A list, or an expression without its braces. */
  each?: string;
  at_once?: number;
  max_attempts?: number;
  retries_on?: ErrorName[];
  /** How long it waits between attempts, and how that grows. */
  pace?: Partial<Pick<RetryPolicy, "interval_ms" | "backoff_rate" | "max_interval_ms" | "jitter">>;
  /** Seconds: of each attempt; of a sub-flow the whole. */
  timeout?: number;
  /** Nobody knows whether its first mail arrived. */
  doubt?: true;
  decision?: "approve" | "reject" | "expire";
  /** Nobody answers before it has been handed over. */
  late_decision?: true;
  on_timeout?: "approve" | "escalate";
  /** In place of the usual ones. */
  approvers?: string[];
  quorum?: 2;
  /** Seconds after which others are asked. */
  escalates_after?: number;
  reminds_after?: number;
  /** The approver changes a field of the output of this part. */
  edits?: number;
  /** Seconds; or an instant. */
  wait?: number | string;
  due?: string;
  late?: "run" | "shift";
  child?: "works" | "fails" | "waits";
}

export interface Case {
  parts: Part[];
  nps?: number | null;
  /** Seconds, of the whole execution. */
  timeout?: number;
  /** Null: nobody is told of a failure. */
  tells?: string | null;
}

export const idOf = (place: number): string => `s${place}`;

/** With `DEP` filled in; what decisions and waits give holds instants, which are the world's. */
function filled(text: string, part: Part, parts: readonly Part[]): string {
  const first = part.after?.find(({ part: before, optional }) => {
    const earlier = parts[before];
    const holdsInstants = earlier?.kind === "approval" || earlier?.kind === "wait" || earlier?.child === "waits";
    return optional !== true && !holdsInstants;
  });
  return text.replaceAll("DEP", first === undefined ? "input" : idOf(first.part));
}

function filledIn(value: Json, part: Part, parts: readonly Part[]): Json {
  if (typeof value === "string") return filled(value, part, parts);
  if (Array.isArray(value)) return value.map((item) => filledIn(item, part, parts));
  if (typeof value !== "object" || value === null) return value;
  return filledFields(value, part, parts);
}

function filledFields(value: JsonObject, part: Part, parts: readonly Part[]): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, filledIn(field, part, parts)]));
}

export function flowOf({ parts, tells, timeout }: Case): FlowDefinition {
  return flow(
    parts.map((part, place) => stepOf(part, place, parts)),
    {
      triggers: [],
      failure_notification: tells === undefined ? "ops@example.com" : tells,
      timeout_ms: timeout === undefined ? null : timeout * 1000,
    },
  );
}

function stepOf(part: Part, place: number, parts: readonly Part[]): Step {
  const id = idOf(place);
  const common = {
    depends_on: (part.after ?? []).map(({ part: before, optional = false }) => ({ step: idOf(before), optional })),
    when: part.when === undefined ? null : `\${${filled(part.when, part, parts)}}`,
    due: part.due === undefined ? null : filled(part.due, part, parts),
    late: part.due === undefined ? ("run" as const) : (part.late ?? ("skip" as const)),
  };
  const timeout_ms = part.timeout === undefined ? null : part.timeout * 1000;
  const failing = {
    on_error: part.on_error ?? ("fail" as const),
    compensate: part.compensate === undefined ? null : compensation(id, part.compensate),
    timeout_ms,
    for_each: part.each === undefined ? null : `\${${filled(part.each, part, parts)}}`,
    max_concurrency: part.at_once ?? null,
  };
  const retry = {
    max_attempts: part.max_attempts ?? 3,
    interval_ms: 1_000,
    backoff_rate: 2,
    max_interval_ms: 60_000,
    jitter: "none" as const,
    on: part.retries_on ?? null,
    ...part.pace,
  };
  const parameters = filledFields(part.parameters ?? {}, part, parts);
  switch (part.kind) {
    case "act":
      return agentStep(id, "act", { ...common, ...failing, retry, parameters, agent: part.agent ?? "data_agent" });
    case "notify":
      return agentStep(id, "notify", { ...common, ...failing, retry, parameters: {} });
    case "child":
      return flowStep(id, `child_${part.child ?? "works"}`, {
        ...common,
        ...failing,
        input: { customer_id: "${customer.id}", ...parameters },
      });
    case "wait":
      return waitStep(id, {
        ...common,
        ...(typeof part.wait === "string"
          ? { until: filled(part.wait, part, parts), duration_ms: null }
          : { duration_ms: (part.wait ?? 60) * 1000 }),
      });
    case "approval":
      return approvalStep(id, {
        ...common,
        on_timeout: part.on_timeout ?? "expire",
        editable: part.edits === undefined ? [] : [{ step: idOf(part.edits), field: "note" }],
        escalate: isEscalated(part)
          ? {
              after_ms: part.escalates_after === undefined ? null : part.escalates_after * 1000,
              to: ["role:revops_lead"],
            }
          : null,
        remind_after_ms: part.reminds_after === undefined ? null : part.reminds_after * 1000,
        quorum: part.quorum ?? 1,
        ...(part.approvers === undefined
          ? {}
          : { approvers: part.approvers.map((reference) => filled(reference, part, parts)) }),
      });
    default:
      return part.kind satisfies never;
  }
}

export function isEscalated({ on_timeout, escalates_after }: Part): boolean {
  return on_timeout === "escalate" || escalates_after !== undefined;
}

function compensation(id: string, how: NonNullable<Part["compensate"]>): Compensation {
  const of = how === "can't be said" ? `\${${id}.missing.missing}` : `\${${id}}`;
  return { agent: "data_agent", action: how === "fails" ? "undo_fails" : "undo", parameters: { of } };
}

/** Several at once about one customer: Step Functions doesn't count them (docs/step-functions.md). */
const allowed = { triggers: [{ type: "manual" as const, overlap: "allow" as const }] };

export const children: FlowDefinition[] = [
  flow([agentStep("c0", "act"), agentStep("c1", "act", { when: "${1 > 2}" })], {
    flow_id: "child_works",
    ...allowed,
  }),
  flow([agentStep("c0", "break")], { flow_id: "child_fails", ...allowed }),
  flow([waitStep("c0", { duration_ms: 3_600_000 }), agentStep("c1", "act", { after: ["c0"] })], {
    flow_id: "child_waits",
    ...allowed,
  }),
];
