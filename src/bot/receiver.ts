/** How Slack reaches the bot: over a socket that the bot opens, or by signed requests to it. The listeners know no difference. */
import type { Receiver } from "@slack/bolt";
import type { RequestHandler } from "./http-receiver.ts";
import type { Pause } from "./socket-connection.ts";

export type SlackAccess = {
  botToken: string;
  /** Null: Slack's own. */
  apiUrl: string | null;
} & ({ kind: "socket"; appToken: string } | { kind: "http"; signingSecret: string });

/** Real time: Slack's side doesn't follow a moved clock. */
export interface SlackTime {
  now: () => number;
  pause: Pause;
}

export interface SlackReceiver {
  /** Bolt's side. */
  receiver: Receiver;
  /** What serves Slack's requests; null: Slack sends none. */
  requests: RequestHandler | null;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Could Slack reach the bot now? */
  hearsSlack(): boolean;
}
