/**
 * A local server for tests that speaks the Step Functions API (AWS JSON 1.0, `X-Amz-Target: AWSStepFunctions.ACTION`) over the
 * interpreter: the real `@aws-sdk/client-sfn` works against it, by `AWS_ENDPOINT_URL_SFN`. Signatures are not checked.
 */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../src/flow/clock.ts";
import type { Json } from "../../src/flow/json.ts";
import { seededRandomness } from "../../src/testing/virtual-clock.ts";
import { NamedError } from "./interpreter/handlers.ts";
import type { CallContext, IntegrationHandler, LambdaHandler } from "./interpreter/handlers.ts";
import { createInterpreter } from "./interpreter/interpreter.ts";
import { aliasActions } from "./server/alias-actions.ts";
import type { Action, Service } from "./server/action.ts";
import { ApiError } from "./server/api-error.ts";
import { executionActions } from "./server/execution-actions.ts";
import { Faults } from "./server/faults.ts";
import { machineActions } from "./server/machine-actions.ts";
import { HeldClock, realClock } from "./server/server-clock.ts";
import { tokenActions } from "./server/token-actions.ts";

/** By function name; see `LambdaHandler` for how it fails. */
export type Functions = Readonly<Record<string, (payload: Json, context: CallContext) => Promise<Json | undefined>>>;

export interface ServerOptions {
  functions: Functions;
  integrations?: Readonly<Record<string, IntegrationHandler>>;
  /** `virtual`: moves by `advance` only; or a clock of the test's own. */
  time: "real" | "virtual" | Clock;
  /** Of the virtual clock, milliseconds since the epoch. */
  startAt?: number;
  /** 0, a free one, by default. */
  port?: number;
}

export interface StepFunctionsServer {
  /** For AWS_ENDPOINT_URL_SFN. */
  url: string;
  service: Service;
  faults: Faults;
  /** How often each action was called, those of faults among it. */
  calls: ReadonlyMap<string, number>;
  /** Milliseconds of virtual time; everything due happens at its instant. Throws with another clock. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

const actions: Readonly<Record<string, Action>> = {
  ...machineActions,
  ...aliasActions,
  ...executionActions,
  ...tokenActions,
};
const targetPrefix = "AWSStepFunctions.";
const maxBody = 2_097_152;

export async function startStepFunctionsServer(options: ServerOptions): Promise<StepFunctionsServer> {
  const held = options.time === "virtual" ? new HeldClock(options.startAt) : null;
  const clock = held ?? (typeof options.time === "object" ? options.time : realClock());
  const seeded = seededRandomness();
  const fraction = () => seeded.fraction();
  const interpreter = createInterpreter({
    clock,
    lambda: byName(options.functions),
    integrations: options.integrations ?? {},
    fraction,
  });
  const service: Service = { ...interpreter, clock, fraction };
  const faults = new Faults();
  const calls = new Map<string, number>();
  const server = createServer((request, response) => {
    void answer({ request, response, service, faults, calls });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    service,
    faults,
    calls,
    async advance(ms) {
      if (held === null) throw new Error("Only virtual time moves by advance.");
      await held.advance(ms, interpreter.flight);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A function may be named by its ARN, qualified or not. */
function byName(functions: Functions): LambdaHandler {
  return async (functionName, payload, context) => {
    const name = Object.hasOwn(functions, functionName)
      ? functionName
      : (/^arn:aws:lambda:[^:]*:[^:]*:function:([^:]+)/.exec(functionName)?.[1] ?? functionName);
    const handler = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (handler === undefined) {
      throw new NamedError("Lambda.ResourceNotFoundException", `Function not found: ${functionName}`);
    }
    return handler(payload, context);
  };
}

async function answer(asked: {
  request: IncomingMessage;
  response: ServerResponse;
  service: Service;
  faults: Faults;
  calls: Map<string, number>;
}): Promise<void> {
  const { request, response, service, faults, calls } = asked;
  const target = String(request.headers["x-amz-target"] ?? "");
  const name = target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : "";
  const send = (status: number, body: unknown, retryAfter: number | null = null) => {
    if (faults.loses(name)) {
      response.destroy();
      return;
    }
    response.writeHead(status, {
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-requestid": "local",
      ...(retryAfter === null ? {} : { "retry-after": String(retryAfter) }),
    });
    response.end(JSON.stringify(body));
  };
  try {
    const body = await readBody(request);
    calls.set(name, (calls.get(name) ?? 0) + 1);
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined) throw new ApiError("UnknownOperationException", `No action ${target} here.`);
    faults.before(name);
    send(200, await action(body, service));
  } catch (error) {
    const known = error instanceof ApiError ? error : new ApiError("InternalServerError", String(error), 500);
    send(known.status, { __type: known.name, message: known.message }, known.retryAfter);
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBody) throw new ApiError("ValidationException", "The request is too long.", 413);
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new ApiError("SerializationException", "The body is no JSON.");
  }
}
