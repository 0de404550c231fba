/** Why the bot can't start, and what to do: the tokens are named, never shown (T3). */
import { WebAPIPlatformError, WebAPIRequestError } from "@slack/web-api";

export class BotStartError extends Error {
  override readonly name = "BotStartError";
}

type Setting = "SLACK_BOT_TOKEN" | "SLACK_APP_TOKEN";

const whatItIs: Readonly<Record<Setting, string>> = {
  SLACK_BOT_TOKEN: "the bot token (xoxb-…) under “OAuth & Permissions” of the installed app",
  SLACK_APP_TOKEN: "an app-level token (xapp-…) with the scope connections:write under “Basic Information”",
};

export function startError(parameters: { error: unknown; setting: Setting; apiUrl: string | null }): BotStartError {
  const { error, setting } = parameters;
  const where = parameters.apiUrl ?? "https://slack.com/api/";
  if (error instanceof WebAPIPlatformError) {
    const reason = error.data.error;
    return new BotStartError(`Slack refused ${setting} (${reason}). Set it to ${whatItIs[setting]}.`, { cause: error });
  }
  if (error instanceof WebAPIRequestError) {
    return new BotStartError(
      `Slack can't be reached at ${where}: ${error.original.message}. Check the network, a proxy, or SLACK_API_URL.`,
      { cause: error },
    );
  }
  const reason = error instanceof Error ? error.message : "the connection was closed";
  return new BotStartError(`The bot can't connect to Slack at ${where}: ${reason}.`, { cause: error });
}
