/** Slack over a socket that the bot opens: Bolt's receiver, with a connection that stays. */
import type { WebClientOptions } from "@slack/web-api";
import { SocketModeReceiver } from "./bolt.ts";
import type { SlackReceiver } from "./receiver.ts";
import type { BotLogger } from "./services.ts";
import { slackLogger } from "./slack-logger.ts";
import { SocketConnection, type Pause } from "./socket-connection.ts";

export function socketReceiver(parameters: {
  appToken: string;
  clientOptions: WebClientOptions;
  logger: BotLogger;
  pause: Pause;
}): SlackReceiver {
  const { appToken, clientOptions, logger, pause } = parameters;
  const receiver = new SocketModeReceiver({
    appToken,
    logger: slackLogger(logger),
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: { ...clientOptions, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
    },
  });
  const connection = new SocketConnection({ client: receiver.client, logger, pause });
  return {
    receiver,
    requests: null,
    start: () => connection.start(),
    stop: () => connection.stop(),
    hearsSlack: () => connection.isOpen,
  };
}
