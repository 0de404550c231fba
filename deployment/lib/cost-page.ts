/** docs/costs.md, written from prices.ts, cost.ts and the compiler's estimates; `npm run costs` writes it, a test compares. */
import { JsonObject, type Json } from "../../src/flow/json.ts";
import type { CompiledFlow } from "./compiled-flow.ts";
import { type Cost, type PerExecution, runningCost, standingCost } from "./cost.ts";
import { hoursInMonth, pricePages, prices, pricesOf } from "./prices.ts";
import type { Settings } from "./settings.ts";

const counts = [100, 10_000, 1_000_000];

/** Seconds that a request to a function takes, and KiB that it logs; assumptions, stated on the page. */
const secondsPerRequest = 0.4;
const logPerRequest = 1;
/** An event of a machine's log without data, in KiB. */
const logPerEvent = 0.7;

/** What happens once in an execution that goes as it should. */
const ordinary = new Set(["begin", "step", "approval", "end"]);

/** Of renewal_management, approved: units as test/state/dynamodb/standard-flow-cost.test.ts measures them, indexes included. */
export function perExecution(engine: Settings["engine"], flow: CompiledFlow): PerExecution {
  const requests = requestsIn(flow.machine);
  const withService = engine === "stepfunctions";
  return {
    transitions: withService ? flow.report.transitions : 0,
    functionRequests: withService ? requests : 0,
    functionSeconds: withService ? requests * secondsPerRequest : 0,
    writeUnits: 75 + 18,
    readUnits: 28,
    tableKib: 75,
    logKib: withService ? flow.report.events * logPerEvent + requests * logPerRequest : 4,
    outsideKib: 60,
  };
}

/** How often a machine asks a function on its way. */
export function requestsIn(value: Json): number {
  if (value === null || typeof value !== "object") return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + requestsIn(each), 0);
  const { Payload } = value;
  const { kind } = JsonObject.catch({}).parse(Payload);
  const own = typeof kind === "string" && ordinary.has(kind) ? 1 : 0;
  return Object.values(value).reduce((sum: number, each) => sum + requestsIn(each), own);
}

export function costPage({
  flow,
  flows,
  settings,
}: {
  flow: CompiledFlow;
  flows: readonly CompiledFlow[];
  settings: Settings;
}): string {
  const variants = (["stepfunctions", "embedded"] as const).map((engine) => {
    const own = engine === "embedded" ? [] : flows;
    return {
      engine,
      standing: standingCost({ ...settings, engine }, own),
      one: perExecution(engine, flow),
      running: counts.map((executions) =>
        runningCost({
          engine,
          perExecution: perExecution(engine, flow),
          executions,
          memory: settings.functions.memory,
        }),
      ),
    };
  });
  return [
    "# What it costs",
    "",
    "Written by `npm run costs --prefix deployment` from the prices below, the compiler's estimates and the counts of",
    "[the table](dynamodb.md#what-it-costs); a test holds the page to them. Prices are on demand in us-east-1, in US dollars, without free",
    "tiers and taxes; they stand in `deployment/lib/prices.ts`, to be replaced by yours. Nobody asked AWS.",
    "",
    `An execution here is one of \`${flow.flow_id}\` ${flow.version} that is approved, with the local agents. A model's words cost what`,
    "Bedrock takes for them, on top ([how to count](bedrock.md#what-it-costs)).",
    "",
    "## A month",
    "",
    table(
      ["executions a month", "Step Functions and the bot", "the bot alone, with its own engine"],
      counts.map((count, index) => [
        number(count),
        ...variants.map(({ standing, running }) => money(standing.total + (running[index]?.total ?? 0))),
      ]),
    ),
    "",
    "With its own engine, the bot does by itself what Step Functions and Lambda do otherwise; a million executions a month are one each",
    "2.6 seconds, which one process does. What is bought from Step Functions is that flows go on while no bot runs, and their graph and",
    "history in AWS's console. Both keep the same events in the same table.",
    ...variants.flatMap(({ engine, standing, running }) => [
      "",
      engine === "stepfunctions" ? "## With Step Functions" : "## With its own engine",
      "",
      linesTable({ standing, running }),
    ]),
    "",
    "## What one execution takes",
    "",
    table(
      ["", "Step Functions", "own engine"],
      (
        [
          ["state transitions", "transitions"],
          ["requests to the functions", "functionRequests"],
          ["seconds of the functions", "functionSeconds"],
          ["write units, indexes included", "writeUnits"],
          ["read units", "readUnits"],
          ["KiB kept in the table, for 90 days", "tableKib"],
          ["KiB of logs", "logKib"],
          ["KiB to Slack, mail and calendars", "outsideKib"],
        ] as const
      ).map(([about, key]) => [about, ...variants.map(({ one }) => number(one[key]))]),
    ),
    "",
    "Transitions and events are the compiler's, for the dearest way through the flow. Assumed, not measured: 0.4 seconds and 1 KiB of log",
    "for a request to a function, 0.7 KiB of log for an event of a machine, 4 KiB of the bot's log, 60 KiB to the outside.",
    "",
    "## Prices",
    "",
    table(
      ["what", "price"],
      [
        ["Step Functions, Standard, 1,000 transitions", price(prices.transition * 1000)],
        ["Lambda, a million requests", price(prices.lambdaRequest * 1_000_000)],
        ["Lambda on Arm, a GiB-second", price(prices.lambdaGibSecond)],
        ["DynamoDB, a million write units", price(prices.writeUnit * 1_000_000)],
        ["DynamoDB, a million read units", price(prices.readUnit * 1_000_000)],
        ["DynamoDB, a GiB for a month", price(prices.tableGibMonth)],
        ["EventBridge Scheduler, a million firings", price(prices.schedulerInvocation * 1_000_000)],
        ["Fargate on Arm, a vCPU for an hour", price(prices.fargateCpuHour)],
        ["Fargate on Arm, a GiB for an hour", price(prices.fargateGibHour)],
        ["NAT gateway, an hour; a GiB", `${price(prices.natHour)}; ${price(prices.natGib)}`],
        ["public address, an hour", price(prices.publicAddressHour)],
        ["interface endpoint in one zone, an hour", price(prices.endpointHour)],
        ["load balancer, an hour", price(prices.loadBalancerHour)],
        ["CloudWatch logs, a GiB taken in", price(prices.logsGib)],
        ["a secret, a month", price(prices.secretMonth)],
        ["a key, a month", price(prices.keyMonth)],
        ["an alarm, for each metric that it looks at, a month", price(prices.alarmMonth)],
        ["a metric of the bot's own, a month", price(prices.metricMonth)],
        ["a dashboard, a month", price(prices.dashboardMonth)],
      ],
    ),
    "",
    `They were written down on ${pricesOf} as AWS's pages of prices were known then, and not compared with them since: look at`,
    `${pricePages.map((service) => `[${service}](https://aws.amazon.com/${service}/pricing/)`).join(", ")} before you rely on a sum. Change`,
    "them in `deployment/lib/prices.ts`, then run `npm run costs --prefix deployment`; `npx revops deploy --plan` takes them from there too.",
    "",
    `A month has ${hoursInMonth} hours. Not counted: X-Ray's traces, Container Insights' metrics, the load balancer's capacity units,`,
    "backups (point-in-time recovery is $0.20 for a GiB and month), the image's repository, data between zones.",
    "",
    "## Less",
    "",
    "- A VPC that you have, with its NAT gateway: `network: { kind: given, … }` saves the gateway, which is most of what stands there.",
    "- `network: { kind: new, endpoints: true }` keeps traffic to AWS inside and costs more: each endpoint is in two zones.",
    "- `bot: { cpu: 256, memory: 512 }` is enough beside Step Functions.",
    "- A scheduled flow whose filter matches few customers costs little: an execution under the threshold takes a sixth of the units.",
    "",
  ].join("\n");
}

function linesTable({ standing, running }: { standing: Cost; running: readonly Cost[] }): string {
  const rows = standing.lines.map(({ what, dollars }) => [what, ...counts.map(() => money(dollars))]);
  const [first] = running;
  for (const [at, { what }] of (first?.lines ?? []).entries())
    rows.push([what, ...running.map(({ lines }) => money(lines[at]?.dollars ?? 0))]);
  rows.push(["**together**", ...running.map(({ total }) => `**${money(standing.total + total)}**`)]);
  return table(["dollars a month", ...counts.map((count) => number(count))], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const number = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 1 });
const money = (dollars: number) =>
  `$${dollars.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
const price = (dollars: number) => `$${dollars.toLocaleString("en-US", { maximumFractionDigits: 10 })}`;
