/** Actions on executions. https://docs.aws.amazon.com/step-functions/latest/apireference/ */
import { z } from "zod";
import { uuid } from "../interpreter/added-functions.ts";
import type { Execution } from "../interpreter/execution.ts";
import { NotRedrivable } from "../interpreter/executions.ts";
import type { HistoryEvent } from "../interpreter/history.ts";
import { maxPayload } from "../interpreter/template.ts";
import { StartRefused } from "../interpreter/world.ts";
import { action, parseJson, seconds } from "./action.ts";
import type { Action, Output, Service } from "./action.ts";
import { ApiError } from "./api-error.ts";
import { missing } from "./machine-actions.ts";
import { page } from "./pages.ts";

const Paged = { maxResults: z.int().min(0).max(1000).optional(), nextToken: z.string().optional() };
const OfExecution = { executionArn: z.string().min(1).max(256) };
const Status = z.enum(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]);

export const executionActions: Readonly<Record<string, Action>> = {
  StartExecution: action(
    z.looseObject({ stateMachineArn: z.string().min(1), name: z.string().optional(), input: z.string().optional() }),
    ({ stateMachineArn, name, input = "{}" }, { executions, fraction }) => {
      if (Buffer.byteLength(input) > maxPayload) {
        throw new ApiError("InvalidExecutionInput", `The input is longer than ${maxPayload} bytes.`);
      }
      const value = parseJson(input, "InvalidExecutionInput");
      try {
        const asked = { machine: stateMachineArn, name: name ?? uuid(fraction), input: value };
        const { arn, startedAt } = executions.start(asked);
        return { executionArn: arn, startDate: seconds(startedAt) };
      } catch (error) {
        if (error instanceof StartRefused) throw new ApiError(error.reason, error.message);
        throw error;
      }
    },
  ),
  DescribeExecution: action(z.looseObject(OfExecution), ({ executionArn }, service) => {
    const execution = found(service, executionArn);
    return {
      ...summary(execution),
      input: JSON.stringify(execution.input),
      inputDetails: { included: true },
      ...(execution.output === undefined
        ? {}
        : { output: JSON.stringify(execution.output), outputDetails: { included: true } }),
      error: execution.error,
      cause: execution.cause,
      ...redrivable(service, execution),
    };
  }),
  DescribeStateMachineForExecution: action(z.looseObject(OfExecution), ({ executionArn }, service) => {
    const { of } = found(service, executionArn);
    return {
      stateMachineArn: of.stateMachine.arn,
      name: of.stateMachine.name,
      definition: of.definition,
      roleArn: of.stateMachine.roleArn,
      updateDate: seconds(of.stateMachine.updatedAt),
    };
  }),
  ListExecutions: action(
    z.looseObject({
      stateMachineArn: z.string().optional(),
      mapRunArn: z.string().optional(),
      statusFilter: Status.optional(),
      ...Paged,
    }),
    ({ stateMachineArn, mapRunArn, statusFilter, ...paged }, { executions, machines, fraction }) => {
      if ((stateMachineArn === undefined) === (mapRunArn === undefined)) {
        throw new ApiError("ValidationException", "Either a state machine ARN or a map run ARN must be specified");
      }
      if (stateMachineArn !== undefined && machines.resolve(stateMachineArn, fraction) === undefined) {
        throw missing(stateMachineArn);
      }
      const all = executions
        .all()
        .filter((one) => (mapRunArn === undefined ? isOf(one, stateMachineArn) : one.mapRunArn === mapRunArn))
        .filter((one) => statusFilter === undefined || one.status === statusFilter)
        .toReversed();
      const list = JSON.stringify([stateMachineArn, mapRunArn, statusFilter]);
      const { items, ...more } = page(all, { ...paged, list });
      return { executions: items.map((one) => summary(one)), ...more };
    },
  ),
  GetExecutionHistory: action(
    z.looseObject({
      ...OfExecution,
      ...Paged,
      reverseOrder: z.boolean().optional(),
      includeExecutionData: z.boolean().optional(),
    }),
    ({ executionArn, reverseOrder = false, includeExecutionData = true, ...paged }, service) => {
      const { events } = found(service, executionArn).history;
      const ordered = reverseOrder ? events.toReversed() : events;
      const { items, ...more } = page(ordered, { ...paged, list: `${executionArn} ${reverseOrder}` });
      return { events: items.map((event) => eventOutput(event, includeExecutionData)), ...more };
    },
  ),
  StopExecution: action(
    z.looseObject({ ...OfExecution, error: z.string().max(256).optional(), cause: z.string().max(32_768).optional() }),
    async ({ executionArn, error, cause }, service) => {
      const execution = found(service, executionArn);
      service.executions.stop(execution, { error, cause });
      if (execution.status === "RUNNING") await execution.ended;
      return { stopDate: seconds(execution.stoppedAt ?? service.clock.now()) };
    },
  ),
  RedriveExecution: action(
    z.looseObject({ ...OfExecution, clientToken: z.string().min(1).max(64).optional() }),
    ({ executionArn, clientToken = null }, service) => {
      const execution = found(service, executionArn);
      try {
        service.executions.redrive(execution, clientToken);
      } catch (error) {
        if (error instanceof NotRedrivable) throw new ApiError("ExecutionNotRedrivable", error.message);
        throw error;
      }
      return { redriveDate: seconds(execution.redrivenAt ?? service.clock.now()) };
    },
  ),
};

function found({ executions, machines }: Service, arn: string): Execution {
  const execution = executions.find(arn);
  const isGone =
    execution !== undefined && execution.status !== "RUNNING" && machines.isRemoved(execution.of.stateMachine);
  if (execution === undefined || isGone) {
    throw new ApiError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
  }
  return execution;
}

function redrivable({ executions }: Service, execution: Execution): Output {
  if (execution.mapRunArn !== null && execution.status !== "RUNNING" && execution.status !== "SUCCEEDED") {
    return { redriveStatus: "REDRIVABLE_BY_MAP_RUN" };
  }
  const reason = executions.whyNotRedrivable(execution);
  return reason === null
    ? { redriveStatus: "REDRIVABLE" }
    : { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: reason };
}

function isOf({ of, mapRunArn }: Execution, arn: string | undefined): boolean {
  if (mapRunArn !== null) return false;
  return of.stateMachine.arn === arn || of.versionArn === arn || of.aliasArn === arn;
}

function summary(execution: Execution): Output {
  const { of, startedAt, stoppedAt, redrivenAt } = execution;
  return {
    executionArn: execution.arn,
    stateMachineArn: of.stateMachine.arn,
    name: execution.name,
    status: execution.status,
    startDate: seconds(startedAt),
    redriveCount: execution.redriveCount,
    ...(stoppedAt === null ? {} : { stopDate: seconds(stoppedAt) }),
    ...(redrivenAt === null ? {} : { redriveDate: seconds(redrivenAt) }),
    ...(of.versionArn === null ? {} : { stateMachineVersionArn: of.versionArn }),
    ...(of.aliasArn === null ? {} : { stateMachineAliasArn: of.aliasArn }),
    ...(execution.mapRunArn === null ? {} : { mapRunArn: execution.mapRunArn }),
  };
}

const executionData: ReadonlySet<string> = new Set(["input", "output", "parameters", "assignedVariables"]);

function eventOutput({ id, previousEventId, timestamp, type, details }: HistoryEvent, withData: boolean): Output {
  const shown = Object.entries(details).map(([group, fields]) => [
    group,
    Object.fromEntries(Object.entries(fields).filter(([field]) => withData || !executionData.has(field))),
  ]);
  return { id, previousEventId, timestamp: seconds(timestamp), type, ...Object.fromEntries(shown) };
}
