/** What the bot and the functions find in their environment, held to the app's own reading of it. */
import { Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { z } from "zod";
import { readSettings } from "../../src/app/settings.ts";
import { deployed, everything, plainest, settingsOf } from "./assembled.ts";
import { StateStack } from "../lib/state-stack.ts";
import { BotStack } from "../lib/bot-stack.ts";
import { plainEnvironment } from "../lib/environment.ts";
import { FunctionsStack } from "../lib/functions-stack.ts";
import { variablesFromSecrets } from "../lib/secrets.ts";

const Entries = z.array(z.object({ Name: z.string(), Value: z.unknown().optional() }));
const Container = z.object({ Environment: Entries, Secrets: Entries.optional().default([]) });
const Task = z.object({ Properties: z.object({ ContainerDefinitions: z.tuple([Container]) }) });

/** What Secrets Manager would put in, and what `start.ts` makes of Google's key. */
const filled: Record<string, string> = {
  SLACK_BOT_TOKEN: "xoxb-1",
  SLACK_APP_TOKEN: "xapp-1",
  SLACK_SIGNING_SECRET: "secret",
  SMTP_URL: "smtp://user:password@mail.example.com:587",
  REVOPS_CRM: "postgres://user:password@db.example.com:5432/crm",
  REVOPS_EVENTS_SECRET: "whsec_c2VjcmV0",
  GOOGLE_KEY: "{}",
};

/** References in a text, filled in as CloudFormation would. */
function text(value: unknown): string {
  if (typeof value === "string") return value;
  const join = z.object({ "Fn::Join": z.tuple([z.literal(""), z.array(z.unknown())]) }).safeParse(value);
  if (join.success) return join.data["Fn::Join"][1].map(text).join("");
  const { Ref } = z.object({ Ref: z.string() }).parse(value);
  return { "AWS::Partition": "aws", "AWS::Region": "eu-central-1", "AWS::AccountId": "111122223333" }[Ref] ?? Ref;
}

function environmentOf(settingsText: string): Record<string, string> {
  const bot = deployed({ settings: settingsOf(settingsText) }).node.children.find((each) => each instanceof BotStack);
  if (bot === undefined) throw new Error("There is no stack of the bot.");
  const [task] = Object.values(Template.fromStack(bot).findResources("AWS::ECS::TaskDefinition"));
  const [{ Environment, Secrets }] = Task.parse(task).Properties.ContainerDefinitions;
  const plain = Environment.map(({ Name, Value }) => [Name, text(Value)] as const);
  const secret = Secrets.map(({ Name }) => [Name, filled[Name] ?? ""] as const);
  const { GOOGLE_KEY, ...rest } = Object.fromEntries([...plain, ...secret]);
  return GOOGLE_KEY === undefined ? rest : { ...rest, GOOGLE_APPLICATION_CREDENTIALS: "/tmp/google-x/key.json" };
}

test.each([
  ["everything", everything, { slack: "http", engine: "stepfunctions" }],
  ["plainest", plainest, { slack: "socket", engine: "stepfunctions" }],
  ["embedded", `engine: embedded\n${plainest}`, { slack: "socket", engine: "embedded" }],
])("an environment with which the bot would not start: %s", (_, settingsText, expected) => {
  const read = readSettings(environmentOf(settingsText));
  expect(read.ok ? [] : read.problems).toEqual([]);
  if (!read.ok) return;
  expect({ slack: read.settings.slack.kind, engine: read.settings.engine.kind }).toEqual(expected);
  expect(read.settings.state).toEqual({ kind: "dynamodb", table: "revops" });
});

test.each(["actions", "effects"] as const)("an environment with which a function would not start: %s", (which) => {
  const settings = settingsOf(everything);
  const secret = [...variablesFromSecrets(settings, which).keys()].map((name) => [name, filled[name] ?? ""]);
  const { GOOGLE_KEY, ...rest } = { ...plainEnvironment(settings, which), ...Object.fromEntries(secret) };
  const key = GOOGLE_KEY === undefined ? {} : { GOOGLE_APPLICATION_CREDENTIALS: "/tmp/google-x/key.json" };
  const read = readSettings({ ...rest, ...key });
  expect(read.ok ? [] : read.problems).toEqual([]);
  if (!read.ok) return;
  const { smtp, calendar, eventsSecret } = read.settings;
  // Who sends nothing holds no key to it, and only the bot hears events.
  expect([smtp !== null, calendar !== null, eventsSecret]).toEqual([which === "effects", which === "effects", null]);
});

test("a secret that nobody filled in starts no sandbox", () => {
  const unset = Object.fromEntries(
    Object.entries(environmentOf(plainest)).map(([name, value]) => [
      name,
      name.startsWith("SLACK_") ? "not-set-yet" : value,
    ]),
  );
  const read = readSettings(unset);
  expect(read.ok ? [] : read.problems).toContain("SLACK_BOT_TOKEN must begin with xoxb-.");
});

test("no value of a secret stands in a template", () => {
  const app = deployed({ settings: settingsOf(everything) });
  const texts = app.node.children.flatMap((stack) =>
    stack instanceof BotStack || stack instanceof FunctionsStack || stack instanceof StateStack
      ? [JSON.stringify(Template.fromStack(stack).toJSON())]
      : [],
  );
  expect(texts).toHaveLength(3);
  expect(texts.filter((each) => each.includes("{{resolve:") || /xox[bp]-|xapp-|whsec_/.test(each))).toEqual([]);
});
