/** Faults between the store and DynamoDB: answers that get lost, refusals, a process that dies at a chosen write. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

export type Fault =
  /** Applied, and nobody hears of it. */
  "lost" | "throttled" | "broken" | null;

export interface FaultyClient {
  /** Requests so far, tries included. */
  requests(): number;
  writes(): number;
}

/** `fault` is asked at each request; `number` counts from 1, `write` the writes alone (0: it is none). */
export function injectFaults(
  client: DynamoDBClient,
  fault: (request: { command: string; number: number; write: number }) => Fault,
): FaultyClient {
  let requests = 0;
  let writes = 0;
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (call) => {
        requests += 1;
        const isWrite = /^(Put|Update|Delete|BatchWrite)/.test(commandName);
        if (isWrite) writes += 1;
        const struck = fault({ command: commandName, number: requests, write: isWrite ? writes : 0 });
        if (struck === "throttled") throw named("ProvisionedThroughputExceededException");
        if (struck === "broken") throw named("InternalServerError");
        const answer = await next(call);
        if (struck === "lost") throw named("TimeoutError");
        return answer;
      },
    { step: "initialize", name: "injectFaults" },
  );
  return { requests: () => requests, writes: () => writes };
}

function named(name: string): Error {
  return Object.assign(new Error(`${name} of the test`), { name });
}

/** From the `write`-th write on nothing arrives any more: what a killed process leaves behind. */
export function dieBefore(client: DynamoDBClient, write: number): void {
  let writes = 0;
  let dead = false;
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (call) => {
        if (/^(Put|Update|Delete|BatchWrite)/.test(commandName)) writes += 1;
        dead ||= writes >= write;
        if (dead) throw named("ProcessDied");
        return next(call);
      },
    { step: "initialize", name: "dieBefore" },
  );
}
