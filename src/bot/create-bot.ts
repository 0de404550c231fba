/**
 * The bot, over Socket Mode or HTTP: the sandbox and the real Slack differ by these settings alone.
 *
 * Job: make Bolt's app, let Slack reach it, say clearly what is wrong when Slack refuses, and stop without cutting an
 * answer short (F2). Non-job: every decision is the engine's.
 */
import { setTimeout as realPause } from "node:timers/promises";
import type { WebClientOptions } from "@slack/web-api";
import type { Clock } from "../flow/clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { Channels, People } from "../notify/notifier.ts";
import { ChannelQueue } from "../notify/slack/channel-queue.ts";
import { createBoltApp } from "./bolt-app.ts";
import type { RequestHandler } from "./http-receiver.ts";
import { InFlight } from "./in-flight.ts";
import { patientFetch } from "./patient-fetch.ts";
import { InOrder } from "./questions/in-order.ts";
import { createReceiver } from "./receiver-choice.ts";
import type { SlackAccess } from "./receiver.ts";
import { createReferences } from "./reference.ts";
import type { BotLogger, BotServices } from "./services.ts";
import type { Pause } from "./socket-connection.ts";
import type { Simulations } from "./simulations.ts";
import { startError } from "./start-error.ts";
import { Turns } from "./turns.ts";

export interface BotOptions {
  engine: Engine;
  simulations: Simulations;
  examine: BotServices["examine"];
  people: People;
  channels: Channels;
  logger: BotLogger;
  clock: Clock;
  timezone: string;
  slack: SlackAccess;
  /** Of the app, so that answers and cards keep one pace; left out: one of its own. */
  queue?: ChannelQueue;
  /** Real time, in milliseconds: signatures don't follow a moved clock. */
  realNow: () => number;
}

export interface Bot {
  /** Resolves when the bot hears Slack; throws `BotStartError` with what to do. */
  start(): Promise<void>;
  /** What is being answered is answered; nothing new is taken. */
  stop(): Promise<void>;
  /** Could Slack reach the bot now? */
  hearsSlack(): boolean;
  /** What serves Slack's requests; null: it sends none, the bot listens to a socket. */
  requests: RequestHandler | null;
}

export function createBot(options: BotOptions): Bot {
  // The tokens stay here: what listeners are given holds no secret (T3).
  const { slack, realNow, queue = ownQueue(realNow), ...given } = options;
  const { logger } = given;
  const clientOptions: WebClientOptions = {
    fetch: patientFetch({ fetch, pause: (ms) => realPause(ms) }),
    ...(slack.apiUrl === null ? {} : { slackApiUrl: slack.apiUrl }),
  };
  const stopping = new AbortController();
  const services: BotServices = {
    ...given,
    newReference: createReferences(options.clock),
    turns: new Turns(),
    questions: { queue, inOrder: new InOrder(), realNow, pause, stopping: stopping.signal },
  };
  const inFlight = new InFlight();
  const time = { now: realNow, pause };
  const way = createReceiver({ slack, clientOptions, logger, inFlight, time });
  const app = createBoltApp({ services, receiver: way.receiver, inFlight, botToken: slack.botToken, clientOptions });
  return {
    requests: way.requests,
    hearsSlack: () => way.hearsSlack(),
    async start() {
      await explained("SLACK_BOT_TOKEN", slack.apiUrl, () => app.init());
      await explained("SLACK_APP_TOKEN", slack.apiUrl, () => way.start());
    },
    async stop() {
      // An answer that still comes may take minutes: it is cut off, and says so.
      stopping.abort();
      await inFlight.settled();
      await way.stop();
      await inFlight.settled();
    },
  };
}

function ownQueue(now: () => number): ChannelQueue {
  return new ChannelQueue({ now, pause: (ms) => realPause(ms) });
}

/** On real time, since Slack's side is; it keeps the process alive, or an outage of Slack would end it. */
const pause: Pause = async (ms, signal) => {
  try {
    await realPause(ms, undefined, { signal });
  } catch {
    // Aborted: whoever waits looks at the signal next.
  }
};

async function explained(
  setting: "SLACK_BOT_TOKEN" | "SLACK_APP_TOKEN",
  apiUrl: string | null,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw startError({ error, setting, apiUrl });
  }
}
