/** The real Bolt App with the bot's listeners over a real receiver, between a fake Slack and a fake engine. */
import { setTimeout as realPause } from "node:timers/promises";
import { expect, onTestFinished } from "vitest";
import { createBoltApp } from "../../src/bot/bolt-app.ts";
import { InFlight } from "../../src/bot/in-flight.ts";
import { InOrder } from "../../src/bot/questions/in-order.ts";
import type { Check } from "../../src/flow/check-up.ts";
import type { QuestionTools } from "../../src/bot/questions/question-tools.ts";
import { createReceiver } from "../../src/bot/receiver-choice.ts";
import { createReferences } from "../../src/bot/reference.ts";
import type { BotServices } from "../../src/bot/services.ts";
import { Turns } from "../../src/bot/turns.ts";
import { ChannelQueue } from "../../src/notify/slack/channel-queue.ts";
import { FakeEngine, fakePeople } from "./fake-engine.ts";
import { FakeSimulations } from "./fake-simulations.ts";
import { FakeSlack } from "./fake-slack.ts";
import { slackDelivery, type SlackDelivery, type Way } from "./slack-delivery.ts";

export interface LogLine {
  level: "info" | "warn" | "error";
  fields: Record<string, unknown>;
  message: string;
}

export interface Harness {
  slack: FakeSlack;
  engine: FakeEngine;
  simulations: FakeSimulations;
  /** What the doctor finds. */
  checks: Check[];
  receiver: Sender;
  services: BotServices;
  inFlight: InFlight;
  /** The process is told to stop. */
  stop: () => void;
  /** Long enough for the next look at an answer that comes. */
  passTime: () => void;
  logs: LogLine[];
  /** The only text that was told to the one who pressed. */
  ephemeral: () => string;
  /** The only text that answered a command. */
  answer: () => string;
}

export interface Sender {
  /** Resolves once the bot has done all that it was asked, with what was acknowledged: `undefined` is nothing but the fact. */
  deliver: SlackDelivery["send"];
  /** Resolves with the acknowledgement, at once. */
  send: SlackDelivery["send"];
}

export function recordingLogger(logs: LogLine[]) {
  const line = (level: LogLine["level"]) => (fields: object, message: string) =>
    void logs.push({ level, fields: { ...fields }, message });
  return { info: line("info"), warn: line("warn"), error: line("error") };
}

export const clock = { now: () => 1_800_000_000_000, at: () => () => {} };
/** Real: what crosses a wire takes its time. */
export const time = {
  now: () => Date.now(),
  pause: (ms: number, signal: AbortSignal) => realPause(ms, undefined, { signal }).catch(() => {}),
};
/** Its pauses last until the test says that time has passed. */
export function questionTools(stopping: AbortSignal): { tools: QuestionTools; passTime: () => void } {
  const waiting = new Set<() => void>();
  const pause = (_ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      waiting.add(resolve);
      signal.addEventListener("abort", () => resolve());
    });
  const queue = new ChannelQueue({ now: () => 0, pause: () => Promise.resolve() });
  const passTime = () => {
    for (const over of waiting) over();
    waiting.clear();
  };
  return { tools: { queue, inOrder: new InOrder(), realNow: () => 0, pause, stopping }, passTime };
}

export const channels = { default: "#revops", alerts: "#renewals", flows: {} };

export async function bot(way: Way = "socket"): Promise<Harness> {
  const slack = new FakeSlack();
  const delivery = await slackDelivery(way);
  onTestFinished(() => delivery.close());
  const engine = new FakeEngine();
  const inFlight = new InFlight();
  const logs: LogLine[] = [];
  const newReference = createReferences(clock);
  const logger = recordingLogger(logs);
  const turns = new Turns();
  const stop = new AbortController();
  const { tools: questions, passTime } = questionTools(stop.signal);
  const given = { engine, people: fakePeople, channels, logger, clock, timezone: "UTC" };
  const simulations = new FakeSimulations();
  const checks: Check[] = [];
  const examine = () => Promise.resolve(checks);
  const services = { ...given, newReference, turns, questions, simulations, examine };
  const clientOptions = { slackApiUrl: "https://slack.test/api/", fetch: slack.fetch };
  if (delivery.socketUrl !== null) slack.answers.set("apps.connections.open", { url: delivery.socketUrl });
  const { access } = delivery;
  const receiver = createReceiver({ slack: access, clientOptions, logger, inFlight, time });
  const { botToken } = access;
  const app = createBoltApp({ services, receiver: receiver.receiver, inFlight, botToken, clientOptions });
  await delivery.connect(receiver);
  await app.init();
  await receiver.start();
  onTestFinished(() => receiver.stop());
  logs.length = 0;
  slack.calls.length = 0;
  return {
    slack,
    engine,
    simulations,
    checks,
    receiver: {
      send: (...sent) => delivery.send(...sent),
      deliver: async (...sent) => {
        const acknowledged = await delivery.send(...sent);
        await inFlight.settled();
        expect(logs.filter(({ message }) => /ack\(\) has already|second or late answer/.test(message))).toEqual([]);
        return acknowledged;
      },
    },
    services,
    inFlight,
    stop: () => stop.abort(),
    passTime,
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
