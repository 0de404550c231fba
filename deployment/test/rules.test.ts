import { AwsSolutionsChecks } from "cdk-nag";
import { expect, test } from "vitest";
import { acknowledged } from "../lib/acknowledge.ts";
import { builtHere, deployed, everything, given, plainest, settingsOf } from "./assembled.ts";

interface Finding {
  rule: string;
  path: string;
}

const texts = { everything, plainest, builtHere, given };

function findings({ text, unacknowledged }: { text: string; unacknowledged: boolean }) {
  const app = deployed({ settings: settingsOf(text), unacknowledged });
  const { violations } = new AwsSolutionsChecks(app, { verbose: true }).validateScope(app);
  const found = violations.flatMap(({ ruleName, violatingResources }): Finding[] =>
    violatingResources.map(({ constructPath = "" }) => ({ rule: ruleName, path: constructPath })),
  );
  return { found, told: acknowledged(app) };
}

test.each(Object.entries(texts))("no rule of AWS Solutions is broken in silence: %s", (_, text) => {
  expect(findings({ text, unacknowledged: false }).found).toEqual([]);
});

test("an acknowledgement that hides nothing any more", () => {
  const unused = Object.values(texts).map((text) => {
    const { found, told } = findings({ text, unacknowledged: true });
    return told.filter(
      ({ rule, path }) => !found.some((each) => each.rule === rule && `${each.path}/`.startsWith(`${path}/`)),
    );
  });
  expect(unused).toEqual([[], [], [], []]);
});

test("a reason that says nothing", () => {
  const { told } = findings({ text: everything, unacknowledged: true });
  expect(told.length).toBeGreaterThan(0);
  expect(told.filter(({ reason }) => reason.split(" ").length < 8 || !reason.endsWith("."))).toEqual([]);
});

test("which rules are acknowledged at all", () => {
  const rules = new Set(
    findings({ text: everything, unacknowledged: true }).told.map(({ rule }) => rule.replace(/\[.*$/s, "")),
  );
  expect([...rules].toSorted()).toEqual([
    "AwsSolutions-EC23",
    "AwsSolutions-ECS2",
    "AwsSolutions-ELB2",
    "AwsSolutions-IAM5",
    "AwsSolutions-SMG4",
    "AwsSolutions-SQS3",
  ]);
});
