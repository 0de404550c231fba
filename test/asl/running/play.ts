/** A definition, compiled and run on the interpreter; its functions answer as a test says, and otherwise that all is well. */
import { z } from "zod";
import { compile, type Compiled } from "../../../src/asl/compile.ts";
import { ActionsRequest, EffectsRequest } from "../../../src/asl/protocol.ts";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import type { Json, JsonObject } from "../../../src/flow/json.ts";
import type { CallContext, LambdaHandler } from "../../stepfunctions/interpreter/handlers.ts";
import { runMachine, type MachineEnd } from "../../stepfunctions/interpreter/interpreter.ts";

const Request = z.union([ActionsRequest, EffectsRequest]);
export type Request = z.infer<typeof Request>;

/** Undefined: the usual answer. `nth`: how often this kind was asked for about this step, from 1. */
export type Reply = (request: Request, call: CallContext & { nth: number }) => Json | undefined | Promise<Json>;

export interface Played extends MachineEnd {
  requests: Request[];
}

export const startAt = Date.parse("2026-11-23T08:00:00Z");

export async function play(
  definition: FlowDefinition,
  reply: Reply = () => undefined,
  options: { name?: string; input?: JsonObject } = {},
): Promise<Played> {
  const { lambda, requests } = functions(reply);
  const end = await runMachine({
    definition: compiled(definition).machine,
    input: options.input ?? { customer_id: "acme" },
    name: options.name ?? "0123456789abcdef",
    startAt,
    lambda,
  });
  return { ...end, requests };
}

export function compiled(definition: FlowDefinition): Extract<Compiled, { ok: true }> {
  const found = compile(definition);
  if (!found.ok) throw new Error(found.refusals.map(({ message }) => message).join("\n"));
  return found;
}

export function functions(reply: Reply): { lambda: LambdaHandler; requests: Request[] } {
  const requests: Request[] = [];
  const lambda: LambdaHandler = async (_name, payload, context) => {
    const request = Request.parse(payload);
    requests.push(request);
    const nth = requests.filter((one) => one.kind === request.kind && stepOf(one) === stepOf(request)).length;
    return (await reply(request, { ...context, nth })) ?? usual(request);
  };
  return { lambda, requests };
}

const stepOf = (request: Request): string | null => ("step_id" in request ? request.step_id : null);

function usual(request: Request): Json {
  switch (request.kind) {
    case "begin": {
      const { execution_id, started_at, input, flow_id } = request;
      const execution = { id: execution_id, started_at, started_by: "manual" };
      const customer = { id: "acme", account_manager_email: "owner@example.com" };
      return { roots: { customer, input, execution, flow: { id: flow_id, version: "1.0" }, batch: null } };
    }
    case "step":
      return { state: "done", output: { of: request.step_id }, effects: 1 };
    case "compensate":
      return { compensated: true, cause: null };
    case "approval_timeout":
      return { output: { decision: "expired" }, edited: {} };
    case "find_customers":
      return { customers: [], after: null };
    case "shift":
      throw new Error("What isn't late is shifted.");
    case "doubt":
    case "approval":
    case "turn":
    case "failure":
    case "end":
      return {};
    default:
      return request satisfies never;
  }
}

/** The kinds of the requests in their order, with the step where there is one. */
export function asked({ requests }: Pick<Played, "requests">): string[] {
  return requests.map((request) => [request.kind, stepOf(request)].filter((part) => part !== null).join(" "));
}

/** What the machine tells of its steps at the end. */
export function told({ requests }: Pick<Played, "requests">): Record<string, unknown> {
  return requests.flatMap((request) => (request.kind === "end" ? [request.steps] : []))[0] ?? {};
}
