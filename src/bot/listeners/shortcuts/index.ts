/** Shortcuts and menus that ask for options: none is ours, all are acknowledged. */
import type { App } from "@slack/bolt";
import type { BotServices } from "../../services.ts";
import { unknownShortcut } from "./unknown-shortcut.ts";

export const shortcuts: Readonly<Record<string, never>> = {};

export function registerShortcuts(app: App, services: BotServices): void {
  app.shortcut({}, (args) => unknownShortcut(args, services));
  app.options({}, async ({ ack }) => ack({ options: [] }));
}
