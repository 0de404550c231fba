/**
 * How far the random cases reach: every field of the table of features that means something to one execution, by what a case that
 * draws it has. The long test asserts that none stays undrawn; a unit test that each row stands here, or under `elsewhere`.
 */
import type { AgentStep, ApprovalStep, FlowDefinition, FlowStep, Step, WaitStep } from "../../../src/flow/flow.ts";
import type { Case } from "./case.ts";

interface Drawn {
  flow: FlowDefinition;
  played: Case;
}

type Has = (drawn: Drawn) => boolean;

const someStep =
  (has: (step: Step) => boolean): Has =>
  ({ flow }) =>
    flow.steps.some(has);
const agent = (has: (step: AgentStep) => boolean) => someStep((step) => step.kind === "agent" && has(step));
const approval = (has: (step: ApprovalStep) => boolean) => someStep((step) => step.kind === "approval" && has(step));
const wait = (has: (step: WaitStep) => boolean) => someStep((step) => step.kind === "wait" && has(step));
const child = (has: (step: FlowStep) => boolean) => someStep((step) => step.kind === "flow" && has(step));
const work = (has: (step: AgentStep | FlowStep) => boolean) =>
  someStep((step) => (step.kind === "agent" || step.kind === "flow") && has(step));

/** By field, `value` behind it where several matter. */
export const reach: Readonly<Record<string, Has>> = {
  input: agent(({ parameters }) => JSON.stringify(parameters).includes("${input.")),
  timeout: ({ flow }) => flow.timeout_ms !== null,
  "error_handling.default_strategy": work(({ on_error }) => on_error === "continue"),
  "error_handling.retry_count": agent(({ retry }) => retry.max_attempts > 1),
  "error_handling.failure_notification": ({ flow }) => flow.failure_notification?.includes("${") === true,
  "error_handling.failure_notification: nobody": ({ flow }) => flow.failure_notification === null,
  steps: ({ flow }) => flow.steps.length > 5,
  "steps.id": someStep(() => true),
  "steps.type: agent": agent(() => true),
  "steps.type: approval": approval(() => true),
  "steps.type: wait": wait(() => true),
  "steps.type: flow": child(() => true),
  "steps.depends_on": someStep(({ depends_on }) => depends_on.length > 1),
  "steps.depends_on: optional": someStep(({ depends_on }) => depends_on.some(({ optional }) => optional)),
  "steps.when": someStep(({ when }) => when !== null),
  "steps.due": someStep(({ due }) => due !== null),
  "steps.late: run": someStep(({ due, late }) => due !== null && late === "run"),
  "steps.late: skip": someStep(({ late }) => late === "skip"),
  "steps.late: shift": someStep(({ late }) => late === "shift"),
  "steps.agent: execution_agent": agent((step) => step.agent === "execution_agent"),
  "steps.agent: decision_agent": agent((step) => step.agent === "decision_agent"),
  "steps.action": agent(() => true),
  "steps.parameters": agent(({ parameters }) => Object.keys(parameters).length > 0),
  "steps.retry": agent(({ retry }) => retry.jitter === "full"),
  "steps.retry: on": agent(({ retry }) => retry.on !== null),
  "steps.timeout: of an attempt": ({ played }) =>
    played.parts.some(({ timeout, outcomes }) => timeout !== undefined && outcomes?.includes("hangs") === true),
  "steps.timeout: of a sub-flow": child(({ timeout_ms, flow_id }) => timeout_ms !== null && flow_id === "child_waits"),
  "steps.timeout: of an approval": ({ played }) => played.parts.some(({ decision }) => decision === "expire"),
  "steps.on_error: fail": work(({ on_error }) => on_error === "fail"),
  "steps.on_error: continue": work(({ on_error }) => on_error === "continue"),
  "steps.on_error: compensate": work(({ on_error }) => on_error === "compensate"),
  "steps.compensate": work(({ compensate }) => compensate !== null),
  "steps.for_each": agent(({ for_each }) => for_each !== null),
  "steps.for_each: of effects": agent((step) => step.for_each !== null && step.agent === "execution_agent"),
  "steps.for_each: of a sub-flow": child(({ for_each }) => for_each !== null),
  "steps.max_concurrency": work(({ max_concurrency }) => max_concurrency === 2),
  "steps.approvers": approval(({ approvers }) => approvers.some((one) => one.includes("${s"))),
  "steps.quorum": approval(({ quorum }) => quorum > 1),
  "steps.reason_required": approval(({ reason_required }) => reason_required.length > 0),
  "steps.on_timeout: expire": approval(({ on_timeout }) => on_timeout === "expire"),
  "steps.on_timeout: approve": approval(({ on_timeout }) => on_timeout === "approve"),
  "steps.on_timeout: escalate": approval(({ on_timeout }) => on_timeout === "escalate"),
  "steps.editable": approval(({ editable }) => editable.length > 0),
  "steps.remind_after": approval(({ remind_after_ms }) => remind_after_ms !== null),
  "steps.escalate": approval(({ escalate }) => escalate !== null && escalate.after_ms !== null),
  "steps.duration": wait(({ duration_ms }) => duration_ms !== null),
  "steps.until": wait(({ until }) => until !== null),
  "steps.flow_id": child(({ flow_id }) => flow_id === "child_fails"),
  "steps.input": child(({ input }) => Object.keys(input).length > 0),
};

/** What no single execution can show. */
export const elsewhere: Readonly<Record<string, string>> = {
  flow_id: "names of machines: compile.test.ts",
  version: "which one starts: engine/",
  description: "stands in no machine",
  extends: "resolved before it is compiled",
  remove: "resolved before it is compiled",
  concurrency: "turns among executions: engine/, handlers/",
  error_handling: "its three fields",
  trigger: "what starts an execution: running/batch.test.ts, compile.test.ts",
  triggers: "the same",
  "steps.requester_may_decide": "nobody asked for these executions: handlers/",
};

export class Reach {
  readonly counts = new Map(Object.keys(reach).map((name) => [name, 0]));

  add(drawn: Drawn): void {
    for (const [name, has] of Object.entries(reach))
      if (has(drawn)) this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  undrawn(): string[] {
    return [...this.counts].filter(([, count]) => count === 0).map(([name]) => name);
  }

  /** The one that was drawn least, for people. */
  rarest(): string {
    const [[name, count] = ["nothing", 0]] = [...this.counts].toSorted(([, one], [, other]) => one - other);
    return `${name} in ${count}`;
  }
}
