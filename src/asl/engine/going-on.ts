/**
 * What becomes of the service's execution once ours is redriven: it goes on, or another one takes its place over the same log.
 *
 * - G1. Asked twice, it is one redrive: its client token tells, and so does the count of those that this log knows of.
 * - G2. Of one log there is one machine under way: whatever still runs is stopped before another one begins.
 * - G3. Only one that was cut off goes on: a machine that failed has its failure in its own books, and would fail again.
 */
import {
  DescribeExecutionCommand,
  RedriveExecutionCommand,
  StopExecutionCommand,
  type DescribeExecutionCommandOutput,
} from "@aws-sdk/client-sfn";
import type { Failure } from "../../flow/failure.ts";
import { redrivesTold } from "../../engine/owed.ts";
import type { ServiceState } from "../../flow/service-state.ts";
import { isDenied, missingRight, serviceErrorName, tellLater } from "./service-error.ts";
import type { Service } from "./service.ts";

export type GoesOn =
  | { kind: "goes_on" }
  /** Nothing of it goes on. */
  | { kind: "anew" }
  | { kind: "refused"; failure: Failure };

interface Asked {
  service: ServiceState;
  executionArn: string;
  /** Of ours, this one among them. */
  redrives: number;
}

/** Throws `FailureError` where it is to be asked again. */
export async function goOn(api: Service, asked: Asked): Promise<GoesOn> {
  const { service, executionArn, redrives } = asked;
  try {
    let found = await described(api, executionArn);
    if (found?.status === "RUNNING") {
      if (service.isWholeRedrive && (found.redriveCount ?? 0) > redrivesTold(service)) return { kind: "goes_on" };
      await stopped(api, executionArn);
      found = await described(api, executionArn);
    }
    if (found?.status === "RUNNING") throw new Error(`${executionArn} is still being stopped`);
    const mayGoOn =
      service.isWholeRedrive && found !== null && wasCutOff(found) && found.redriveStatus === "REDRIVABLE";
    return mayGoOn ? await redriven(api, { executionArn, redrives }) : { kind: "anew" };
  } catch (error) {
    if (error instanceof MissingRight) return { kind: "refused", failure: error.failure };
    throw tellLater("go on with an execution", error);
  }
}

class MissingRight extends Error {
  readonly failure: Failure;

  constructor(asked: Parameters<typeof missingRight>[0], cause: unknown) {
    super(asked.right, { cause });
    this.failure = missingRight(asked, cause);
  }
}

/** G3. */
function wasCutOff({ status }: DescribeExecutionCommandOutput): boolean {
  return status === "TIMED_OUT" || status === "ABORTED";
}

/** Null: the service knows nothing of it; it has forgotten it, or its machine was deleted. */
async function described(
  { client, asked }: Service,
  executionArn: string,
): Promise<DescribeExecutionCommandOutput | null> {
  return withRight({ right: "states:DescribeExecution", on: executionArn, to: "look at executions" }, async () => {
    try {
      return await asked(() => client.send(new DescribeExecutionCommand({ executionArn })));
    } catch (error) {
      if (serviceErrorName(error) === "ExecutionDoesNotExist") return null;
      throw error;
    }
  });
}

/** G2. */
async function stopped({ client, asked }: Service, executionArn: string): Promise<void> {
  const why = { error: "Overtaken", cause: "It was redriven; another execution goes on with its history." };
  await withRight({ right: "states:StopExecution", on: executionArn, to: "stop executions" }, () =>
    asked(() => client.send(new StopExecutionCommand({ executionArn, ...why }))),
  );
}

/** G1. */
async function redriven(
  { client, asked }: Service,
  { executionArn, redrives }: Pick<Asked, "executionArn" | "redrives">,
): Promise<GoesOn> {
  return withRight({ right: "states:RedriveExecution", on: executionArn, to: "redrive executions" }, async () => {
    try {
      const clientToken = `redrive-${redrives}`;
      await asked(() => client.send(new RedriveExecutionCommand({ executionArn, clientToken })));
      return { kind: "goes_on" };
    } catch (error) {
      if (serviceErrorName(error) === "ExecutionNotRedrivable") return { kind: "anew" };
      throw error;
    }
  });
}

async function withRight<T>(right: Parameters<typeof missingRight>[0], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isDenied(error)) throw new MissingRight(right, error);
    throw error;
  }
}
