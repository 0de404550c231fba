/**
 * The JSON Schema of flow files, for editors: keys and words as the reader has them, parameters from the actions' own schemas, the
 * meaning of each key as docs/flow-language.md tells it. What a schema can't say (expressions, dependencies) `validate` does.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "prettier";
import { z } from "zod";
import { createLocalAgents } from "../src/agents/local/local-agents.ts";
import type { ActionDescription } from "../src/flow/action.ts";
import { DecisionWord, InputType, reservedIds } from "../src/flow/flow.ts";
import { stepKeys, type StepKind } from "../src/flow/flow-file/step-keys.ts";
import type { Json, JsonObject } from "../src/flow/json.ts";
import { nobody, silent } from "./no-agents.ts";

export const flowSchemaFile = "flow.schema.json";

const language = "docs/flow-language.md";

export async function flowSchemaText(): Promise<string> {
  const page = await readFile(join(import.meta.dirname, "..", language), "utf8");
  const { agents } = createLocalAgents({ source: nobody, templates: silent });
  const catalogue = Object.values(agents).flatMap(({ actions }) => actions);
  const schema = flowSchema({ catalogue, meanings: meaningsIn(page) });
  return format(JSON.stringify(schema), { parser: "json", printWidth: 120 });
}

/** By the heading below which its table stands, then by key. */
type Meanings = ReadonlyMap<string, ReadonlyMap<string, string>>;

function meaningsIn(page: string): Meanings {
  const sections = page.split(/^#{2,3} /m).slice(1);
  return new Map(sections.map((section) => [section.slice(0, section.indexOf("\n")), keysIn(section)]));
}

function keysIn(section: string): Map<string, string> {
  const found = new Map<string, string>();
  const [, table = ""] = /^\| key +\| meaning +\|\n(?:\|[- |]+\|\n)((?:\|.*\|\n)+)/m.exec(section) ?? [];
  for (const [, keys = "", meaning = ""] of table.matchAll(/^\| (.*?) +\| (.*?) +\|$/gm)) {
    for (const [, key = ""] of keys.matchAll(/`([a-z_]+)`/g)) found.set(key, plain(meaning));
  }
  return found;
}

/** Without links, bars and quotes of Markdown. */
function plain(meaning: string): string {
  return meaning
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replaceAll("\\|", "|")
    .replaceAll("`", "");
}

interface Asked {
  catalogue: readonly ActionDescription[];
  meanings: Meanings;
}

const id: JsonObject = {
  type: "string",
  pattern: "^[a-z][a-z0-9_]{0,63}$",
  not: { enum: [...reservedIds] },
};
const duration: JsonObject = {
  type: "string",
  pattern: "^P(?:\\d+W)?(?:\\d+D)?(?:T(?:\\d+H)?(?:\\d+M)?(?:\\d+(?:\\.\\d+)?S)?)?$",
  examples: ["PT30S", "PT4H", "P3D", "P2W"],
};
const expression: JsonObject = { type: "string", pattern: "^\\$\\{[^]*\\}$", examples: ["${assess.over_threshold}"] };
const text: JsonObject = { type: "string" };
const flag: JsonObject = { type: "boolean" };
const anything: JsonObject = {};

function oneOrMore(items: JsonObject): JsonObject {
  return { anyOf: [items, { type: "array", items, minItems: 1 }] };
}

function closed(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return { type: "object", properties, required: [...required], additionalProperties: false };
}

function flowSchema({ catalogue, meanings }: Asked): JsonObject {
  const told = teller(meanings);
  const trigger = { anyOf: triggers(told) };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: flowSchemaFile,
    title: "A flow of RevOps Flows",
    description: `${language} has the whole language.`,
    type: "object",
    properties: told("The file", {
      flow_id: { ...id, examples: ["renewal_management"] },
      version: { type: ["string", "number"], examples: ["1.0"] },
      description: text,
      extends: { ...id, description: "the flow_id that this one starts from: it says only what is different" },
      remove: { type: "array", items: id, description: "steps of the flow that it extends" },
      input: { type: "object", propertyNames: id, additionalProperties: input() },
      trigger,
      triggers: oneOrMore(trigger),
      timeout: duration,
      concurrency: closed({ key: text, limit: { type: "integer", minimum: 1 } }, ["key"]),
      steps: { type: "array", minItems: 1, maxItems: 500, items: step(catalogue, told) },
      error_handling: closed(
        told("Failures and retries", {
          default_strategy: { enum: ["retry", "fail", "continue"] },
          retry_count: { type: "integer", minimum: 0, maximum: 100 },
          failure_notification: { ...text, examples: ["${admin_email}"] },
        }),
      ),
    }),
    required: ["flow_id", "version"],
    // A flow that starts from another may have no steps of its own.
    anyOf: [{ required: ["steps"] }, { required: ["extends"] }],
    additionalProperties: false,
  };
}

type Tell = (heading: string, properties: JsonObject) => JsonObject;

function teller(meanings: Meanings): Tell {
  return (heading, properties) =>
    Object.fromEntries(
      Object.entries(properties).map(([key, schema]) => {
        const description = meanings.get(heading)?.get(key);
        const isObject = typeof schema === "object" && schema !== null && !Array.isArray(schema);
        return [key, description === undefined || !isObject ? schema : { ...schema, description }];
      }),
    );
}

function input(): JsonObject {
  return closed({
    type: { enum: InputType.options },
    enum: { type: "array", items: text, minItems: 1 },
    required: flag,
    default: anything,
    description: text,
  });
}

function triggers(told: Tell): JsonObject[] {
  const all = told("What starts a flow", {
    schedule: { ...text, examples: ["cron(0 9 ? * MON-FRI *)", "rate(1 day)"] },
    timezone: { ...text, examples: ["America/New_York"] },
    catch_up: { enum: ["none", "latest", "all"] },
    jitter: duration,
    event: { ...text, examples: ["customer.created"] },
    overlap: { enum: ["skip", "queue", "allow"] },
    filter: oneOrMore({ ...text, examples: ["customer.arr >= 20000"] }),
  });
  const of = (type: string, keys: readonly string[], required: readonly string[]) =>
    closed({ type: { const: type }, ...Object.fromEntries(keys.map((key) => [key, all[key] ?? anything])) }, [
      "type",
      ...required,
    ]);
  return [
    of("schedule", ["schedule", "timezone", "catch_up", "jitter", "overlap", "filter"], ["schedule"]),
    of("event", ["event", "overlap", "filter"], ["event"]),
    of("manual", ["overlap"], []),
  ];
}

const headings: Readonly<Record<StepKind, string>> = {
  agent: "Steps",
  approval: "Approvals",
  wait: "Waiting",
  flow: "Sub-flows",
};
const needed: Readonly<Record<StepKind, readonly string[]>> = {
  agent: ["agent", "action"],
  approval: ["type", "approvers"],
  wait: ["type"],
  flow: ["type", "flow_id"],
};

/** By `type`: a step without one is an agent's. */
function step(catalogue: readonly ActionDescription[], told: Tell): JsonObject {
  const kinds = (["approval", "wait", "flow"] as const).map((kind) =>
    implies({ properties: { type: { const: kind } }, required: ["type"] }, stepOf(kind, catalogue, told)),
  );
  const isOther = { properties: { type: { enum: ["approval", "wait", "flow"] } }, required: ["type"] };
  return {
    type: "object",
    required: ["id"],
    properties: told("Steps", { id, type: { enum: ["agent", "approval", "wait", "flow"] } }),
    allOf: [...kinds, { if: isOther, else: stepOf("agent", catalogue, told) }],
  };
}

function stepOf(kind: StepKind, catalogue: readonly ActionDescription[], told: Tell): JsonObject {
  const values = told(headings[kind], told("Steps", stepValues(catalogue)));
  const properties = Object.fromEntries(stepKeys[kind].map((key) => [key, values[key] ?? anything]));
  const calls = kind === "agent" ? { allOf: catalogue.map(parametersOf) } : {};
  return { ...closed(properties, needed[kind]), ...calls };
}

function stepValues(catalogue: readonly ActionDescription[]): JsonObject {
  const agents = [...new Set(catalogue.map(({ agent }) => agent))];
  const called = {
    agent: { enum: agents },
    action: { enum: catalogue.map(({ action }) => action) },
    parameters: { type: ["object", "null"] },
  };
  return {
    ...called,
    id,
    type: text,
    depends_on: oneOrMore({ anyOf: [id, closed({ step: id, optional: flag }, ["step"])] }),
    when: expression,
    due: text,
    late: { enum: ["run", "skip", "shift"] },
    timeout: duration,
    retry: closed({
      max_attempts: { type: "integer", minimum: 1 },
      interval: duration,
      backoff_rate: { type: "number" },
      max_interval: duration,
      jitter: { enum: ["full", "none"] },
      on: oneOrMore(text),
    }),
    on_error: { enum: ["fail", "continue", "compensate"] },
    for_each: { anyOf: [text, { type: "array" }] },
    max_concurrency: { type: "integer", minimum: 1 },
    compensate: closed(called, ["agent", "action"]),
    approvers: oneOrMore({ ...text, examples: ["${customer.account_manager_email}", "role:revops_lead"] }),
    quorum: { type: "integer", minimum: 1, maximum: 20 },
    reason_required: oneOrMore({ enum: [...DecisionWord.options] }),
    requester_may_decide: flag,
    on_timeout: { enum: ["expire", "approve", "escalate"] },
    editable: oneOrMore(text),
    remind_after: duration,
    escalate: closed({ after: duration, to: oneOrMore(text) }, ["to"]),
    duration,
    until: text,
    flow_id: id,
    input: { type: ["object", "null"] },
  };
}

/** Each value may be an expression instead. */
function parametersOf({ agent, action, parameters }: ActionDescription): JsonObject {
  const schema = JsonValue.parse(z.toJSONSchema(parameters, { io: "input", unrepresentable: "any", reused: "inline" }));
  const called = { properties: { agent: { const: agent }, action: { const: action } }, required: ["agent", "action"] };
  return implies(called, { properties: { parameters: orExpression(schema, true) } });
}

function implies(condition: JsonObject, consequence: JsonObject): JsonObject {
  // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's own word; nobody awaits it.
  return { if: condition, then: consequence };
}

const JsonValue = z.json();

function orExpression(schema: Json, isWhole = false): Json {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === "properties" && typeof value === "object" && value !== null && !Array.isArray(value))
        return [key, Object.fromEntries(Object.entries(value).map(([name, field]) => [name, orExpression(field)]))];
      return [key, key === "items" || key === "additionalProperties" ? orExpression(value) : value];
    }),
  );
  const { $schema: _version, description, ...rest } = inner;
  const about: JsonObject = description === undefined ? {} : { description };
  const isFree = isWhole || (rest["type"] === "string" && bounds.every((bound) => rest[bound] === undefined));
  return isFree ? { ...rest, ...about } : { ...about, anyOf: [rest, { type: "string", pattern: "\\$\\{" }] };
}

/** A text that holds an expression has neither the length nor the shape of what it becomes. */
const bounds = ["pattern", "format", "enum", "const", "minLength", "maxLength"];
