/** The bot's lines about how it does (bot/vitals.ts), made metrics of: by a filter on its log, so that the bot itself needs no right. */
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import * as logs from "aws-cdk-lib/aws-logs";
import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Settings } from "./settings.ts";
import { type Vital, vitals } from "./vital-names.ts";

const namespaceOf = ({ name }: Settings): string => `RevOpsFlows/${name}`;

export function vitalFilters(scope: Construct, { settings, log }: { settings: Settings; log: logs.ILogGroup }): void {
  for (const vital of vitals)
    new logs.MetricFilter(scope, `Vital-${vital}`, {
      logGroup: log,
      metricNamespace: namespaceOf(settings),
      metricName: vital,
      filterPattern: logs.FilterPattern.all(
        logs.FilterPattern.numberValue("$.vitals", "=", 1),
        logs.FilterPattern.numberValue(`$.${vital}`, ">=", 0),
      ),
      metricValue: `$.${vital}`,
    });
}

/** `minutes`: no shorter than from one line to the next. */
export function vitalMetric(settings: Settings, vital: Vital, { minutes }: { minutes: number }): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: namespaceOf(settings),
    metricName: vital,
    statistic: "Maximum",
    period: Duration.minutes(minutes),
  });
}
