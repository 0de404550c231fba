/** What answering takes beside the services of every listener: Slack's pace, real time, an order, and the end of the process. */
import type { ChannelQueue } from "../../notify/slack/channel-queue.ts";
import type { Pause } from "../socket-connection.ts";
import type { InOrder } from "./in-order.ts";

export interface QuestionTools {
  queue: ChannelQueue;
  inOrder: InOrder;
  /** Milliseconds of real time: Slack's side runs on it. */
  realNow: () => number;
  pause: Pause;
  /** Aborted when the bot stops: an answer that still comes is cut off then (F2). */
  stopping: AbortSignal;
}
