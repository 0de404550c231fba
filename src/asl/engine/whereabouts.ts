/**
 * How the service's executions stand: which ones run, and how one has ended that doesn't.
 *
 * - W1. A list may lag by seconds, so it only says whom to ask about; what counts is the execution's own answer.
 * - W2. One that nobody knows has lost its machine. It is said to have ended only where its machine is there (again): a bot that
 *   looks into the wrong account finds neither, and ends nothing.
 */
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  type DescribeExecutionCommandOutput,
  type ListExecutionsCommandOutput,
} from "@aws-sdk/client-sfn";
import { z } from "zod";
import { JsonObject } from "../../flow/json.ts";
import { Outcome } from "../../flow/record.ts";
import type { Whereabouts } from "../../engine/follower.ts";
import { withoutRedrive } from "../../engine/owed.ts";
import { failureNamed } from "../handlers/adopt.ts";
import { serviceErrorName, tellLater } from "./service-error.ts";
import type { Service } from "./service.ts";

const pageSize = 1_000;
/** A start is seen everywhere by then. */
const seenEverywhereMs = 600_000;
/** Enough to find the last state that was entered, with what was retried in it. */
const lastEvents = 20;

const Output = z.looseObject({ outcome: Outcome, outputs: JsonObject });

/** Ids of our executions; none where there is no such machine. */
export async function runningIn(
  { client, asked }: Service,
  { machine }: { machine: string },
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const running = { stateMachineArn: machine, statusFilter: "RUNNING", maxResults: pageSize } as const;
  let nextToken: string | undefined;
  try {
    do {
      const page: ListExecutionsCommandOutput = await asked(() =>
        client.send(new ListExecutionsCommand({ ...running, nextToken })),
      );
      for (const { name = "" } of page.executions ?? []) ids.add(withoutRedrive(name));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  } catch (error) {
    if (serviceErrorName(error) !== "StateMachineDoesNotExist")
      throw tellLater("list executions (states:ListExecutions)", error);
  }
  return ids;
}

export async function whereaboutsOf(
  api: Service,
  about: { executionArn: string; machine: string; /** Since the service was told to start it. */ sinceMs: number },
): Promise<Whereabouts> {
  const { executionArn } = about;
  try {
    const described = await api.asked(() => api.client.send(new DescribeExecutionCommand({ executionArn })));
    return await endIn(api, described);
  } catch (error) {
    if (serviceErrorName(error) === "ExecutionDoesNotExist") return unknown(api, about);
    throw tellLater("tell how it stands (states:DescribeExecution)", error);
  }
}

async function endIn(api: Service, described: DescribeExecutionCommandOutput): Promise<Whereabouts> {
  const { status, error = "", cause = "", output, executionArn } = described;
  if (status === "FAILED") {
    const stateName = await lastState(api, executionArn ?? "");
    return { status: "failed", failure: failureNamed({ error, cause }), stateName };
  }
  if (status === "TIMED_OUT") return { status: "timed_out" };
  if (status === "ABORTED") return { status: "aborted" };
  if (status !== "SUCCEEDED") return null;
  const read = Output.safeParse(output === undefined ? null : JSON.parse(output));
  return read.success ? { status: "succeeded", ...read.data } : null;
}

/** Where it broke; null: its history can't be read, which is no reason not to tell of the end. */
async function lastState({ client, asked }: Service, executionArn: string): Promise<string | null> {
  const latest = new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: lastEvents });
  try {
    const { events = [] } = await asked(() => client.send(latest));
    return events.find(({ type }) => type?.endsWith("StateEntered"))?.stateEnteredEventDetails?.name ?? null;
  } catch {
    return null;
  }
}

/** W2. */
async function unknown(
  { client, asked }: Service,
  { executionArn, machine, sinceMs }: Parameters<typeof whereaboutsOf>[1],
): Promise<Whereabouts> {
  if (sinceMs < seenEverywhereMs) return null;
  try {
    await asked(() => client.send(new ListExecutionsCommand({ stateMachineArn: machine, maxResults: 1 })));
  } catch (error) {
    if (serviceErrorName(error) !== "StateMachineDoesNotExist")
      throw tellLater("list executions (states:ListExecutions)", error);
    const cause = `There is no state machine ${machine} any more: it was deleted, or REVOPS_STATE_MACHINES names another account or region. Deploy the flow (npx revops deploy), or abort this execution.`;
    return { status: "unknown", failure: { error: "Agent.Unavailable", cause } };
  }
  const cause = `Step Functions no longer knows ${executionArn}: its state machine was deleted while it ran, and is another one now. Redrive this execution.`;
  return { status: "failed", failure: { error: "Flow.Failed", cause }, stateName: null };
}
