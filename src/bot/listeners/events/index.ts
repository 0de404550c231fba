/** Events by the name that the manifest subscribes to; each is handled once, however often Slack sends it (T1). */
import type { App } from "@slack/bolt";
import type { BotServices } from "../../services.ts";
import { appHomeOpened } from "./app-home-opened.ts";
import { appMention } from "./app-mention.ts";
import { directMessage } from "./direct-message.ts";
import { onlyOnce } from "./only-once.ts";

export const events = ["app_home_opened", "app_mention", "message.im"] as const;

export function registerEvents(app: App, services: BotServices): void {
  app.use(onlyOnce(services.engine));
  app.event("app_home_opened", (args) => appHomeOpened(args, services));
  app.event("app_mention", (args) => appMention(args, services));
  app.event("message", (args) => directMessage(args, services));
}
