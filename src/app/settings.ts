/**
 * The environment, read once and checked whole (DESIGN §6): every problem at once, a half-set group names what is missing,
 * and nothing is a mixture by accident. Secrets come from here only and appear in no message (T3).
 */
import type { SlackAccess } from "../bot/receiver.ts";
import { nearest } from "../flow/nearest.ts";
import { isZone } from "../flow/zone.ts";
import { readSender } from "../notify/email/mail-address.ts";

export type SlackSettings = { kind: "sandbox" } | SlackAccess;

export type CrmSettings = { kind: "sample" } | { kind: "csv"; folder: string };

export interface CalendarSettings {
  keyFile: string;
  calendarId: string;
  impersonate: string | null;
  rootUrl: string | null;
}

export interface Settings {
  port: number;
  host: string;
  slack: SlackSettings;
  statePath: string;
  crm: CrmSettings;
  flowFolders: string[];
  configurationFile: string;
  timezone: string;
  adminEmail: string | null;
  logLevel: LogLevel;
  smtp: { url: string; from: string } | null;
  calendar: CalendarSettings | null;
}

export const logLevels = ["trace", "debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export type Environment = Readonly<Record<string, string | undefined>>;
export type ReadSettings = { ok: true; settings: Settings } | { ok: false; problems: string[] };

const known = [
  "REVOPS_STATE",
  "REVOPS_ENGINE",
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
  const reader = new Reader(environment);
  const slack = slackSettings(reader);
  const inSandbox = slack.kind === "sandbox";
  const settings: Settings = {
    port: port(reader),
    host: reader.text("HOST") ?? (inSandbox ? "127.0.0.1" : "0.0.0.0"),
    slack,
    statePath: statePath(reader),
    crm: crmSettings(reader, inSandbox),
    flowFolders: (reader.text("REVOPS_FLOWS") ?? "flows").split(":").filter((folder) => folder !== ""),
    configurationFile: reader.text("REVOPS_CONFIG") ?? "revops.yml",
    timezone: timezone(reader),
    adminEmail: reader.text("REVOPS_ADMIN_EMAIL"),
    logLevel: logLevel(reader, inSandbox),
    smtp: smtpSettings(reader),
    calendar: calendarSettings(reader),
  };
  only(reader, { name: "REVOPS_ENGINE", value: "embedded" });
  only(reader, { name: "REVOPS_AGENTS", value: "local" });
  unknownNames(reader, environment);
  return reader.problems.length === 0 ? { ok: true, settings } : { ok: false, problems: reader.problems };
}

class Reader {
  readonly problems: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** An empty value counts as unset: shells and containers write both. */
  text(name: string): string | null {
    const value = this.#environment[name]?.trim();
    return value === undefined || value === "" ? null : value;
  }

  /** Of a group of which some are set, the names of those that are not. */
  group(names: readonly string[]): Record<string, string> | null {
    const values = names.map((name) => [name, this.text(name)] as const);
    const missing = values.flatMap(([name, value]) => (value === null ? [name] : []));
    if (missing.length === names.length) return null;
    if (missing.length > 0) {
      const set = names.filter((name) => !missing.includes(name)).join(" and ");
      this.problems.push(`${set} is set, but ${missing.join(" and ")} is not. Set all of them, or none.`);
      return null;
    }
    return Object.fromEntries(values.map(([name, value]) => [name, value ?? ""]));
  }
}

/** An app token asks for Socket Mode; a signing secret beside it is not needed and does no harm. */
function slackSettings(reader: Reader): SlackSettings {
  const botToken = token(reader, { name: "SLACK_BOT_TOKEN", prefix: "xoxb-" });
  const appToken = token(reader, { name: "SLACK_APP_TOKEN", prefix: "xapp-" });
  const signingSecret = reader.text("SLACK_SIGNING_SECRET");
  const apiUrl = slackApiUrl(reader);
  if (botToken !== null && appToken !== null) return { kind: "socket", botToken, appToken, apiUrl };
  if (botToken !== null && signingSecret !== null) return { kind: "http", botToken, signingSecret, apiUrl };
  const isSet = [botName, ...ways, "SLACK_API_URL"].filter((name) => reader.text(name) !== null);
  if (isSet.length > 0) reader.problems.push(halfSet(isSet));
  return { kind: "sandbox" };
}

const botName = "SLACK_BOT_TOKEN";
const ways = ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"];

function halfSet(isSet: readonly string[]): string {
  const missing = [
    ...(isSet.includes(botName) ? [] : [botName]),
    ...(ways.some((name) => isSet.includes(name))
      ? []
      : ["SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"]),
  ];
  const have = `${isSet.join(" and ")} ${verb(isSet)} set, but ${missing.join(" and ")} ${verb(missing)} not`;
  return `${have}. Set what is missing too, or none of them.`;
}

function verb(names: readonly string[]): string {
  return names.length === 1 ? "is" : "are";
}

function slackApiUrl(reader: Reader): string | null {
  const apiUrl = reader.text("SLACK_API_URL");
  if (apiUrl !== null && !/^https?:\/\/.+\/api\/$/.test(apiUrl)) {
    reader.problems.push(`SLACK_API_URL must be an http address that ends in /api/, not ${apiUrl}.`);
  }
  return apiUrl;
}

function token(reader: Reader, { name, prefix }: { name: string; prefix: string }): string | null {
  const value = reader.text(name);
  if (value !== null && !value.startsWith(prefix)) reader.problems.push(`${name} must begin with ${prefix}.`);
  return value;
}

function port(reader: Reader): number {
  const text = reader.text("PORT");
  const value = Number(text ?? "3000");
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  reader.problems.push(`PORT must be a number from 0 to 65535, not ${text}.`);
  return 3000;
}

function statePath(reader: Reader): string {
  const text = reader.text("REVOPS_STATE") ?? "sqlite:data/revops.db";
  if (text.startsWith("sqlite:") && text.length > "sqlite:".length) return text.slice("sqlite:".length);
  if (text.startsWith("dynamodb:"))
    reader.problems.push("REVOPS_STATE=dynamodb:… is not supported yet. Use sqlite:PATH.");
  else reader.problems.push(`REVOPS_STATE must be sqlite:PATH, not ${text}.`);
  return "data/revops.db";
}

function crmSettings(reader: Reader, inSandbox: boolean): CrmSettings {
  const text = reader.text("REVOPS_CRM");
  if (text === null) {
    if (!inSandbox)
      reader.problems.push(
        "REVOPS_CRM is not set. Say where customers come from: csv:FOLDER, or sample to try things out.",
      );
    return { kind: "sample" };
  }
  if (text === "sample") return { kind: "sample" };
  if (text.startsWith("csv:") && text.length > "csv:".length) return { kind: "csv", folder: text.slice("csv:".length) };
  if (/^postgres(ql)?:/.test(text))
    reader.problems.push("REVOPS_CRM=postgres://… is not supported yet. Use csv:FOLDER.");
  else reader.problems.push("REVOPS_CRM must be sample or csv:FOLDER.");
  return { kind: "sample" };
}

function timezone(reader: Reader): string {
  const text = reader.text("REVOPS_TIMEZONE") ?? "UTC";
  if (!isZone(text))
    reader.problems.push(`REVOPS_TIMEZONE must be an IANA zone such as America/New_York, not ${text}.`);
  return text;
}

function logLevel(reader: Reader, inSandbox: boolean): LogLevel {
  const text = reader.text("REVOPS_LOG_LEVEL");
  // In the sandbox a newcomer reads the terminal: one address, and what is wrong.
  if (text === null) return inSandbox ? "warn" : "info";
  const level = logLevels.find((one) => one === text);
  if (level === undefined)
    reader.problems.push(`REVOPS_LOG_LEVEL must be one of ${logLevels.join(", ")}, not ${text}.`);
  return level ?? "info";
}

function smtpSettings(reader: Reader): Settings["smtp"] {
  const values = reader.group(["SMTP_URL", "MAIL_FROM"]);
  if (values === null) return null;
  const { SMTP_URL: url = "", MAIL_FROM: from = "" } = values;
  // The address may hold a password, so it isn't shown (T3).
  if (!/^smtps?:/.test(url) || !URL.canParse(url) || new URL(url).hostname === "")
    reader.problems.push("SMTP_URL must be an address such as smtp://user:password@host:587.");
  if (readSender(from) === null)
    reader.problems.push(`MAIL_FROM must be a mail address, or Name <address>, not ${from}.`);
  return { url, from };
}

function calendarSettings(reader: Reader): CalendarSettings | null {
  const values = reader.group(["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CALENDAR_ID"]);
  if (values === null) return null;
  return {
    keyFile: values["GOOGLE_APPLICATION_CREDENTIALS"] ?? "",
    calendarId: values["GOOGLE_CALENDAR_ID"] ?? "",
    impersonate: reader.text("GOOGLE_IMPERSONATE"),
    rootUrl: reader.text("GOOGLE_API_URL"),
  };
}

function only(reader: Reader, wanted: { name: string; value: string }): void {
  const text = reader.text(wanted.name);
  if (text !== null && text !== wanted.value) {
    reader.problems.push(`${wanted.name}=${text} is not supported yet. Leave it out, or set ${wanted.value}.`);
  }
}

function unknownNames(reader: Reader, environment: Environment): void {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith("REVOPS_") || known.includes(name)) continue;
    const near = nearest(name, known);
    reader.problems.push(`${name} is no setting.${near === null ? "" : ` Did you mean ${near}?`}`);
  }
}
