/** The same case compiled, on the interpreter; its handlers answer by the protocol, and know no more than they are told. */
import { z } from "zod";
import { ActionsRequest, answers, EffectsRequest, placeholders, StepResult } from "../../../src/asl/protocol.ts";
import { compile } from "../../../src/asl/compile.ts";
import { FailureError } from "../../../src/flow/failure.ts";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import type { Json, JsonObject } from "../../../src/flow/json.ts";
import { NamedError, type CallContext } from "../../stepfunctions/interpreter/handlers.ts";
import { runMachine } from "../../stepfunctions/interpreter/interpreter.ts";
import { act, Hangs } from "./actions.ts";
import { children, idOf, isEscalated, type Case } from "./case.ts";
import type { Lived } from "./embedded.ts";
import { Diary, type StepTrace, type Trace } from "./trace.ts";

const Request = z.union([ActionsRequest, EffectsRequest]);
type Request = z.infer<typeof Request>;

export function machineOf(definition: FlowDefinition): unknown {
  const compiled = compile(definition);
  if (!compiled.ok)
    throw new Error(compiled.refusals.map(({ step, message }) => `${step ?? ""}: ${message}`).join("\n"));
  return compiled.machine;
}

/** Flows that never change are compiled once. */
const childMachines = lazily(() =>
  Object.fromEntries(children.map((child) => [placeholders.stateMachine(child.flow_id), machineOf(child)])),
);

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

export async function liveInterpreted(played: Case, lived: Omit<Lived, "trace">): Promise<Trace> {
  const world = new Handlers(played, lived);
  const end = await runMachine({
    definition: machineOf(lived.definition),
    input: { customer_id: "acme" },
    name: lived.executionId,
    startAt: lived.startedAt,
    lambda: (_name, payload, context) => world.answer(payload, context),
    machines: played.parts.some(({ kind }) => kind === "child") ? childMachines() : {},
  });
  // Nothing compiled may end so: what the flow does wrong is caught, and told in our words.
  if (end.status !== "TIMED_OUT" && end.error?.startsWith("States.") === true)
    throw new Error(`${end.error}: ${end.cause ?? ""}`);
  const output = z.object({ outcome: z.string() }).safeParse(end.output);
  const { calls, told, undone, order } = world.diary;
  return {
    status: end.status.toLowerCase(),
    outcome: output.success ? output.data.outcome : null,
    error: end.error ?? null,
    steps: Object.fromEntries(Object.entries(world.results).map(([id, result]) => [id, stepTrace(result)])),
    calls,
    told,
    undone,
    order,
  };
}

function stepTrace(result: StepResult): StepTrace {
  switch (result.status) {
    case "failed":
      return { status: "failed", error: result.error };
    case "skipped":
      return { status: "skipped", reason: result.reason };
    case "succeeded":
      return { status: "succeeded", output: result.output };
    default:
      return result satisfies never;
  }
}

/** Of `approvalStep`. */
const approvalTimeoutMs = 259_200_000;
const knownApprovers: ReadonlySet<string> = new Set(["dana@example.com", "role:revops_lead"]);

/** The real one tells of a failure and goes on. */
function takenBack(work: () => Json): Json {
  try {
    work();
    return { compensated: true, cause: null };
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return { compensated: false, cause: error.failure.cause };
  }
}

class Handlers {
  readonly diary = new Diary();
  results: Record<string, StepResult> = {};
  readonly #played: Case;
  readonly #lived: Omit<Lived, "trace">;
  readonly #definitions: Map<string, FlowDefinition>;

  constructor(played: Case, lived: Omit<Lived, "trace">) {
    this.#played = played;
    this.#lived = lived;
    this.#definitions = new Map([lived.definition, ...children].map((flow) => [flow.flow_id, flow]));
  }

  async answer(payload: Json, context: CallContext): Promise<Json> {
    const request = Request.parse(payload);
    try {
      return await this.#answerTo(request, context);
    } catch (error) {
      if (error instanceof Hangs) await context.pause(Infinity);
      if (error instanceof FailureError) throw new NamedError(error.failure.error, error.failure.cause);
      throw error;
    }
  }

  async #answerTo(request: Request, { tokens, clock }: CallContext): Promise<Json> {
    switch (request.kind) {
      case "begin":
        return { roots: this.#roots(request) };
      case "end":
        if (request.flow_id === "renewal") this.results = request.steps;
        return {};
      case "step":
        return this.#step(request);
      case "compensate": {
        const { flow_id, step_id: stepId, parameters } = request;
        const step = this.#definitions.get(flow_id)?.steps.find(({ id }) => id === stepId);
        const action = (step !== undefined && "compensate" in step ? step.compensate?.action : null) ?? "";
        return takenBack(() => act(this.#played, this.diary, { action, stepId, index: null, parameters }));
      }
      case "doubt": {
        const { task_token: token, step_id } = request;
        const part = this.#played.parts[Number(step_id.slice(1))];
        const output = { output: this.#outputOf(part), effects: 2 };
        clock.at(clock.now(), () => tokens.succeed(token, output));
        return null;
      }
      case "approval":
        return this.#ask(request, { tokens, clock });
      case "approval_timeout":
        return { output: { decision: this.#timeoutDecision(request.step_id) }, edited: {} };
      case "failure":
        if (request.flow_id === "renewal" && request.to !== null) this.diary.told.push(request.to);
        return {};
      // When somebody works again is the handler's affair; here it is an hour later.
      case "shift":
        return { until: new Date(clock.now() + 3_600_000).toISOString() };
      case "find_customers":
      case "turn":
        throw new Error(`No case asks for ${request.kind}.`);
      default:
        return request satisfies never;
    }
  }

  #roots({ execution_id, flow_id, input, started_at }: Extract<Request, { kind: "begin" }>): JsonObject {
    const definition = this.#definitions.get(flow_id);
    const type = flow_id === "renewal" ? "manual" : "flow";
    return {
      admin_email: "revops@example.com",
      customer: { ...this.#lived.customer },
      input,
      execution: { id: execution_id, started_at, started_by: type },
      flow: { id: flow_id, version: definition?.version ?? "" },
      batch: null,
    };
  }

  #step(request: Extract<Request, { kind: "step" }>): Json {
    const { flow_id, step_id: stepId, index, parameters } = request;
    const step = this.#definitions.get(flow_id)?.steps.find(({ id }) => id === stepId);
    const action = step?.kind === "agent" ? step.action : "";
    const isNotice = action === "notify";
    const output = act(this.#played, this.diary, { action, stepId, index, parameters: isNotice ? {} : parameters });
    const part = this.#played.parts[Number(stepId.slice(1))];
    if (isNotice && part?.doubt === true) return answers.step.parse({ state: "doubt" });
    return answers.step.parse({ state: "done", output, effects: isNotice ? 2 : 0 });
  }

  #outputOf(part: Case["parts"][number] | undefined): Json {
    const stepId = idOf(part === undefined ? 0 : this.#played.parts.indexOf(part));
    return part?.output === undefined ? { note: `of ${stepId}`, parameters: {} } : part.output;
  }

  #ask(
    request: Extract<Request, { kind: "approval" }>,
    { tokens, clock }: Pick<CallContext, "tokens" | "clock">,
  ): Json {
    const { step_id, task_token: token, outputs, escalated, approvers } = request;
    const part = this.#played.parts[Number(step_id.slice(1))];
    const decision = part?.decision ?? "approve";
    const isNobody = !approvers.some((one) => knownApprovers.has(one));
    if (isNobody && (part === undefined || !isEscalated(part))) {
      throw new FailureError({ error: "Approval.NoApprover", cause: `Nobody can decide about ${step_id}.` });
    }
    // To others it is handed at once where nobody can decide, after a time by the app, at the timeout by the machine.
    const handedOverMs = isNobody ? 0 : 1000 * (part?.escalates_after ?? Infinity);
    const decidedMs = part?.late_decision === true && !escalated ? handedOverMs : 0;
    if (decision === "expire" || decidedMs >= approvalTimeoutMs) return null;
    const edited: JsonObject = {};
    if (part?.edits !== undefined) {
      const id = idOf(part.edits);
      const before = outputs.find((output) => output.step_id === id)?.output ?? null;
      const isObject = typeof before === "object" && before !== null && !Array.isArray(before);
      if (isObject) edited[id] = { ...before, note: `edited by ${step_id}` };
    }
    const output = { decision: decision === "approve" ? "approved" : "rejected" };
    clock.at(clock.now() + decidedMs, () => tokens.succeed(token, { output, edited }));
    return null;
  }

  #timeoutDecision(stepId: string): string {
    return this.#played.parts[Number(stepId.slice(1))]?.on_timeout === "approve" ? "approved" : "expired";
  }
}
