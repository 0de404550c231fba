/**
 * The sandbox: stand-ins for Slack, mail and Google Calendar that speak their wire protocols, and a page to use them by.
 * The production bot runs against it by its settings alone.
 *
 * Job: one HTTP server, one mail server, one database of its own. Non-job: flows, customers, what the bot says.
 *
 * 1. What anybody was told is stored before: kill -9 loses no message, view, mail, event, nor the clock's offset.
 * 2. Protocol limits (three seconds, tokens, addresses) run on real time; what people see runs on the sandbox's clock.
 * 3. This file is the edge where timers and randomness are real; everything below is given them.
 */
import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { After } from "./after.ts";
import { AccessTokens } from "./google/access-tokens.ts";
import { CalendarStore } from "./google/calendar-store.ts";
import { googleHttp } from "./google/google-http.ts";
import {
  readPrivateKey,
  serviceAccountEmail,
  serviceAccountKey,
  type ServiceAccountKey,
} from "./google/service-account.ts";
import { replyText } from "./http/reply.ts";
import { listen, type HttpPart } from "./http/sandbox-server.ts";
import { startMailServer } from "./mail/mail-server.ts";
import { MailStore } from "./mail/mail-store.ts";
import type { Advance } from "./page-server/move-clock.ts";
import { pageApi } from "./page-server/page-api-http.ts";
import { PageFeed } from "./page-server/page-feed.ts";
import { pageFiles } from "./page-server/page-files.ts";
import { pageStream } from "./page-server/page-stream.ts";
import { SandboxClock } from "./sandbox-clock.ts";
import { createWorkspace } from "./slack/create-workspace.ts";
import { fileHttp } from "./slack/file-http.ts";
import { serveLink } from "./slack/link.ts";
import type { SandboxUser } from "./slack/member-store.ts";
import { slackRates, type Rates } from "./slack/rate-limits.ts";
import { slackHttp } from "./slack/slack-http.ts";
import type { DeliverySetting } from "./slack/delivery.ts";
import type { SlackWorkspace, SlashCommand, UserGroup } from "./slack/workspace.ts";
import { inTransaction, openDatabase } from "./store/database.ts";
import { SettingsStore } from "./store/settings-store.ts";
import { ownAlone } from "./store/sole-owner.ts";

export type { Advance } from "./page-server/move-clock.ts";
export type { SandboxClock } from "./sandbox-clock.ts";
export type { SandboxUser } from "./slack/member-store.ts";
export type { SlashCommand, UserGroup } from "./slack/workspace.ts";
export type { DeliverySetting } from "./slack/delivery.ts";
export { SandboxTakenError } from "./store/sole-owner.ts";
export { userIdOf } from "./slack/slack-id.ts";

/** The calendar that the bot writes to. */
const calendarId = "revops@calendar.sandbox.example";

export interface SandboxOptions {
  databasePath: string;
  host: string;
  /** 0: any that is free. */
  port: number;
  /** The first one is who the page starts as. */
  users: readonly SandboxUser[];
  /** User groups, for `group:HANDLE`. */
  groups?: readonly UserGroup[];
  /** Names of channels, beside those that there are anyway. */
  channels?: readonly string[];
  botName: string;
  commands: readonly SlashCommand[];
  advance: Advance;
  /** The app's own addresses on this server; they go before the sandbox's. */
  parts?: readonly HttpPart[];
  /** How the app is reached (Socket Mode). */
  delivery?: DeliverySetting;
  /** How often Slack may be asked, where it is other than usual. */
  rates?: Partial<Rates>;
  /** Real time. */
  now: () => number;
  /** Real timers, unless a test has its own. */
  after?: After;
  /** What went wrong inside, for the log. */
  failed?: (error: unknown) => void;
}

export interface SandboxSettings {
  slackBotToken: string;
  slackAppToken: string;
  /** Ends in `/api/`. */
  slackApiUrl: string;
  smtpUrl: string;
  /** Google's root address; ends in `/`. */
  googleApiUrl: string;
  googleCredentials: ServiceAccountKey;
  googleCalendarId: string;
}

export interface Sandbox {
  url: string;
  settings: SandboxSettings;
  clock: Pick<SandboxClock, "now" | "offsetMs" | "set">;
  /**
   * What an app's settings page does: from now on by Socket Mode, or at a request URL once it has answered the challenge there.
   * Rejects with a sentence when it doesn't; then everything stays as it was.
   */
  deliverBy(delivery: DeliverySetting): Promise<void>;
  close(): Promise<void>;
}

/** Rejects with the system's code (`EADDRINUSE`) when the port is taken, with `SandboxTakenError` when the database is. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const letGo = ownAlone(options.databasePath);
  try {
    const sandbox = await onDatabase(options);
    return { ...sandbox, close: () => sandbox.close().finally(letGo) };
  } catch (error) {
    letGo();
    throw error;
  }
}

async function onDatabase(options: SandboxOptions): Promise<Sandbox> {
  const database = openDatabase(options.databasePath);
  try {
    return await start(options, database);
  } catch (error) {
    database.close();
    throw error;
  }
}

async function start(options: SandboxOptions, database: DatabaseSync): Promise<Sandbox> {
  const address = { url: "" };
  const url = (): string => address.url;
  const { after = realAfter, failed = () => {}, now, host, port } = options;
  const feed = new PageFeed();
  const settings = new SettingsStore(database);
  const clock = new SandboxClock({ realNow: now, settings, feed });
  // Made by another thread, at a first start, while this one goes on.
  const readingKey = readPrivateKey(settings);
  // Told where it is awaited; if something else fails before, that is what is told.
  readingKey.catch(() => {});
  const create = () =>
    createWorkspace({
      database,
      settings,
      feed,
      clock,
      url,
      after,
      randomHex,
      realNow: now,
      users: options.users,
      groups: options.groups ?? [],
      channels: options.channels ?? [],
      botName: options.botName,
      commands: options.commands,
      delivery: options.delivery ?? { kind: "socket" },
      rates: { ...slackRates, ...options.rates },
    });
  // One commit for everybody in it, not one for each.
  const workspace = inTransaction(database, create);
  const { traffic, faults } = workspace;
  const mails = new MailStore({ database, feed });
  const events = new CalendarStore({ database, feed });
  const privateKey = await readingKey;
  const tokenUri = (): string => `${url()}/token`;
  const tokens = new AccessTokens({ privateKey, tokenUri, realNow: now });
  const calendar = { events, isCalendar: isCalendarOf(workspace), now: () => clock.now(), randomHex, url };
  const parts: HttpPart[] = [
    ...(options.parts ?? []),
    health,
    pageFiles(),
    pageStream({ feed, after }),
    fileHttp(workspace),
    pageApi({ acting: { workspace, feed }, mails, events, advance: options.advance }),
    slackHttp(workspace),
    googleHttp({ tokens, calendar, traffic, faults }),
  ];
  const mailServer = await startMailServer({ mails, now: () => clock.now(), traffic, faults });
  const listening = await listen({ host, port, parts, failed }).catch(async (error: unknown) => {
    await mailServer.close();
    throw error;
  });
  address.url = listening.url;
  const unlink = serveLink({ server: listening.server, socket: workspace.socket, host });
  return {
    url: listening.url,
    settings: {
      slackBotToken: workspace.identity.botToken,
      slackAppToken: workspace.identity.appToken,
      slackApiUrl: `${listening.url}/api/`,
      smtpUrl: mailServer.url,
      googleApiUrl: `${listening.url}/`,
      googleCredentials: serviceAccountKey(privateKey, tokenUri()),
      googleCalendarId: calendarId,
    },
    clock,
    deliverBy: async (delivery) => {
      const problem = await workspace.deliverBy(delivery);
      if (problem !== null) throw new Error(problem);
    },
    close: async () => {
      workspace.dispatcher.close();
      workspace.socket.close();
      unlink();
      await Promise.all([listening.close(), mailServer.close()]);
      database.close();
    },
  };
}

const health: HttpPart = ({ response, url }) => {
  if (url.pathname !== "/healthz") return false;
  replyText(response, 200, "ok");
  return true;
};

function isCalendarOf({ people }: SlackWorkspace): (id: string) => boolean {
  return (id) => id === calendarId || id === serviceAccountEmail || people.findByEmail(id) !== null;
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

const realAfter: After = (ms, run) => {
  const timer = setTimeout(run, ms);
  timer.unref();
  return () => clearTimeout(timer);
};
