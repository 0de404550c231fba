/** Who the workspace, the app and its bot are, and the tokens that open it. */
import type { SettingsStore } from "../store/settings-store.ts";
import { derivedId } from "./slack-id.ts";

export interface Identity {
  teamId: string;
  teamName: string;
  teamDomain: string;
  appId: string;
  botId: string;
  botUserId: string;
  botName: string;
  botToken: string;
  appToken: string;
  /** The old shared secret that Slack still puts into each payload. */
  verificationToken: string;
}

/** Tokens are made once and stored: an app that runs apart from the sandbox keeps its settings. */
export function readIdentity(parameters: {
  settings: SettingsStore;
  botName: string;
  randomHex: (bytes: number) => string;
}): Identity {
  const { settings, botName, randomHex } = parameters;
  return {
    teamId: derivedId("T", "sandbox team"),
    teamName: "Sandbox",
    teamDomain: "sandbox",
    appId: derivedId("A", "sandbox app"),
    botId: derivedId("B", "sandbox bot"),
    botUserId: derivedId("U", "sandbox bot user"),
    botName,
    botToken: settings.getOrMake("slack_bot_token", () => `xoxb-sandbox-${randomHex(16)}`),
    appToken: settings.getOrMake("slack_app_token", () => `xapp-1-sandbox-${randomHex(16)}`),
    verificationToken: settings.getOrMake("slack_verification_token", () => randomHex(12)),
  };
}
