/**
 * Which faults wake somebody, and from when on. What is told in Slack anyway (a failed step, a doubt, an approval) is an alarm only
 * where it stays, or where nobody in Slack would hear of it.
 */
import { Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { indexes } from "../../src/state/dynamodb/indexes.ts";
import type { CompiledFlow } from "./compiled-flow.ts";
import {
  batchMachineName,
  functionName,
  lostFiringsName,
  machineArn,
  machineName,
  scheduleGroupName,
  tableName,
} from "./names.ts";
import type { Settings } from "./settings.ts";
import type { Vital } from "./vital-names.ts";
import { vitalMetric } from "./vitals.ts";

export interface AlarmAsked {
  id: string;
  about: string;
  metric: cloudwatch.Metric | cloudwatch.MathExpression;
  threshold: number;
  /** Periods of the metric in a row that it must be over (1). */
  periods?: number;
  below?: boolean;
  /** No figures at all are the fault that is looked for. */
  silenceIsBad?: boolean;
}

const period = Duration.minutes(1);
/** From one line about how things stand to the next it is five minutes: there is one in each ten. */
const standing = 10;
const anHour = 60 / standing;
/** Longer than any step tries by itself. */
const overdueSeconds = 1_800;

export function alarmsOf(
  scope: Construct,
  { settings, flows }: { settings: Settings; flows: readonly CompiledFlow[] },
): AlarmAsked[] {
  return [
    ...botAlarms(settings),
    ...standingAlarms(settings),
    tableAlarm(settings),
    ...(settings.engine === "stepfunctions" ? functionAlarms(settings) : []),
    ...flows.flatMap((flow) => flowAlarms(scope, settings, flow)),
  ];
}

function botAlarms(settings: Settings): AlarmAsked[] {
  const { name } = settings;
  const dimensionsMap = { ClusterName: name, ServiceName: `${name}-bot` };
  return [
    {
      id: "NoBot",
      about: "No process of the bot runs: nobody in Slack gets an answer, and with the embedded engine nothing moves.",
      metric: metric({
        namespace: "ECS/ContainerInsights",
        metricName: "RunningTaskCount",
        dimensionsMap,
        statistic: "Maximum",
      }),
      threshold: 1,
      periods: 3,
      below: true,
      silenceIsBad: true,
    },
    {
      id: "BotNotReady",
      about:
        "The bot runs, and no process of it is ready: Slack doesn't reach it, or the table can't be read. /readyz says which.",
      metric: vitalMetric(settings, "ready", { minutes: 1 }),
      threshold: 1,
      periods: 5,
      below: true,
    },
    {
      id: "BotMemory",
      about: "The bot is about to be stopped for want of memory.",
      metric: metric({ namespace: "AWS/ECS", metricName: "MemoryUtilization", dimensionsMap, statistic: "Maximum" }),
      threshold: 90,
      periods: 5,
    },
  ];
}

/** Of what the bot's log says of how things stand. */
function standingAlarms(settings: Settings): AlarmAsked[] {
  const { approval_hours } = settings.alarms;
  const of = (vital: Vital) => vitalMetric(settings, vital, { minutes: standing });
  return [
    {
      id: "OldApproval",
      about: `An approval has waited for ${approval_hours} hours, its reminders and escalation included: /revops approvals lists it.`,
      metric: of("oldest_approval_seconds"),
      threshold: approval_hours * 3_600,
    },
    {
      id: "Doubts",
      about:
        "For an hour nobody has answered whether something that was sent arrived; its execution waits. /revops status lists it.",
      metric: of("doubts_open"),
      threshold: 1,
      periods: anHour,
    },
    {
      id: "Overdue",
      about:
        "Something has been due for half an hour and hasn't happened: starts that Step Functions doesn't take, or a bot that doesn't keep up.",
      metric: of("longest_overdue_seconds"),
      threshold: overdueSeconds,
    },
  ];
}

function tableAlarm({ name }: Settings): AlarmAsked {
  const TableName = tableName(name);
  // Of an index they count apart, and a slow one holds up the table's writes.
  const places = [
    { TableName },
    ...Object.values(indexes).map((index) => ({ TableName, GlobalSecondaryIndexName: index.name })),
  ];
  const writes = places.map((dimensionsMap, index): [string, cloudwatch.Metric] => [
    `w${index}`,
    metric({ namespace: "AWS/DynamoDB", metricName: "WriteThrottleEvents", dimensionsMap, statistic: "Sum" }),
  ]);
  const reads = metric({
    namespace: "AWS/DynamoDB",
    metricName: "ReadThrottleEvents",
    dimensionsMap: { TableName },
    statistic: "Sum",
  });
  return {
    id: "TableThrottled",
    about: "DynamoDB refuses requests of the table; they are tried again, and executions wait.",
    metric: sum("throttled requests", { r: reads, ...Object.fromEntries(writes) }),
    threshold: 10,
    periods: 5,
  };
}

function functionAlarms({ name }: Settings): AlarmAsked[] {
  return (["actions", "effects"] as const).flatMap((which): AlarmAsked[] => {
    const dimensionsMap = { FunctionName: functionName(name, which) };
    const of = (metricName: string) => metric({ namespace: "AWS/Lambda", metricName, dimensionsMap, statistic: "Sum" });
    return [
      {
        id: `Errors-${which}`,
        about: `The function ${which} fails. Single failures are tried again; this many in a row are not chance.`,
        metric: of("Errors"),
        threshold: 5,
        periods: 5,
      },
      {
        id: `Throttles-${which}`,
        about: `The function ${which} is at its limit of requests at once; machines try again with pauses.`,
        metric: of("Throttles"),
        threshold: 1,
        periods: 5,
      },
    ];
  });
}

function flowAlarms(scope: Construct, { name }: Settings, flow: CompiledFlow): AlarmAsked[] {
  const { flow_id, batch, schedules } = flow;
  const machine = machineName(name, flow_id);
  const of = (which: string, metricName: string) => ofMachine(scope, which, metricName);
  const batchName = batchMachineName(name, flow_id);
  const ofBatch: Record<string, cloudwatch.Metric> =
    batch === null ? {} : { bf: of(batchName, "ExecutionsFailed"), bt: of(batchName, "ExecutionsTimedOut") };
  return [
    {
      id: `Failed-${flow_id}`,
      about: `Executions of ${flow_id}${batch === null ? "" : " or its batches"} fail or time out. The card in Slack of each offers Redrive.`,
      metric: sum(`${flow_id} failed or timed out`, {
        f: of(machine, "ExecutionsFailed"),
        t: of(machine, "ExecutionsTimedOut"),
        ...ofBatch,
      }),
      threshold: 1,
    },
    {
      id: `Throttled-${flow_id}`,
      about: `Step Functions slows executions of ${flow_id}: the account's limit of transitions is reached.`,
      metric: of(machine, "ExecutionThrottled"),
      threshold: 1,
      periods: 5,
    },
    ...(schedules.length === 0 ? [] : scheduleAlarms(name, flow_id)),
  ];
}

function scheduleAlarms(name: string, flowId: string): AlarmAsked[] {
  const queue = lostFiringsName(name, flowId);
  return [
    {
      id: `Firing-${flowId}`,
      about: `A firing of ${flowId} can't be started, and is tried again for a day: most often a right or the alias is missing.`,
      metric: metric({
        namespace: "AWS/Scheduler",
        metricName: "TargetErrorCount",
        dimensionsMap: { ScheduleGroup: scheduleGroupName(name, flowId) },
        statistic: "Sum",
      }),
      threshold: 3,
    },
    {
      id: `Lost-${flowId}`,
      about: `A firing of ${flowId} could not be started within a day: see the queue ${queue}.`,
      metric: metric({
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensionsMap: { QueueName: queue },
        statistic: "Maximum",
      }),
      threshold: 1,
    },
  ];
}

export function ofMachine(scope: Construct, machine: string, metricName: string): cloudwatch.Metric {
  const dimensionsMap = { StateMachineArn: machineArn(scope, machine) };
  return metric({ namespace: "AWS/States", metricName, dimensionsMap, statistic: "Sum" });
}

export function metric(props: {
  namespace: string;
  metricName: string;
  dimensionsMap: Record<string, string>;
  statistic: "Sum" | "Maximum";
}): cloudwatch.Metric {
  return new cloudwatch.Metric({ ...props, period });
}

function sum(label: string, usingMetrics: Record<string, cloudwatch.Metric>): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: Object.keys(usingMetrics).join(" + "),
    label,
    period,
    usingMetrics,
  });
}
