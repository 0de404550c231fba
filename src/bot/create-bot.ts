/**
 * The bot over Socket Mode: the sandbox and the real Slack differ by these settings alone.
 *
 * Job: make Bolt's app, open the connection, say clearly what is wrong when Slack refuses, and stop without cutting an
 * answer short (F2). Non-job: every decision is the engine's.
 */
import { setTimeout as realPause } from "node:timers/promises";
import { SocketModeReceiver } from "@slack/bolt";
import type { WebClientOptions } from "@slack/web-api";
import type { Clock } from "../flow/clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { Channels, People } from "../notify/notifier.ts";
import { createBoltApp } from "./bolt-app.ts";
import { InFlight } from "./in-flight.ts";
import { createReferences } from "./reference.ts";
import type { BotLogger, BotServices } from "./services.ts";
import { slackLogger } from "./slack-logger.ts";
import { SocketConnection, type Pause } from "./socket-connection.ts";
import { startError } from "./start-error.ts";

export interface BotOptions {
  engine: Engine;
  people: People;
  channels: Channels;
  logger: BotLogger;
  clock: Clock;
  timezone: string;
  slack: {
    botToken: string;
    appToken: string;
    /** Null: Slack's own. */
    apiUrl: string | null;
  };
}

export interface Bot {
  /** Resolves when the bot hears Slack; throws `BotStartError` with what to do. */
  start(): Promise<void>;
  /** What is being answered is answered; nothing new is taken. */
  stop(): Promise<void>;
}

export function createBot(options: BotOptions): Bot {
  // The tokens stay here: what listeners are given holds no secret (T3).
  const { slack, ...given } = options;
  const { logger } = given;
  const clientOptions: WebClientOptions = slack.apiUrl === null ? {} : { slackApiUrl: slack.apiUrl };
  const services: BotServices = { ...given, newReference: createReferences(options.clock) };
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logger: slackLogger(logger),
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: { ...clientOptions, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
    },
  });
  const inFlight = new InFlight();
  const app = createBoltApp({ services, receiver, inFlight, botToken: slack.botToken, clientOptions });
  const connection = new SocketConnection({ client: receiver.client, logger, pause });
  return {
    async start() {
      await explained("SLACK_BOT_TOKEN", slack.apiUrl, () => app.init());
      await explained("SLACK_APP_TOKEN", slack.apiUrl, () => connection.start());
    },
    async stop() {
      await inFlight.settled();
      await connection.stop();
      await inFlight.settled();
    },
  };
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
