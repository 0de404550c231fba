/** `revops.yml`: variables, roles, channels, limits, retention, the customer database. Every problem at once, each with file, line, column and the nearest right name. */
import { readFile } from "node:fs/promises";
import { defaultRetention, type RetentionTimes } from "../engine/retention.ts";
import { createReport, inOrder } from "../flow/flow-file/problem.ts";
import { createReader, kindOf, type Reader } from "../flow/flow-file/reader.ts";
import { placesIn, readYaml, type SourceEntry, type SourceNode } from "../flow/flow-file/source.ts";
import { noPrices, type Prices } from "../flow/usage.ts";
import { parseReference } from "../notify/slack/reference.ts";
import { type CrmConfiguration, noCrm, readCrm } from "./configuration/crm.ts";
import { noPreferences, readPeople, type PeopleSettings } from "./configuration/people.ts";
import { noContactLimits, type ContactLimits } from "./configuration/contacts.ts";
import { type DigestConfiguration, readDigests, usualDigests } from "./configuration/digests.ts";
import { readLimits, type AgentLimitsByName } from "./configuration/limits.ts";
import { readPrices } from "./configuration/prices.ts";
import type { ConfigurationFile } from "./settings.ts";

export interface Configuration {
  /** Roots in expressions. */
  variables: Record<string, string>;
  /** Mail addresses, `user:ID`, `group:HANDLE`. */
  roles: Record<string, string[]>;
  channels: { default: string; alerts: string; flows: Record<string, string> };
  /** Of agents (DESIGN §5). */
  limits: AgentLimitsByName;
  /** How often people are reached, over all flows. */
  contacts: ContactLimits;
  /** Of models' tokens. */
  prices: Prices;
  retention: RetentionTimes;
  digests: DigestConfiguration;
  /** By which way each wants to be told, and when nobody wants to be. */
  people: PeopleSettings;
  crm: CrmConfiguration;
}

const dayMs = 86_400_000;

export const noConfiguration: Configuration = {
  variables: {},
  roles: {},
  channels: { default: "#revops", alerts: "#renewals", flows: {} },
  limits: {},
  contacts: noContactLimits,
  prices: noPrices,
  retention: defaultRetention,
  digests: usualDigests,
  people: noPreferences,
  crm: noCrm,
};

const keys = ["variables", "roles", "channels", "limits", "retention", "crm", "people", "agents", "digests"];

export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: string[];
  constructor(problems: string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** Null: there is no such file, and nobody said that there is. */
export async function readConfiguration({ path, isNamed }: ConfigurationFile): Promise<Configuration | null> {
  try {
    return parseConfiguration({ file: path, text: await readFile(path, "utf8") });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "ENOENT" && !isNamed) return null;
    const reason = error.code === "ENOENT" ? "there is no such file" : `it can't be read (${String(error.code)})`;
    throw new ConfigurationError([
      isNamed ? `REVOPS_CONFIG names ${path}, but ${reason}.` : `${path} is there, but ${reason}.`,
    ]);
  }
}

/** Throws `ConfigurationError`. */
export function parseConfiguration({ file, text }: { file: string; text: string }): Configuration {
  if (isBlank(text)) return noConfiguration;
  const { report, found } = createReport({ file, place: placesIn(text) });
  const root = readYaml({ text, report, what: "revops.yml" });
  const configuration = root === null ? noConfiguration : readSections(root, createReader(report));
  if (found.length === 0) return configuration;
  const lines = text.split("\n");
  const told = inOrder(found).map(({ line, column, message }) => {
    const isToUnderstand = message.includes("# begins a comment") || !isCutOff(lines[line - 1] ?? "");
    const hint = isToUnderstand ? "" : "; after a blank, # begins a comment: write '#name' in quotes";
    return `${file}:${line}:${column}: ${message}${hint}`;
  });
  throw new ConfigurationError(told);
}

/** `default: #revops`, where YAML sees no value. */
function isCutOff(line: string): boolean {
  return /:\s+#[\p{L}\p{N}]/u.test(line);
}

/** `REVOPS_ADMIN_EMAIL` wins over the variable. */
export function withAdmin(configuration: Configuration, adminEmail: string | null): Configuration {
  if (adminEmail === null) return configuration;
  return { ...configuration, variables: { ...configuration.variables, admin_email: adminEmail } };
}

function isBlank(text: string): boolean {
  return text.split("\n").every((line) => /^\s*(?:#.*)?$/.test(line));
}

function readSections(root: SourceNode, reader: Reader): Configuration {
  const sections = reader.fields(root, { what: "revops.yml", keys });
  if (sections === null) return noConfiguration;
  const channels = sections.get("channels");
  const retention = sections.get("retention");
  return {
    variables: named(sections.get("variables"), { what: "variables", reader }, (entry) => variable(entry, reader)),
    roles: named(sections.get("roles"), { what: "roles", reader }, (entry) => members(entry, reader)),
    channels: channels === null ? noConfiguration.channels : readChannels(channels, reader),
    ...readLimits(sections.get("limits"), reader),
    prices: readPrices(sections.get("agents"), reader),
    people: readPeople(sections.get("people"), reader),
    digests: readDigests(sections.get("digests"), { reader, channel: (value) => channel(value, reader) }),
    retention: retention === null ? noConfiguration.retention : readRetention(retention, reader),
    crm: readCrm(sections.get("crm"), reader),
  };
}

/** A mapping whose keys are the file's own. */
function named<Value>(
  node: SourceNode | null,
  { what, reader }: { what: string; reader: Reader },
  read: (entry: SourceEntry) => Value | null,
): Record<string, Value> {
  if (node === null) return {};
  if (node.kind !== "map") {
    reader.report.error(node.at, `${what} must be a mapping of names to values, not ${kindOf(node)}`);
    return {};
  }
  const pairs = node.entries.map((entry) => [entry.key, read(entry)] as const);
  return Object.fromEntries(pairs.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

function variable(entry: SourceEntry, reader: Reader): string | null {
  const name = reader.id(keyOf(entry), "a variable's name");
  const value = reader.text(entry.value, `the variable ${entry.key}`);
  return name === null ? null : value;
}

function members({ key, keyAt, value }: SourceEntry, reader: Reader): string[] | null {
  if (/\s/.test(key)) reader.report.error(keyAt, `a role's name has no blanks, or no flow could name it: "${key}"`);
  const texts = reader.list(value).flatMap((node) => {
    const text = reader.text(node, `a member of the role ${key}`);
    return text === null || !isMember({ text, at: node.at, reader }) ? [] : [text];
  });
  if (value.kind === "list" && value.items.length === 0) reader.report.error(value.at, `the role ${key} names nobody`);
  return texts;
}

function isMember({ text, at, reader }: { text: string; at: number; reader: Reader }): boolean {
  const forms = "a mail address, user:ID or group:HANDLE";
  try {
    if (parseReference(text).kind !== "role") return true;
    reader.report.error(at, `a role can't hold another role (${text}); name its people: ${forms}`);
  } catch {
    reader.report.error(at, `"${text}" names nobody; write ${forms}`);
  }
  return false;
}

function readChannels(node: SourceNode, reader: Reader): Configuration["channels"] {
  const fields = reader.fields(node, { what: "channels", keys: ["default", "alerts", "flows"] });
  const one = (key: "default" | "alerts"): string => {
    const value = fields?.get(key) ?? null;
    return (value === null ? null : channel(value, reader)) ?? noConfiguration.channels[key];
  };
  const flows = named(fields?.get("flows") ?? null, { what: "flows", reader }, (entry) => {
    const flowId = reader.id(keyOf(entry), "a flow's id");
    const name = channel(entry.value, reader);
    return flowId === null ? null : name;
  });
  return { default: one("default"), alerts: one("alerts"), flows };
}

/** Slack's own rule for names, and its ids. */
const channelName = /^(?:#?[\p{Ll}\p{Lo}\p{N}_-]{1,80}|[CG][A-Z0-9]{8,})$/u;

function channel(node: SourceNode, reader: Reader): string | null {
  const text = reader.text(node, "a channel");
  if (text === null || channelName.test(text)) return text;
  reader.report.error(node.at, `"${text}" is no channel; write #name in small letters, or the channel's id`);
  return null;
}

function readRetention(node: SourceNode, reader: Reader): RetentionTimes {
  const fields = reader.fields(node, { what: "retention", keys: ["executions", "audit"] });
  const one = (key: "executions" | "audit"): number | null => {
    const value = fields?.get(key) ?? null;
    const ms = value === null ? null : reader.duration(value, key);
    if (value === null || ms === null || ms >= dayMs) return ms;
    // A firing or an event that comes again would find nothing of what it has started already.
    reader.report.error(value.at, `${key} can't be kept for less than P1D`);
    return null;
  };
  const { executionsMs, auditMs } = defaultRetention;
  return { executionsMs: one("executions") ?? executionsMs, auditMs: one("audit") ?? auditMs };
}

function keyOf({ key, keyAt }: SourceEntry): SourceNode {
  return { kind: "scalar", at: keyAt, value: key, written: key, place: () => keyAt };
}
