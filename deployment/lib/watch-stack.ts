/** What wakes somebody, and the one page to look at: alarms into a topic, a dashboard. */
import { Stack, type StackProps } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import * as iam from "aws-cdk-lib/aws-iam";
import * as kms from "aws-cdk-lib/aws-kms";
import * as sns from "aws-cdk-lib/aws-sns";
import * as subscriptions from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import { type AlarmAsked, alarmsOf, metric, ofMachine } from "./alarms.ts";
import type { CompiledFlow } from "./compiled-flow.ts";
import { functionName, machineName, tableName } from "./names.ts";
import type { Settings } from "./settings.ts";
import type { Vital } from "./vital-names.ts";
import { vitalMetric } from "./vitals.ts";

export interface WatchStackProps extends StackProps {
  settings: Settings;
  flows: readonly CompiledFlow[];
}

export class WatchStack extends Stack {
  readonly #topic: sns.Topic;
  readonly #settings: Settings;

  constructor(scope: Construct, id: string, props: WatchStackProps) {
    super(scope, id, props);
    this.#settings = props.settings;
    this.#topic = this.#alarmTopic();
    const alarms = alarmsOf(this, props).map((asked) => this.#alarm(asked));
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

  #alarm({
    id,
    about,
    metric: watched,
    threshold,
    periods = 1,
    below = false,
    silenceIsBad = false,
  }: AlarmAsked): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmName: `${this.#settings.name}-${id}`,
      alarmDescription: about,
      metric: watched,
      threshold,
      evaluationPeriods: periods,
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
    const stands = (title: string, ...shown: readonly Vital[]) =>
      graph(
        title,
        shown.map((vital) => vitalMetric(settings, vital, { minutes: 10 })),
      );
    dashboard.addWidgets(
      stands("Approvals and doubts that wait", "approvals_waiting", "doubts_open"),
      stands("Oldest approval, seconds", "oldest_approval_seconds"),
      stands("Longest overdue, seconds", "longest_overdue_seconds"),
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
          ["ExecutionsFailed", "ExecutionsTimedOut"].map((each) => ofMachine(this, machineName(name, flow_id), each)),
        ),
      ),
    );
    dashboard.addWidgets(
      graph(
        "Executions started",
        flows.map(({ flow_id }) => ofMachine(this, machineName(name, flow_id), "ExecutionsStarted")),
        24,
      ),
    );
  }
}

function graph(title: string, left: cloudwatch.IMetric[], width = 8): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, width, height: 6 });
}
