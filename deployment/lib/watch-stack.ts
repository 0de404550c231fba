/** What wakes somebody, and the one page to look at: alarms into a topic, a dashboard. */
import { Duration, Stack, type StackProps } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import * as iam from "aws-cdk-lib/aws-iam";
import * as kms from "aws-cdk-lib/aws-kms";
import * as sns from "aws-cdk-lib/aws-sns";
import * as subscriptions from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { CompiledFlow } from "./compiled-flow.ts";
import { functionName, lostFiringsName, machineArn, machineName, tableName } from "./names.ts";
import type { Settings } from "./settings.ts";

export interface WatchStackProps extends StackProps {
  settings: Settings;
  flows: readonly CompiledFlow[];
}

interface AlarmAsked {
  id: string;
  about: string;
  metric: cloudwatch.IMetric;
  threshold: number;
  /** Minutes in a row that it must be over. */
  minutes?: number;
  below?: boolean;
  /** No figures at all are the fault that is looked for. */
  silenceIsBad?: boolean;
}

const period = Duration.minutes(1);

export class WatchStack extends Stack {
  readonly #topic: sns.Topic;
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, props: WatchStackProps) {
    super(scope, id, props);
    this.#settings = props.settings;
    this.#topic = this.#alarmTopic();
    const alarms = this.#alarms(props).map((asked) => this.#alarm(asked));
    this.#dashboard({ ...props, alarms });
  }

  /** A key of its own: CloudWatch may not publish to a topic under the key that AWS manages. */
  #alarmTopic(): sns.Topic {
    const key = new kms.Key(this, "TopicKey", {
      description: "RevOps Flows: the topic of alarms",
      enableKeyRotation: true,
    });
    const cloudWatch = new iam.ServicePrincipal("cloudwatch.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": this.account } },
    });
    key.grant(cloudWatch, "kms:Decrypt", "kms:GenerateDataKey*");
    const topic = new sns.Topic(this, "Alarms", {
      topicName: `${this.#settings.name}-alarms`,
      masterKey: key,
      enforceSSL: true,
    });
    const { email } = this.#settings.alarms;
    if (email !== null) topic.addSubscription(new subscriptions.EmailSubscription(email));
    return topic;
  }

  #alarms({ settings, flows }: WatchStackProps): AlarmAsked[] {
    return [
      ...this.#botAlarms(settings),
      ...this.#tableAlarms(settings),
      ...(settings.engine === "stepfunctions" ? this.#functionAlarms(settings) : []),
      ...flows.flatMap((flow) => this.#flowAlarms(settings, flow)),
    ];
  }

  #botAlarms({ name }: Settings): AlarmAsked[] {
    const dimensionsMap = { ClusterName: name, ServiceName: `${name}-bot` };
    const about =
      "No process of the bot runs: nobody in Slack gets an answer, and with the embedded engine nothing moves.";
    return [
      {
        id: "NoBot",
        about,
        metric: metric({
          namespace: "ECS/ContainerInsights",
          metricName: "RunningTaskCount",
          dimensionsMap,
          statistic: "Maximum",
        }),
        threshold: 1,
        minutes: 3,
        below: true,
        silenceIsBad: true,
      },
      {
        id: "BotMemory",
        about: "The bot is about to be stopped for want of memory.",
        metric: metric({ namespace: "AWS/ECS", metricName: "MemoryUtilization", dimensionsMap, statistic: "Maximum" }),
        threshold: 90,
        minutes: 5,
      },
    ];
  }

  #tableAlarms({ name }: Settings): AlarmAsked[] {
    const dimensionsMap = { TableName: tableName(name) };
    return [
      {
        id: "TableThrottled",
        about: "DynamoDB refuses requests of the table; they are tried again, and executions wait.",
        metric: new cloudwatch.MathExpression({
          expression: "r + w",
          label: "throttled requests",
          period,
          usingMetrics: {
            r: metric({ namespace: "AWS/DynamoDB", metricName: "ReadThrottleEvents", dimensionsMap, statistic: "Sum" }),
            w: metric({
              namespace: "AWS/DynamoDB",
              metricName: "WriteThrottleEvents",
              dimensionsMap,
              statistic: "Sum",
            }),
          },
        }),
        threshold: 10,
        minutes: 5,
      },
    ];
  }

  #functionAlarms({ name }: Settings): AlarmAsked[] {
    return (["actions", "effects"] as const).flatMap((which): AlarmAsked[] => {
      const dimensionsMap = { FunctionName: functionName(name, which) };
      const of = (metricName: string) =>
        metric({ namespace: "AWS/Lambda", metricName, dimensionsMap, statistic: "Sum" });
      return [
        {
          id: `Errors-${which}`,
          about: `The function ${which} fails. Single failures are tried again; this many in a row are not chance.`,
          metric: of("Errors"),
          threshold: 5,
          minutes: 5,
        },
        {
          id: `Throttles-${which}`,
          about: `The function ${which} is at its limit of requests at once; machines try again with pauses.`,
          metric: of("Throttles"),
          threshold: 1,
          minutes: 5,
        },
      ];
    });
  }

  #flowAlarms({ name }: Settings, { flow_id, schedules }: CompiledFlow): AlarmAsked[] {
    const machine = machineName(name, flow_id);
    const of = (metricName: string) => this.#ofMachine(machine, metricName);
    const failed = new cloudwatch.MathExpression({
      expression: "f + t",
      label: `${flow_id} failed or timed out`,
      period,
      usingMetrics: { f: of("ExecutionsFailed"), t: of("ExecutionsTimedOut") },
    });
    return [
      {
        id: `Failed-${flow_id}`,
        about: `Executions of ${flow_id} fail or time out. The card in Slack of each offers Redrive.`,
        metric: failed,
        threshold: 1,
      },
      {
        id: `Throttled-${flow_id}`,
        about: `Step Functions slows executions of ${flow_id}: the account's limit of transitions is reached.`,
        metric: of("ExecutionThrottled"),
        threshold: 1,
        minutes: 5,
      },
      ...(schedules.length === 0
        ? []
        : [
            {
              id: `Lost-${flow_id}`,
              about: `A firing of ${flow_id} could not be started within an hour: see the queue ${lostFiringsName(name, flow_id)}.`,
              metric: metric({
                namespace: "AWS/SQS",
                metricName: "ApproximateNumberOfMessagesVisible",
                dimensionsMap: { QueueName: lostFiringsName(name, flow_id) },
                statistic: "Maximum",
              }),
              threshold: 1,
            },
          ]),
    ];
  }

  #ofMachine(machine: string, metricName: string): cloudwatch.Metric {
    return metric({
      namespace: "AWS/States",
      metricName,
      dimensionsMap: { StateMachineArn: machineArn(this, machine) },
      statistic: "Sum",
    });
  }

  #alarm({
    id,
    about,
    metric: watched,
    threshold,
    minutes = 1,
    below = false,
    silenceIsBad = false,
  }: AlarmAsked): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmName: `${this.#settings.name}-${id}`,
      alarmDescription: about,
      metric: watched,
      threshold,
      evaluationPeriods: minutes,
      comparisonOperator: below
        ? cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
        : cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: silenceIsBad
        ? cloudwatch.TreatMissingData.BREACHING
        : cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(this.#topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  }

  #dashboard({ settings, flows, alarms }: WatchStackProps & { alarms: readonly cloudwatch.IAlarm[] }): void {
    const { name } = settings;
    const dashboard = new cloudwatch.Dashboard(this, "Dashboard", { dashboardName: name });
    dashboard.addWidgets(
      new cloudwatch.AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: 24, height: 4 }),
    );
    const bot = { ClusterName: name, ServiceName: `${name}-bot` };
    dashboard.addWidgets(
      graph("Processes of the bot", [
        metric({
          namespace: "ECS/ContainerInsights",
          metricName: "RunningTaskCount",
          dimensionsMap: bot,
          statistic: "Maximum",
        }),
      ]),
      graph(
        "Memory and processor of the bot, percent",
        ["MemoryUtilization", "CPUUtilization"].map((metricName) =>
          metric({ namespace: "AWS/ECS", metricName, dimensionsMap: bot, statistic: "Maximum" }),
        ),
      ),
      graph(
        "Units of the table",
        ["ConsumedWriteCapacityUnits", "ConsumedReadCapacityUnits"].map((metricName) =>
          metric({
            namespace: "AWS/DynamoDB",
            metricName,
            dimensionsMap: { TableName: tableName(name) },
            statistic: "Sum",
          }),
        ),
      ),
    );
    if (settings.engine === "embedded") return;
    dashboard.addWidgets(
      ...(["actions", "effects"] as const).map((which) =>
        graph(
          `Function ${which}`,
          ["Invocations", "Errors", "Throttles"].map((metricName) =>
            metric({
              namespace: "AWS/Lambda",
              metricName,
              dimensionsMap: { FunctionName: functionName(name, which) },
              statistic: "Sum",
            }),
          ),
        ),
      ),
      graph(
        "Executions that failed or timed out",
        flows.flatMap(({ flow_id }) =>
          ["ExecutionsFailed", "ExecutionsTimedOut"].map((each) => this.#ofMachine(machineName(name, flow_id), each)),
        ),
      ),
    );
    dashboard.addWidgets(
      graph(
        "Executions started",
        flows.map(({ flow_id }) => this.#ofMachine(machineName(name, flow_id), "ExecutionsStarted")),
        24,
      ),
    );
  }
}

function metric(props: {
  namespace: string;
  metricName: string;
  dimensionsMap: Record<string, string>;
  statistic: "Sum" | "Maximum";
}): cloudwatch.Metric {
  return new cloudwatch.Metric({ ...props, period });
}

function graph(title: string, left: cloudwatch.IMetric[], width = 8): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, width, height: 6 });
}
