/** Which Slack the bot serves: the sandbox, or a workspace over the socket or over HTTP. */
import type { SlackAccess } from "../bot/receiver.ts";
import { halfSet, type SettingsReader } from "./environment.ts";

export type SlackSettings = { kind: "sandbox" } | SlackAccess;

const bot = "SLACK_BOT_TOKEN";
const app = "SLACK_APP_TOKEN";
const secret = "SLACK_SIGNING_SECRET";
const api = "SLACK_API_URL";
const eitherWay = `${app} (Socket Mode) or ${secret} (HTTP)`;

/** An app token asks for Socket Mode; a signing secret beside it is not needed and does no harm. */
export function readSlackSettings(reader: SettingsReader): SlackSettings {
  const botToken = token(reader, { name: bot, prefix: "xoxb-" });
  const appToken = token(reader, { name: app, prefix: "xapp-" });
  const signingSecret = reader.text(secret);
  const apiUrl = readApiUrl(reader);
  reader.slips([bot, app, secret, api]);
  if (botToken !== null && appToken !== null) return { kind: "socket", botToken, appToken, apiUrl };
  if (botToken !== null && signingSecret !== null) return { kind: "http", botToken, signingSecret, apiUrl };
  const isSet = [bot, app, secret, api].filter((name) => reader.text(name) !== null);
  const hasWay = appToken !== null || signingSecret !== null;
  const missing = [...(botToken === null ? [bot] : []), ...(hasWay ? [] : [eitherWay])];
  if (isSet.length > 0) reader.problems.push(halfSet({ isSet, missing }));
  return { kind: "sandbox" };
}

function token(reader: SettingsReader, { name, prefix }: { name: string; prefix: string }): string | null {
  const value = reader.text(name);
  if (value !== null && !value.startsWith(prefix)) reader.problems.push(`${name} must begin with ${prefix}.`);
  return value;
}

function readApiUrl(reader: SettingsReader): string | null {
  const address = reader.text(api);
  const isRight = address === null || (/^https?:\/\/[^@]+\/api\/$/.test(address) && URL.canParse(address));
  if (!isRight) reader.problems.push(`${api} must be an address such as https://slack.com/api/, which ends in /api/.`);
  return address;
}
