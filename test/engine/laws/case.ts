/**
 * One case of the laws: a flow in few words, and what people, time and death do to it. A case is data, so that one that fails
 * can be printed and kept as a test.
 */
import type { AgentStep, ApprovalStep, Compensation, FlowDefinition, Step } from "../../../src/flow/flow.ts";
import { agentStep, approvalStep, flow, flowStep, waitStep } from "../flows.ts";

/** What an action does at its n-th call: it answers, says no, fails and may be tried again, or fails for good. */
export type Outcome = "ok" | "no" | "throttled" | "invalid";
export type SendingFault = "fine" | "throttled" | "refused" | "answer_lost" | "request_lost";
export type ChildKind = "works" | "sends" | "asks" | "rests" | "breaks";

/** Whatever is left out is as usual. */
export interface Shape {
  kind: "act" | "notify" | "book" | "approval" | "wait" | "flow";
  /** Places of earlier steps. */
  after?: { step: number; optional?: true }[] | undefined;
  /** `asked`: what the first step that it comes after has said. */
  when?: "true" | "false" | "asked" | undefined;
  on_error?: "fail" | "continue" | "compensate" | undefined;
  /** How long the list is that it repeats for. */
  each?: number | undefined;
  at_once?: number | undefined;
  compensate?: "act" | "notify" | "breaks" | undefined;
  outcomes?: Outcome[] | undefined;
  /** What becomes of the n-th sending of each of its effects. */
  faults?: SendingFault[] | undefined;
  max_attempts?: number | undefined;
  timeout_ms?: number | undefined;
  /** Hours from the beginning of time. */
  due?: number | undefined;
  late?: "skip" | "shift" | undefined;
  quorum?: number | undefined;
  on_timeout?: "approve" | "escalate" | undefined;
  remind_ms?: number | undefined;
  escalate_ms?: number | undefined;
  wait_ms?: number | undefined;
  child?: ChildKind | undefined;
}

export interface FlowShape {
  steps: Shape[];
  timeout_ms?: number | undefined;
  /** Executions of it at once. */
  limit?: number | undefined;
  /** Somebody gets a mail when it fails. */
  notice?: true | undefined;
  overlap?: "queue" | "allow" | undefined;
}

export type Move =
  | { move: "start"; customer: number }
  | { move: "vote"; decision: "approve" | "reject"; nth: number; who: number }
  | { move: "answer"; nth: number; say: "arrived" | "send_again" | "truth" }
  /** Through whatever is due meanwhile. */
  | { move: "pass"; ms: number }
  /** To what is due next. */
  | { move: "next" }
  /** At once, whatever is due meanwhile; back where negative. */
  | { move: "jump"; ms: number }
  | { move: "abort"; nth: number; compensate: boolean }
  /** `from`: a step's place. */
  | { move: "redrive"; nth: number; from: number | null }
  | { move: "restart" }
  /** At the n-th write, or step into the world, from now. */
  | { move: "die"; where: "store" | "world"; number: number; when: "before" | "after" }
  /** The process stands still, others take it for gone, and in the end it wakes up. */
  | { move: "freeze" }
  | { move: "thaw" }
  /** It goes on, and others take it for gone. */
  | { move: "part" };

export interface Case {
  flow: FlowShape;
  moves: Move[];
}

export const beginning = Date.parse("2026-11-23T08:00:00Z");
const hour = 3_600_000;

export const idOf = (place: number) => `s${place}`;

export function definitionOf({ steps, timeout_ms, limit, notice, overlap }: FlowShape): FlowDefinition {
  return flow(steps.map(stepOf), {
    triggers: [{ type: "manual", overlap: overlap ?? "skip" }],
    timeout_ms: timeout_ms ?? null,
    concurrency: limit === undefined ? null : { key: "all", limit },
    failure_notification: notice === true ? "ops@example.com" : null,
  });
}

function stepOf(shape: Shape, place: number): Step {
  const id = idOf(place);
  const common = commonOf(shape);
  switch (shape.kind) {
    case "act":
    case "notify":
    case "book":
      return agentStep(id, shape.kind, {
        ...common,
        ...repeatableOf(shape),
        ...retryOf(shape),
        ...parametersOf(shape),
      });
    case "flow":
      return flowStep(id, `child_${shape.child ?? "works"}`, { ...common, ...repeatableOf(shape) });
    case "wait":
      return waitStep(id, { ...common, duration_ms: shape.wait_ms ?? hour });
    case "approval":
      return approvalStep(id, { ...common, ...approvalOf(shape) });
    default:
      return shape.kind satisfies never;
  }
}

function commonOf({ after = [], when, timeout_ms, due, late }: Shape) {
  const asked = after[0] === undefined ? "${true}" : `\${${idOf(after[0].step)}.ok}`;
  return {
    depends_on: after.map(({ step, optional }) => ({ step: idOf(step), optional: optional === true })),
    when: when === undefined ? null : when === "asked" ? asked : `\${${when}}`,
    timeout_ms: timeout_ms ?? null,
    due: due === undefined ? null : new Date(beginning + due * hour).toISOString(),
    late: late ?? ("run" as const),
  };
}

function repeatableOf({ on_error, each, at_once, compensate }: Shape) {
  return {
    on_error: on_error ?? ("fail" as const),
    for_each: each === undefined ? null : `\${[${Array.from({ length: each }, (_, index) => index).join(", ")}]}`,
    max_concurrency: at_once ?? null,
    compensate: compensate === undefined ? null : undoing(compensate),
  };
}

function undoing(how: "act" | "notify" | "breaks"): Compensation {
  const agent = how === "notify" ? "execution_agent" : "data_agent";
  return { agent, action: how, parameters: {} };
}

function parametersOf({ kind, each }: Shape): Partial<AgentStep> {
  return kind === "notify" && each !== undefined ? { parameters: { to: "dana@example.com" } } : {};
}

function retryOf({ max_attempts }: Shape): Partial<AgentStep> {
  if (max_attempts === undefined) return {};
  const retry = { interval_ms: 1_000, backoff_rate: 2, max_interval_ms: 60_000, jitter: "full" as const, on: null };
  return { retry: { ...retry, max_attempts } };
}

function approvalOf({ quorum, on_timeout, remind_ms, escalate_ms, timeout_ms }: Shape): Partial<ApprovalStep> {
  const isHandedOver = escalate_ms !== undefined || on_timeout === "escalate";
  return {
    timeout_ms: timeout_ms ?? 72 * hour,
    quorum: quorum ?? 1,
    on_timeout: on_timeout ?? "expire",
    remind_after_ms: remind_ms ?? null,
    reason_required: [],
    escalate: isHandedOver ? { after_ms: escalate_ms ?? null, to: ["role:revops_lead"] } : null,
  };
}

/** What `flow` steps start. */
export const children: FlowDefinition[] = (
  [
    ["works", [{ kind: "act" }, { kind: "act", after: [{ step: 0 }] }]],
    ["sends", [{ kind: "act" }, { kind: "notify", after: [{ step: 0 }] }]],
    ["asks", [{ kind: "approval" }, { kind: "book", after: [{ step: 0 }] }]],
    ["rests", [{ kind: "wait" }, { kind: "act", after: [{ step: 0 }] }]],
    ["breaks", [{ kind: "act" }, { kind: "act", after: [{ step: 0 }], outcomes: ["invalid"] }]],
  ] satisfies [ChildKind, Shape[]][]
).map(([kind, steps]) => ({
  ...definitionOf({ steps, overlap: "allow" }),
  flow_id: `child_${kind}`,
  steps: steps.map((shape, place) =>
    // Its second step fails where the outcomes of the outer flow's steps can't say so.
    kind === "breaks" && place === 1 ? { ...agentStep(idOf(1), "breaks", { after: [idOf(0)] }) } : stepOf(shape, place),
  ),
}));
