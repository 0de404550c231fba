/** What the roles may do, held to what the code asks of AWS: nothing is missing, and nothing is there for nobody. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { tableActions } from "../lib/rights.ts";
import { templatesOf } from "../lib/templates.ts";
import { deployed, plainest, settingsOf } from "./assembled.ts";

const src = join(import.meta.dirname, "../../src");
/** The table is made by whoever deploys. */
const ofWhoeverDeploys = ["deploy.ts", "table.ts"];

/** Requests of the SDK that the files of a folder make. */
function asked(folder: string): string[] {
  const files = readdirSync(join(src, folder)).filter(
    (file) => file.endsWith(".ts") && !ofWhoeverDeploys.includes(file),
  );
  const texts = files.map((file) => readFileSync(join(src, folder, file), "utf8"));
  const found = texts.flatMap((text) => [...text.matchAll(/\bnew (\w+)Command\(/g)].map(([, name = ""]) => name));
  return [...new Set(found)].toSorted();
}

const text = z.string().transform((one) => [one]);
const Policy = z.looseObject({
  Type: z.literal("AWS::IAM::Policy"),
  Properties: z.looseObject({
    PolicyDocument: z.looseObject({
      Statement: z.array(z.looseObject({ Action: z.union([z.array(z.string()), text]), Resource: z.unknown() })),
    }),
  }),
});

const templates = templatesOf(deployed({ settings: settingsOf(plainest) }));

function statements(stack: string) {
  const found = templates.find((each) => each.stack === stack);
  const resources = Object.values(z.record(z.string(), z.unknown()).parse(found?.template["Resources"]));
  return resources.flatMap((resource) => {
    const policy = Policy.safeParse(resource);
    return policy.success ? policy.data.Properties.PolicyDocument.Statement : [];
  });
}

test("what the bot asks of Step Functions", () => {
  const may = statements("revops-bot").flatMap(({ Action }) => Action.filter((each) => each.startsWith("states:")));
  expect(asked("asl/engine").length).toBeGreaterThan(5);
  expect([...new Set(may)].toSorted()).toEqual(asked("asl/engine").map((name) => `states:${name}`));
});

test("what the bot and the functions ask of the table", () => {
  expect(tableActions.toSorted()).toEqual(asked("state/dynamodb").map((name) => `dynamodb:${name}`));
});

test("a right on everything, but for what AWS gives no resources of its own", () => {
  const stacks = ["revops-bot", "revops-functions", "revops-flow-renewal-management", "revops-flow-onboarding"];
  const wide = stacks.flatMap((stack) =>
    statements(stack).flatMap(({ Action, Resource }) => (Resource === "*" ? Action : [])),
  );
  expect(
    [...new Set(wide)].filter(
      (action) => !/^(?:xray:|logs:\w*(?:LogDeliver|ResourcePolic|LogGroups)|ecr:GetAuth)/.test(action),
    ),
  ).toEqual([]);
});

test("a machine may call no function that it doesn't call", () => {
  const calls = statements("revops-flow-renewal-management").filter(({ Action }) =>
    Action.includes("lambda:InvokeFunction"),
  );
  // Of the two machines in it, the batch's stand-in asks no function.
  expect(calls.map(({ Resource }) => JSON.stringify(Resource).includes("effects"))).toEqual([true]);
});
