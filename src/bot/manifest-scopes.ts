/**
 * What the bot may do in a workspace, and why: no scope but those that Slack asks for the methods that are called, the events
 * that are heard and the commands. A test compares the methods with the calls in the code.
 */
import type { AppsManifestCreateArguments } from "@slack/web-api";
import type { events } from "./listeners/events/index.ts";

export type SlackManifest = AppsManifestCreateArguments["manifest"];
type SlackScopes = NonNullable<NonNullable<SlackManifest["oauth_config"]>["scopes"]>;
type BotScope = NonNullable<SlackScopes["bot"]>[number];

/** A conversation's method needs the scope of each kind of conversation that it is used on. */
export const methodScopes = {
  "auth.test": [],
  "chat.postEphemeral": ["chat:write"],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "conversations.history": ["channels:history", "groups:history", "im:history"],
  "conversations.info": ["channels:read", "groups:read", "im:read"],
  "conversations.list": ["channels:read", "groups:read"],
  "conversations.open": ["im:write"],
  "conversations.replies": ["channels:history", "groups:history", "im:history"],
  "files.completeUploadExternal": ["files:write"],
  "files.getUploadURLExternal": ["files:write"],
  "usergroups.list": ["usergroups:read"],
  "usergroups.users.list": ["usergroups:read"],
  "users.info": ["users:read", "users:read.email"],
  "users.lookupByEmail": ["users:read.email"],
  "views.open": [],
  "views.publish": [],
  "views.push": [],
  "views.update": [],
} as const satisfies Record<string, readonly BotScope[]>;

export const eventScopes = {
  app_home_opened: [],
  app_mention: ["app_mentions:read"],
  "message.im": ["im:history"],
} as const satisfies Record<(typeof events)[number], readonly BotScope[]>;

type Scope =
  | "commands"
  | (typeof methodScopes)[keyof typeof methodScopes][number]
  | (typeof eventScopes)[keyof typeof eventScopes][number];

/** For whoever has to allow them. */
const reasons: Readonly<Record<Scope, string>> = {
  "app_mentions:read": "@RevOps status, @RevOps why is Acme at risk?",
  "channels:history": "whether a message whose receipt was lost is there, what a thread is about",
  "channels:read": "whether the bot is in the channel of a command",
  "chat:write": "cards, progress, answers",
  commands: "/revops",
  "files:write": "a flow's graph and an execution's timeline, as pictures",
  "groups:history": "as channels:history, private channels",
  "groups:read": "as channels:read, private channels",
  "im:history": "the same words, and questions, in a direct message",
  "im:read": "as channels:read, direct messages",
  "im:write": "direct messages to account managers",
  "usergroups:read": "group:HANDLE as approvers",
  "users:read": "who pressed",
  "users:read.email": "approvers are named by mail address",
};

export interface NeededScope {
  scope: Scope;
  reason: string;
}

/** In alphabetical order, as Slack lists them. */
export function neededScopes(): NeededScope[] {
  const needed: Scope[] = ["commands", ...Object.values(methodScopes).flat(), ...Object.values(eventScopes).flat()];
  return [...new Set(needed)].toSorted().map((scope) => ({ scope, reason: reasons[scope] }));
}
