/** Everything that the Slack stand-in knows, in one hand: what methods and people's acts work on. */
import type { Faults } from "../faults.ts";
import type { SandboxClock } from "../sandbox-clock.ts";
import type { SettingsStore } from "../store/settings-store.ts";
import type { Traffic } from "../traffic.ts";
import type { ChannelStore } from "./channel-store.ts";
import type { DeliverySetting } from "./delivery.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { FileStore } from "./file-store.ts";
import type { Identity } from "./identity.ts";
import type { MemberStore } from "./member-store.ts";
import type { MessageStore } from "./message-store.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { ResponseUrlStore } from "./response-url-store.ts";
import type { SocketMode } from "./socket-mode.ts";
import type { TriggerIds } from "./trigger-ids.ts";
import type { ViewStore } from "./view-store.ts";

export interface SlashCommand {
  command: string;
  description: string;
  usageHint: string;
}

export interface UserGroup {
  handle: string;
  name: string;
  emails: string[];
}

export interface SlackWorkspace {
  identity: Identity;
  settings: SettingsStore;
  people: MemberStore;
  channels: ChannelStore;
  messages: MessageStore;
  files: FileStore;
  views: ViewStore;
  responseUrls: ResponseUrlStore;
  triggers: TriggerIds;
  limits: RateLimits;
  /** The way to the app. */
  dispatcher: Dispatcher;
  /** Another way, once the app has answered there; null, or a sentence that says why it stays as it was. */
  deliverBy: (setting: DeliverySetting) => Promise<string | null>;
  /** Where the app opens its connections. */
  socket: SocketMode;
  commands: readonly SlashCommand[];
  groups: readonly UserGroup[];
  clock: SandboxClock;
  traffic: Traffic;
  faults: Faults;
  /** Protocol limits run on it. */
  realNow: () => number;
  randomHex: (bytes: number) => string;
  /** `http://host:port`, known once the server listens. */
  url: () => string;
}
