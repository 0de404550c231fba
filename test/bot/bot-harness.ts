/** The real Bolt App with the bot's listeners, between a fake Slack and a fake engine. */
import { createBoltApp } from "../../src/bot/bolt-app.ts";
import { InFlight } from "../../src/bot/in-flight.ts";
import { createReferences } from "../../src/bot/reference.ts";
import type { BotServices } from "../../src/bot/services.ts";
import { FakeEngine, fakePeople } from "./fake-engine.ts";
import { FakeReceiver, FakeSlack } from "./fake-slack.ts";

export interface LogLine {
  level: "info" | "warn" | "error";
  fields: Record<string, unknown>;
  message: string;
}

export interface Harness {
  slack: FakeSlack;
  engine: FakeEngine;
  receiver: FakeReceiver;
  services: BotServices;
  inFlight: InFlight;
  logs: LogLine[];
  /** The only text that was told to the one who pressed. */
  ephemeral: () => string;
  /** The only text that answered a command. */
  answer: () => string;
}

export function recordingLogger(logs: LogLine[]) {
  const line = (level: LogLine["level"]) => (fields: object, message: string) =>
    void logs.push({ level, fields: { ...fields }, message });
  return { info: line("info"), warn: line("warn"), error: line("error") };
}

export const clock = { now: () => 1_800_000_000_000, at: () => () => {} };
export const channels = { default: "#revops", alerts: "#renewals", flows: {} };

export async function bot(): Promise<Harness> {
  const slack = new FakeSlack();
  const engine = new FakeEngine();
  const receiver = new FakeReceiver();
  const inFlight = new InFlight();
  const logs: LogLine[] = [];
  const newReference = createReferences(clock);
  const logger = recordingLogger(logs);
  const services = { engine, people: fakePeople, channels, logger, clock, timezone: "UTC", newReference };
  const app = createBoltApp({
    services,
    receiver,
    inFlight,
    botToken: "xoxb-secret",
    clientOptions: { slackApiUrl: "https://slack.test/api/", fetch: slack.fetch },
  });
  await app.init();
  slack.calls.length = 0;
  return {
    slack,
    engine,
    receiver,
    services,
    inFlight,
    logs,
    ephemeral: () => only(slack.of("chat.postEphemeral").map((call) => allText(call))),
    answer: () => only(slack.responses.map((response) => allText(response))),
  };
}

function only(texts: string[]): string {
  const [text, ...others] = texts;
  if (text === undefined || others.length > 0) throw new Error(`expected one answer, there are ${texts.length}`);
  return text;
}

/** Text and blocks as one string, for "is it said somewhere". */
export function allText(message: Record<string, unknown>): string {
  return JSON.stringify([message["text"], message["blocks"] ?? []]);
}
