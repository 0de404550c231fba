/**
 * Bolt's App with the bot's listeners, over whatever receiver it is given: production's socket or a test's own.
 *
 * 1. Nothing is called before `init()`: a wrong token is an error at the start, not at the first click.
 * 2. A rate limit or an unreachable Slack fails the call at once: the default would hold a listener for half an hour.
 * 3. No conversation store: it would grow by one record a channel, for nobody.
 */
import type { App as BoltApp, Receiver } from "@slack/bolt";
import type { WebClientOptions } from "@slack/web-api";
import { App } from "./bolt.ts";
import type { InFlight } from "./in-flight.ts";
import { loggable } from "./loggable.ts";
import { register } from "./registrations.ts";
import type { BotServices } from "./services.ts";
import { slackLogger } from "./slack-logger.ts";

/** Not even once: an answer whose receipt was lost would stand there twice. */
const retryConfig = { retries: 0 };
const requestTimeoutMs = 10_000;

export function createBoltApp(parameters: {
  services: BotServices;
  receiver: Receiver;
  inFlight: InFlight;
  botToken: string;
  clientOptions: WebClientOptions;
}): BoltApp {
  const { services, receiver, inFlight, botToken, clientOptions } = parameters;
  const app = new App({
    token: botToken,
    receiver,
    clientOptions: { retryConfig, rejectRateLimitedCalls: true, timeout: requestTimeoutMs, ...clientOptions },
    logger: slackLogger(services.logger),
    convoStore: false,
    deferInitialization: true,
  });
  app.use(({ next }) => inFlight.track(next));
  app.use(async ({ context, body, next }) => {
    const { retryNum, retryReason } = context;
    const eventId: unknown = "event_id" in body ? body.event_id : undefined;
    if (retryNum) services.logger.info({ retryNum, retryReason, event_id: eventId }, "Slack sends an event again");
    await next();
  });
  register(app, services);
  app.error(async (error) => {
    // Listeners answer for themselves; what comes here had no place to be told (Bolt would throw it at the receiver).
    services.logger.error(
      { reference: services.newReference(), ...loggable(error) },
      "a request from Slack failed unanswered",
    );
  });
  return app;
}
