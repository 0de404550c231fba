/** What the engine needs of Slack, over its Web API alone: messages, cards and people. Listening to Slack is the bot's. */
import { WebClient } from "@slack/web-api";
import type { Logger } from "pino";
import type { SlackAccess } from "../bot/receiver.ts";
import { slackLogger } from "../bot/slack-logger.ts";
import type { Clock } from "../flow/clock.ts";
import type { Notifier, People, Presenter } from "../notify/notifier.ts";
import { ChannelQueue } from "../notify/slack/channel-queue.ts";
import { slackClientOptions } from "../notify/slack/slack-client.ts";
import { createSlackNotifier } from "../notify/slack/slack-notifier.ts";
import { createSlackPeople, type Roles } from "../notify/slack/slack-people.ts";
import { createSlackPresenter } from "../notify/slack/slack-presenter.ts";
import { systemRealTime } from "./app-clock.ts";

export interface SlackParts {
  notifier: Notifier;
  presenter: Presenter;
  people: People;
}

/** `queue`: for whoever else posts with the same pace. */
export type PacedSlackParts = SlackParts & { queue: ChannelQueue };

export function slackParts(parameters: {
  slack: SlackAccess;
  roles: Roles;
  clock: Clock;
  logger: Logger;
}): PacedSlackParts {
  const { slack, roles, clock, logger } = parameters;
  const options = { ...slackClientOptions({ apiUrl: slack.apiUrl }), logger: slackLogger(logger) };
  const client = new WebClient(slack.botToken, options);
  const people = createSlackPeople({ client, roles, clock });
  const queue = new ChannelQueue({ now: () => performance.now(), pause: (ms) => systemRealTime.pause(ms) });
  return {
    notifier: createSlackNotifier({ client, people, queue }),
    presenter: createSlackPresenter({ client, people, queue }),
    people,
    queue,
  };
}
