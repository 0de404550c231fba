/** All that the bot registers, as data beside the code that does it: `manifest.yml` is compared with it. */
import type { App } from "@slack/bolt";
import { actions, registerActions } from "./listeners/actions/index.ts";
import { commands, registerCommands } from "./listeners/commands/index.ts";
import { events, registerEvents } from "./listeners/events/index.ts";
import { registerShortcuts, shortcuts } from "./listeners/shortcuts/index.ts";
import { registerViews, views } from "./listeners/views/index.ts";
import type { BotServices } from "./services.ts";

export const registrations = {
  commands: Object.keys(commands),
  /** As the manifest subscribes to them. */
  events: [...events],
  actions: Object.keys(actions),
  views: Object.keys(views),
  shortcuts: Object.keys(shortcuts),
} as const;

export function register(app: App, services: BotServices): void {
  registerEvents(app, services);
  registerCommands(app, services);
  registerActions(app, services);
  registerViews(app, services);
  registerShortcuts(app, services);
}
