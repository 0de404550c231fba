/** What a month costs, from unit prices and what one execution takes. Pure; what isn't counted is listed in docs/costs.md. */
import { indexes } from "../../src/state/dynamodb/indexes.ts";
import type { CompiledFlow } from "./compiled-flow.ts";
import { hoursInMonth, prices } from "./prices.ts";
import { wantedSecrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import { vitals } from "./vital-names.ts";

/** What one execution takes. */
export interface PerExecution {
  transitions: number;
  /** Requests to the two functions, and the seconds that all of them take together. */
  functionRequests: number;
  functionSeconds: number;
  writeUnits: number;
  readUnits: number;
  /** Of history, kept in the table for 90 days. */
  tableKib: number;
  logKib: number;
  /** Through the NAT gateway: to Slack, mail and calendars. */
  outsideKib: number;
}

export interface Cost {
  lines: readonly { what: string; dollars: number }[];
  total: number;
}

const gib = 1024 * 1024;
/** Months that an execution's history stays (`retention` in revops.yml). */
const keptMonths = 3;

/** What stands there whether or not anything runs. */
export function standingCost(settings: Settings, flows: readonly CompiledFlow[]): Cost {
  const { bot, network, engine, http } = settings;
  const perHour = (bot.cpu / 1024) * prices.fargateCpuHour + (bot.memory / 1024) * prices.fargateGibHour;
  const endpoints = network.kind === "new" && network.endpoints ? endpointCount(settings) * 2 : 0;
  return sum([
    {
      what: `Fargate, ${bot.count} of ${bot.cpu / 1024} vCPU and ${bot.memory / 1024} GiB`,
      dollars: hours(perHour) * bot.count,
    },
    ...(network.kind === "new"
      ? [{ what: "NAT gateway and its address", dollars: hours(prices.natHour + prices.publicAddressHour) }]
      : []),
    ...(endpoints > 0 ? [{ what: "interface endpoints", dollars: hours(prices.endpointHour) * endpoints }] : []),
    ...(http === null
      ? []
      : [
          {
            what: "load balancer and its two addresses",
            dollars: hours(prices.loadBalancerHour + 2 * prices.publicAddressHour),
          },
        ]),
    { what: "the bot's heartbeats and looks at the table", dollars: bot.count * heartbeats },
    { what: "secrets", dollars: wantedSecrets(settings).length * prices.secretMonth },
    {
      what: "alarms, their metrics and key, the dashboard",
      dollars:
        alarmMetrics(engine, flows) * prices.alarmMonth +
        vitals.length * prices.metricMonth +
        prices.keyMonth +
        prices.dashboardMonth,
    },
  ]);
}

/** On top of what stands there. */
export function runningCost(parameters: {
  engine: Settings["engine"];
  perExecution: PerExecution;
  executions: number;
  /** MiB of a function. */
  memory: number;
}): Cost {
  const { engine, perExecution: one, executions, memory } = parameters;
  const each = (dollars: number) => dollars * executions;
  const ofService =
    engine === "embedded"
      ? []
      : [
          { what: "Step Functions", dollars: each(one.transitions * prices.transition) },
          {
            what: "Lambda",
            dollars: each(
              one.functionRequests * prices.lambdaRequest +
                one.functionSeconds * (memory / 1024) * prices.lambdaGibSecond,
            ),
          },
          { what: "EventBridge Scheduler", dollars: firingsInMonth * prices.schedulerInvocation },
        ];
  return sum([
    ...ofService,
    { what: "DynamoDB, requests", dollars: each(one.writeUnits * prices.writeUnit + one.readUnits * prices.readUnit) },
    { what: "DynamoDB, storage", dollars: each((one.tableKib / gib) * prices.tableGibMonth) * keptMonths },
    { what: "logs", dollars: each((one.logKib / gib) * prices.logsGib) },
    { what: "NAT gateway, bytes", dollars: each((one.outsideKib / gib) * prices.natGib) },
  ]);
}

/** A schedule a day. */
const firingsInMonth = 30;

/** docs/dynamodb.md: a heartbeat each two seconds, a look at the leases each second, one at what is due each two. */
const heartbeats = 30 * (43_200 * prices.writeUnit + (86_400 + 4 * 43_200) * 0.5 * prices.readUnit);

const hours = (price: number) => price * hoursInMonth;

function endpointCount({ engine, bedrock }: Settings): number {
  return 4 + (engine === "stepfunctions" ? 1 : 0) + (bedrock === null ? 0 : 1);
}

/** What alarms.ts looks at; a test counts both. */
export function alarmMetrics(engine: Settings["engine"], flows: readonly CompiledFlow[]): number {
  const ofFlows = flows.map(({ schedules, batch }) => 3 + (batch === null ? 0 : 2) + (schedules.length > 0 ? 2 : 0));
  const ofTable = 2 + Object.keys(indexes).length;
  return 6 + ofTable + (engine === "stepfunctions" ? 4 + ofFlows.reduce((all, count) => all + count, 0) : 0);
}

function sum(lines: Cost["lines"]): Cost {
  return { lines, total: lines.reduce((total, { dollars }) => total + dollars, 0) };
}
