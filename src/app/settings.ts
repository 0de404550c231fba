/**
 * The environment, read once and checked whole (DESIGN §6): every problem at once, a half-set group names what is missing,
 * and nothing is a mixture by accident. Secrets come from here only and appear in no message (T3).
 */
import { isMailAddress } from "../flow/mail-address.ts";
import { isZone } from "../flow/zone.ts";
import { readAgentSettings, type AgentSettings } from "./agent-settings.ts";
import {
  readCalendarSettings,
  readMailSettings,
  type CalendarSettings,
  type MailSettings,
} from "./delivery-settings.ts";
import { readEngineSettings, type EngineSettings } from "./engine-settings.ts";
import { SettingsReader, type Environment } from "./environment.ts";
import { readSlackSettings, type SlackSettings } from "./slack-settings.ts";
import { dataFolderOf, readStateSettings, type StateSettings } from "./state-settings.ts";
import { webhookKeys } from "./webhook-signature.ts";

export type { Environment } from "./environment.ts";

export type CrmSettings =
  | { kind: "sample" }
  | { kind: "csv"; folder: string }
  /** The address may hold a password: it is shown to nobody (T3). */
  | { kind: "postgres"; address: string };

export interface ConfigurationFile {
  path: string;
  /** By REVOPS_CONFIG, so that it must be there. */
  isNamed: boolean;
}

/** What the app and the terminal both need: the same environment must mean the same store, flows and customers to both. */
export interface CommonSettings {
  slack: SlackSettings;
  state: StateSettings;
  engine: EngineSettings;
  /** Where what belongs to this machine lies: the sandbox's own database, and the sample. */
  dataFolder: string;
  crm: CrmSettings;
  flowFolders: string[];
  configurationFile: ConfigurationFile;
  timezone: string;
  adminEmail: string | null;
  /** Whether mails leave as mails: what is told both ways is else told once. */
  hasMails: boolean;
}

export interface Settings extends CommonSettings {
  port: number;
  host: string;
  logLevel: LogLevel;
  smtp: MailSettings | null;
  calendar: CalendarSettings | null;
  agents: AgentSettings;
  /** For `POST /events/NAME`; null: no events are taken. */
  eventsSecret: string | null;
}

export const logLevels = ["trace", "debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export type Read<Kind> = { ok: true; settings: Kind } | { ok: false; problems: string[] };
export type ReadSettings = Read<Settings>;

const ours = [
  "REVOPS_STATE",
  "REVOPS_ENGINE",
  "REVOPS_STATE_MACHINES",
  "REVOPS_AGENTS",
  "REVOPS_CRM",
  "REVOPS_FLOWS",
  "REVOPS_CONFIG",
  "REVOPS_TIMEZONE",
  "REVOPS_ADMIN_EMAIL",
  "REVOPS_LOG_LEVEL",
  "REVOPS_EVENTS_SECRET",
];

export function readSettings(environment: Environment): ReadSettings {
  const reader = new SettingsReader(environment);
  const portNumber = port(reader);
  const common = readCommon(reader);
  const inSandbox = common.slack.kind === "sandbox";
  const settings: Settings = {
    ...common,
    port: portNumber,
    host: reader.text("HOST") ?? (inSandbox ? "127.0.0.1" : "0.0.0.0"),
    logLevel: logLevel(reader, inSandbox),
    smtp: readMailSettings(reader),
    calendar: readCalendarSettings(reader),
    agents: readAgentSettings(reader),
    eventsSecret: eventsSecret(reader),
  };
  reader.unknown({ prefix: "REVOPS_", known: ours });
  return reader.problems.length === 0 ? { ok: true, settings } : { ok: false, problems: reader.problems };
}

/** For the terminal: how the app listens and sends is none of its business. */
export function readCommonSettings(environment: Environment): Read<CommonSettings> {
  const reader = new SettingsReader(environment);
  const settings = readCommon(reader);
  reader.unknown({ prefix: "REVOPS_", known: ours });
  return reader.problems.length === 0 ? { ok: true, settings } : { ok: false, problems: reader.problems };
}

function readCommon(reader: SettingsReader): CommonSettings {
  const slack = readSlackSettings(reader);
  const state = readStateSettings(reader);
  return {
    slack,
    state,
    engine: readEngineSettings(reader, state),
    dataFolder: dataFolderOf(state),
    crm: crmSettings(reader, slack.kind === "sandbox"),
    flowFolders: flowFolders(reader),
    configurationFile: configurationFile(reader),
    timezone: timezone(reader),
    adminEmail: adminEmail(reader),
    hasMails: slack.kind === "sandbox" || reader.text("SMTP_URL") !== null,
  };
}

const defaultPort = 3000;

function port(reader: SettingsReader): number {
  const text = reader.text("PORT");
  if (text === null) return defaultPort;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  reader.problems.push(`PORT must be a number from 0 to 65535, not ${text}.`);
  return defaultPort;
}

function crmSettings(reader: SettingsReader, inSandbox: boolean): CrmSettings {
  const text = reader.text("REVOPS_CRM");
  if (text === null) {
    if (!inSandbox)
      reader.problems.push(
        "REVOPS_CRM is not set. Say where customers come from: csv:FOLDER, postgres://…, or sample to try things out.",
      );
    return { kind: "sample" };
  }
  if (text === "sample") return { kind: "sample" };
  if (text.startsWith("csv:") && text.length > "csv:".length) return { kind: "csv", folder: text.slice("csv:".length) };
  if (/^postgres(ql)?:/.test(text)) {
    if (isDatabaseAddress(text)) return { kind: "postgres", address: text };
    reader.problems.push(
      "REVOPS_CRM begins with postgres: but is no address. Write postgres://USER:PASSWORD@HOST:5432/DATABASE, with %40 for an @ in the password, and so on.",
    );
  } else reader.problems.push("REVOPS_CRM must be sample, csv:FOLDER or a postgres:// address.");
  return { kind: "sample" };
}

/** Both are read by `pg` later, where a fault would be told with the address in it. */
function isDatabaseAddress(text: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(text)) return false;
  try {
    const { username, password, pathname } = new URL(text);
    for (const part of [username, password, pathname]) decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function flowFolders(reader: SettingsReader): string[] {
  const folders = (reader.text("REVOPS_FLOWS") ?? "flows").split(":").filter((folder) => folder !== "");
  if (folders.length === 0) reader.problems.push("REVOPS_FLOWS names no folder. Give one, or several with : between.");
  return folders;
}

function configurationFile(reader: SettingsReader): ConfigurationFile {
  const named = reader.text("REVOPS_CONFIG");
  return { path: named ?? "revops.yml", isNamed: named !== null };
}

function timezone(reader: SettingsReader): string {
  const text = reader.text("REVOPS_TIMEZONE") ?? "UTC";
  if (!isZone(text))
    reader.problems.push(`REVOPS_TIMEZONE must be an IANA zone such as America/New_York, not ${text}.`);
  return text;
}

function adminEmail(reader: SettingsReader): string | null {
  const text = reader.text("REVOPS_ADMIN_EMAIL");
  if (text !== null && !isMailAddress(text))
    reader.problems.push(`REVOPS_ADMIN_EMAIL must be one mail address, not ${text}.`);
  return text;
}

function eventsSecret(reader: SettingsReader): string | null {
  const text = reader.text("REVOPS_EVENTS_SECRET");
  if (text !== null && webhookKeys(text).length === 0)
    reader.problems.push(
      "REVOPS_EVENTS_SECRET begins with whsec_, so base64 must follow, as openssl rand -base64 32 gives.",
    );
  return text;
}

function logLevel(reader: SettingsReader, inSandbox: boolean): LogLevel {
  const text = reader.text("REVOPS_LOG_LEVEL");
  // In the sandbox a newcomer reads the terminal: one address, and what is wrong.
  if (text === null) return inSandbox ? "warn" : "info";
  const level = logLevels.find((one) => one === text);
  if (level === undefined)
    reader.problems.push(`REVOPS_LOG_LEVEL must be one of ${logLevels.join(", ")}, not ${text}.`);
  return level ?? "info";
}
