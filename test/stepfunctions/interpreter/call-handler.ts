/** A Task's call of a test's own handler: a Lambda function, or another service. */
import type { Json } from "../../../src/flow/json.ts";
import { ownFailure, StateFailure } from "./failure.ts";
import type { CallContext } from "./handlers.ts";
import type { Task } from "./machine.ts";
import type { Visit } from "./visit.ts";

/** A call under way: its answer, and how to have it given up. */
export interface Call {
  /** What the service answered; with a token the task isn't over by that. */
  answer: Promise<Json>;
  abandon(): void;
}

const lambdaFields: ReadonlySet<string> = new Set([
  "FunctionName",
  "Payload",
  "InvocationType",
  "LogType",
  "Qualifier",
]);

/** https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html; called and started, it runs to its end (no abandoning). */
export function callLambda(visit: Visit<Task>, args: Json): Call {
  const { FunctionName, Payload = {}, InvocationType = "RequestResponse" } = fieldsOf(args, lambdaFields);
  if (typeof FunctionName !== "string") throw new StateFailure("States.Runtime", "FunctionName is no text.");
  if (InvocationType !== "RequestResponse")
    throw new StateFailure("States.Runtime", "Only RequestResponse is known here.");
  const { world } = visit;
  const answer = called(visit, async (context) => {
    const given = copy(Payload);
    const result = await world.lambda(FunctionName, given, context);
    return { ExecutedVersion: "$LATEST", Payload: copy(result ?? null), StatusCode: 200 };
  });
  return { answer, abandon: () => {} };
}

export function callIntegration(visit: Visit<Task>, args: Json): Call {
  const { Resource } = visit.state;
  const handler = Object.hasOwn(visit.world.integrations, Resource) ? visit.world.integrations[Resource] : undefined;
  if (handler === undefined) throw new StateFailure("States.Runtime", `Nothing stands for ${Resource} here.`);
  return { answer: called(visit, async (context) => copy(await handler(copy(args), context))), abandon: () => {} };
}

/** The arguments' fields. Others than `allowed` AWS refuses. */
export function fieldsOf(args: Json, allowed: ReadonlySet<string>): { [field: string]: Json } {
  if (typeof args !== "object" || args === null || Array.isArray(args)) {
    throw new StateFailure("States.Runtime", "Arguments must be an object.");
  }
  const foreign = Object.keys(args).find((field) => !allowed.has(field));
  if (foreign !== undefined) throw new StateFailure("States.Runtime", `The field '${foreign}' is not supported here.`);
  return args;
}

async function called(visit: Visit<Task>, work: (context: CallContext) => Promise<Json>): Promise<Json> {
  const { flight } = visit.world;
  flight.begin();
  try {
    return await work(contextOf(visit));
  } catch (error) {
    if (error instanceof StateFailure) throw error;
    if (!(error instanceof Error)) throw ownFailure("Error", String(error));
    // What Lambda itself says is a sentence; what a function throws is Lambda's record of it.
    if (error.name.startsWith("Lambda.") || visit.state.Resource.split(":")[5] !== "lambda") {
      throw ownFailure(error.name, error.message);
    }
    const record = { errorType: error.name, errorMessage: error.message, trace: [] };
    throw ownFailure(error.name, JSON.stringify(record));
  } finally {
    flight.end();
  }
}

function contextOf(visit: Visit<Task>): CallContext {
  const { world, execution, name, retryCount } = visit;
  return {
    executionName: execution.name,
    executionArn: execution.arn,
    stateName: name,
    retryCount,
    clock: world.clock,
    tokens: world.tokens,
    pause: (ms) =>
      new Promise((resolve) => {
        // Time must be able to pass meanwhile.
        world.flight.end();
        world.clock.at(world.clock.now() + ms, () => {
          world.flight.begin();
          resolve();
        });
      }),
  };
}

/** As it goes over the wire: nobody changes the other's value. */
function copy(value: Json): Json {
  const copied: Json = JSON.parse(JSON.stringify(value));
  return copied;
}
