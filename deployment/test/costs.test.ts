import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { alarmMetrics, runningCost, standingCost } from "../lib/cost.ts";
import { perExecution, requestsIn } from "../lib/cost-page.ts";
import { deployed, everything, plainest, settingsOf } from "./assembled.ts";
import { templatesOf } from "../lib/templates.ts";
import { costsFile, costsText } from "./costs-text.ts";
import { onboarding, renewal } from "./stand-in-flows.ts";

const Properties = z.looseObject({ Metrics: z.array(z.looseObject({})).optional() });
const Resources = z.looseObject({ Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties })) });
const isAlarm = ({ Type }: { Type: string }) => Type === "AWS::CloudWatch::Alarm";

const flows = [renewal, onboarding];
const total = (text: string) => standingCost(settingsOf(text), []).total;
const call = (kind: string) => ({ Type: "Task", Arguments: { Payload: { kind } } });

test("the page of costs says other figures than the script: npm run costs writes it anew", async () => {
  expect(readFileSync(costsFile, "utf8")).toBe(await costsText());
});

test.each([
  ["stepfunctions", everything],
  ["embedded", `engine: embedded\n${plainest}`],
] as const)("alarms that are paid for and not counted: %s", (engine, text) => {
  const app = deployed({ settings: settingsOf(text), flows });
  const watch = templatesOf(app).find(({ stack }) => stack === "revops-watch");
  const alarms = Object.values(Resources.parse(watch?.template).Resources).filter(isAlarm);
  // An alarm that reckons is paid for by what it reckons with.
  const looked = alarms.map(
    ({ Properties: { Metrics } }) => Metrics?.filter((each) => "MetricStat" in each).length ?? 1,
  );
  expect(alarms.length).toBeGreaterThan(5);
  expect(alarmMetrics(engine, engine === "embedded" ? [] : flows)).toBe(looked.reduce((all, count) => all + count, 0));
});

test("twice the executions cost twice as much, but for what stands there and the schedules", () => {
  const one = perExecution("stepfunctions", renewal);
  const cost = (executions: number) =>
    runningCost({ engine: "stepfunctions", perExecution: one, executions, memory: 512 });
  const fixed = cost(0).total;
  expect(cost(2_000).total - fixed).toBeCloseTo(2 * (cost(1_000).total - fixed), 9);
  expect(fixed).toBeGreaterThan(0);
});

test("a price by hand: a thousand executions of forty transitions", () => {
  const one = { ...perExecution("stepfunctions", renewal), transitions: 40 };
  const { lines } = runningCost({ engine: "stepfunctions", perExecution: one, executions: 1_000, memory: 512 });
  expect(lines.find(({ what }) => what === "Step Functions")?.dollars).toBeCloseTo(1, 9);
});

test("the embedded engine is charged for no service that it doesn't use", () => {
  const { lines } = runningCost({
    engine: "embedded",
    perExecution: perExecution("embedded", renewal),
    executions: 10,
    memory: 512,
  });
  expect(lines.map(({ what }) => what).filter((what) => /Step Functions|Lambda|Scheduler/.test(what))).toEqual([]);
});

test("a given network has no gateway of ours to pay for, endpoints cost by zone", () => {
  expect(total("network: { kind: new, endpoints: true }") - total("")).toBeCloseTo(5 * 2 * 7.3, 6);
  const given = "network: { kind: given, vpc: vpc-0a, availability_zones: [a], private_subnets: [subnet-0a] }";
  expect(total("") - total(given)).toBeCloseTo(36.5, 6);
});

test("requests are counted however deep a machine nests them, and only those of an execution that goes as it should", () => {
  const machine = {
    States: {
      a: call("begin"),
      b: { Branches: [{ States: { c: call("step") } }, { States: { d: call("failure") } }] },
    },
  };
  expect(requestsIn(machine)).toBe(2);
});
