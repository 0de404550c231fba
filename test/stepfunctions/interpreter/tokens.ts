/**
 * Task tokens: one for each try of a task that waits for one, as long as AWS allows (2,048 characters), so that nothing that
 * handles them can count on a short one.
 */
import type { Json } from "../../../src/flow/json.ts";
import type { TaskTokens } from "./handlers.ts";

export type TokenErrorName = "InvalidToken" | "TaskDoesNotExist" | "TaskTimedOut";

export class TaskTokenError extends Error {
  constructor(name: TokenErrorName, message: string) {
    super(message);
    this.name = name;
  }
}

export interface TokenTask {
  succeed(output: Json): void;
  fail(failure: { error: string; cause: string }): void;
  heartbeat(): void;
}

const length = 2_048;
const head = "AQCEAAAAKgAAAAMAAAAAAAAAAf";
const shape = new RegExp(`^${head}[0-9a-f]{12}[A-Za-z0-9+/=]+$`);

export class Tokens implements TaskTokens {
  readonly #open = new Map<string, TokenTask>();
  #issued = 0;

  /** `close` once the task is over: later answers get TaskTimedOut. */
  issue(): { token: string; open(task: TokenTask): void; close(): void } {
    this.#issued += 1;
    const token = `${head}${this.#issued.toString(16).padStart(12, "0")}`.padEnd(length, "bGV0dGVycyBvZiBhIHRva2Vu");
    return { token, open: (task) => this.#open.set(token, task), close: () => this.#open.delete(token) };
  }

  succeed(token: string, output: Json): void {
    this.#find(token).succeed(output);
  }

  fail(token: string, failure: { error: string; cause: string }): void {
    this.#find(token).fail(failure);
  }

  heartbeat(token: string): void {
    this.#find(token).heartbeat();
  }

  #find(token: string): TokenTask {
    const task = this.#open.get(token);
    if (task !== undefined) return task;
    if (!shape.test(token) || token.length !== length) throw new TaskTokenError("InvalidToken", "Invalid Token");
    const number = Number.parseInt(token.slice(head.length, head.length + 12), 16);
    if (number > this.#issued) throw new TaskTokenError("TaskDoesNotExist", "Task does not exist");
    throw new TaskTokenError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  }
}
