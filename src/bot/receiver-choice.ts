/** Which way Slack takes to the bot, as the settings say. */
import type { WebClientOptions } from "@slack/web-api";
import { HttpReceiver } from "./http-receiver.ts";
import type { InFlight } from "./in-flight.ts";
import { socketReceiver } from "./receiver-socket.ts";
import type { SlackAccess, SlackReceiver, SlackTime } from "./receiver.ts";
import type { BotLogger } from "./services.ts";

export function createReceiver(parameters: {
  slack: SlackAccess;
  clientOptions: WebClientOptions;
  logger: BotLogger;
  inFlight: InFlight;
  time: SlackTime;
}): SlackReceiver {
  const { slack, clientOptions, logger, inFlight, time } = parameters;
  if (slack.kind === "socket") {
    return socketReceiver({ appToken: slack.appToken, clientOptions, logger, pause: time.pause });
  }
  const receiver = new HttpReceiver({ signingSecret: slack.signingSecret, logger, inFlight, ...time });
  return {
    receiver,
    requests: receiver.handle,
    start: () => receiver.start(),
    stop: () => receiver.stop(),
    hearsSlack: () => receiver.isOpen,
  };
}
