/** Another command of an older installation: left unacknowledged, Slack would say that the app didn't answer. */
import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from "@slack/bolt";
import { escapeMrkdwn } from "../../../notify/slack/escape.ts";
import type { BotServices } from "../../services.ts";

export async function unknownCommand(
  args: SlackCommandMiddlewareArgs & AllMiddlewareArgs,
  services: BotServices,
): Promise<void> {
  const { ack, command } = args;
  services.logger.warn({ command: command.command }, "a command that no listener knows was used");
  await ack({
    response_type: "ephemeral",
    text: `\`${escapeMrkdwn(command.command)}\` isn't a command of this app. \`/revops help\` lists what works.`,
  });
}
