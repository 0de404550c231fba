/** Slash commands by name. */
import type { AllMiddlewareArgs, App, SlackCommandMiddlewareArgs } from "@slack/bolt";
import type { BotServices } from "../../services.ts";
import { revops } from "./revops.ts";
import { unknownCommand } from "./unknown-command.ts";

type CommandListener = (args: SlackCommandMiddlewareArgs & AllMiddlewareArgs, services: BotServices) => Promise<void>;

export const commands: Readonly<Record<string, CommandListener>> = { "/revops": revops };

export function registerCommands(app: App, services: BotServices): void {
  app.command(/^/, async (args) => {
    const listener = Object.hasOwn(commands, args.command.command) ? commands[args.command.command] : undefined;
    await (listener ?? unknownCommand)(args, services);
  });
}
