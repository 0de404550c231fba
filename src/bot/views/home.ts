/** The Home tab: what the bot is for, where its cards stand, and its words. */
import type { HomeView } from "@slack/types";
import type { Channels } from "../../notify/notifier.ts";
import { helpRows } from "./help.ts";
import { section } from "./rows.ts";
import { channelName } from "./start.ts";

export function homeView(channels: Channels): HomeView {
  return {
    type: "home",
    blocks: [
      section(
        "*RevOps Flows* watches customers, recommends what to do, and asks before anything goes out. " +
          `Approval cards stand in ${channelName(channels.alerts)}; progress and failures in ${channelName(channels.default)}.`,
      ),
      section(["*Words that work today*", ...helpRows()].join("\n")),
    ],
  };
}
