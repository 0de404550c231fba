/** Puts the Slack stand-in together. */
import type { DatabaseSync } from "node:sqlite";
import type { After } from "../after.ts";
import { Faults } from "../faults.ts";
import type { PageFeed } from "../page-server/page-feed.ts";
import type { SandboxClock } from "../sandbox-clock.ts";
import type { SettingsStore } from "../store/settings-store.ts";
import { Traffic } from "../traffic.ts";
import { ChannelStore } from "./channel-store.ts";
import type { DeliverySetting } from "./delivery.ts";
import { FileStore } from "./file-store.ts";
import { readIdentity, type Identity } from "./identity.ts";
import { MemberStore, type SandboxUser } from "./member-store.ts";
import { MessageStore } from "./message-store.ts";
import { RateLimits, type Rates } from "./rate-limits.ts";
import { ResponseUrlStore } from "./response-url-store.ts";
import { TriggerIds } from "./trigger-ids.ts";
import { ViewStore } from "./view-store.ts";
import { createWayToApp } from "./way-to-app.ts";
import type { SlackWorkspace, SlashCommand, UserGroup } from "./workspace.ts";

interface WorkspaceParameters {
  database: DatabaseSync;
  settings: SettingsStore;
  feed: PageFeed;
  clock: SandboxClock;
  url: () => string;
  after: After;
  randomHex: (bytes: number) => string;
  realNow: () => number;
  users: readonly SandboxUser[];
  groups: readonly UserGroup[];
  channels: readonly string[];
  botName: string;
  commands: readonly SlashCommand[];
  delivery: DeliverySetting;
  rates: Rates;
}

export function createWorkspace(parameters: WorkspaceParameters): SlackWorkspace {
  const { database, settings, feed, clock, url, randomHex, realNow, commands, groups } = parameters;
  const identity = readIdentity({ settings, botName: parameters.botName, randomHex });
  const people = new MemberStore(database, parameters.users);
  const traffic = new Traffic({ feed, realNow, secrets: () => secretsOf(identity) });
  return {
    identity,
    settings,
    people,
    commands,
    groups,
    clock,
    traffic,
    faults: new Faults({ feed }),
    realNow,
    randomHex,
    url,
    channels: new ChannelStore({ database, people, identity, settings, further: parameters.channels }),
    messages: new MessageStore({ database, settings, feed, now: () => clock.now() }),
    files: new FileStore({ database, now: () => clock.now(), realNow }),
    views: new ViewStore({ database, feed }),
    responseUrls: new ResponseUrlStore({ database, realNow }),
    triggers: new TriggerIds({ realNow, randomHex }),
    limits: new RateLimits({ rates: parameters.rates, realNow }),
    ...createWayToApp({ ...parameters, identity, traffic }),
  };
}

function secretsOf({ botToken, appToken, verificationToken }: Identity): string[] {
  return [botToken, appToken, verificationToken];
}
