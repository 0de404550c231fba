/** What a test gives the interpreter: its Lambda functions and other integrations, and how they see the call. */
import type { Clock } from "../../../src/flow/clock.ts";
import type { Json } from "../../../src/flow/json.ts";

/** What a caller of SendTask… may do with a task token. Each throws a `TaskTokenError` where AWS would. */
export interface TaskTokens {
  succeed(token: string, output: Json): void;
  fail(token: string, failure: { error: string; cause: string }): void;
  heartbeat(token: string): void;
}

export interface CallContext {
  executionName: string;
  executionArn: string;
  stateName: string;
  /** 0 for the first try of this state. */
  retryCount: number;
  /** Time as the execution knows it; `at` arms what a test wants to happen later (a decision, a redrive). */
  clock: Clock;
  /** Takes so many milliseconds of the execution's time; `Infinity` never answers. */
  pause: (ms: number) => Promise<void>;
  tokens: TaskTokens;
}

/**
 * Stands for a Lambda function. A thrown `Error` fails the task: its `name` is the ASL error name (so `Lambda.TooManyRequestsException`
 * is thrown by that name), its `message` the `errorMessage` inside the cause, which is the JSON that Lambda writes.
 * An answer of `undefined` is JSON's null, as with Lambda.
 */
export type LambdaHandler = (functionName: string, payload: Json, context: CallContext) => Promise<Json | undefined>;

/** Stands for another service; gets the evaluated Arguments. A thrown `Error`'s name and message are error and cause. */
export type IntegrationHandler = (args: Json, context: CallContext) => Promise<Json>;

/** The error that a function or a service names. */
export class NamedError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}
