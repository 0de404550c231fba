/**
 * The manifest that creates the Slack app which the code expects, from what the bot registers. Pure.
 *
 * Socket Mode needs no address of ours; over HTTP each of Slack's three doors (events, buttons, commands) has the same one.
 */
import { words } from "./listeners/commands/command-line.ts";
import { neededScopes, type SlackManifest } from "./manifest-scopes.ts";
import { registrations } from "./registrations.ts";

/** `baseUrl`: where Slack reaches the app, `https://…` without a slash at its end. */
export type ManifestKind = { kind: "socket" } | { kind: "http"; baseUrl: string };

/** Where the bot hears Slack's HTTP requests. */
export const eventsPath = "/slack/events";

export function buildManifest(kind: ManifestKind) {
  const address = kind.kind === "http" ? `${kind.baseUrl}${eventsPath}` : null;
  const requestUrl = address === null ? {} : { request_url: address };
  return {
    display_information: {
      name: "RevOps Flows",
      description: "Watches customers, recommends what to do, and asks before anything goes out.",
      background_color: "#1f2a37",
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "RevOps", always_online: true },
      slash_commands: slashCommands.map(({ command, description, usageHint }) => ({
        command,
        ...(address === null ? {} : { url: address }),
        description,
        usage_hint: usageHint,
        should_escape: false,
      })),
    },
    oauth_config: { scopes: { bot: neededScopes().map(({ scope }) => scope) } },
    settings: {
      event_subscriptions: { ...requestUrl, bot_events: [...registrations.events] },
      interactivity: { is_enabled: true, ...requestUrl },
      org_deploy_enabled: false,
      socket_mode_enabled: address === null,
      token_rotation_enabled: false,
    },
  } satisfies SlackManifest;
}

export type Manifest = ReturnType<typeof buildManifest>;

const descriptions: Readonly<Record<string, string>> = {
  "/revops": "Start flows, see what runs and what waits for you",
};

/** What people see beside a command while they type it. */
export const slashCommands = registrations.commands.map((command) => ({
  command,
  description: descriptions[command] ?? "",
  usageHint: words.map((word) => (word === "run" ? "run FLOW [CUSTOMER]" : word)).join(" | "),
}));

/** What somebody typed as the app's address, as `baseUrl`; null for what Slack would not take. */
export function readBaseUrl(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, origin, pathname, search, hash, username } = new URL(text);
  if (protocol !== "https:" || `${search}${hash}${username}` !== "") return null;
  return `${origin}${pathname}`.replace(/\/+$/, "");
}
