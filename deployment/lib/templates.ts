/** The templates of a deployment, and their form for comparing: hashes of code change with every line of it, and say nothing here. */
import type { App } from "aws-cdk-lib";
import { type Json, JsonObject } from "../../src/flow/json.ts";

export interface Template {
  stack: string;
  template: JsonObject;
}

/** In the order in which they are deployed. */
export function templatesOf(app: App): Template[] {
  return app
    .synth()
    .stacks.map(({ stackName, template }) => ({ stack: stackName, template: JsonObject.parse(template) }));
}

const hash = /\b[0-9a-f]{64}\b/g;

/**
 * Without what the construct library adds for itself. `maskHashes`: those of code and definitions give way to a word, so that
 * two templates differ by what they deploy alone.
 */
export function normalised(template: JsonObject, { maskHashes }: { maskHashes: boolean }): JsonObject {
  const { Rules: _rules, Parameters: parameters, ...rest } = template;
  const own = Object.entries(JsonObject.catch({}).parse(parameters)).filter(([name]) => name !== "BootstrapVersion");
  const all = own.length === 0 ? rest : { ...rest, Parameters: Object.fromEntries(own) };
  return JsonObject.parse(plain(all, maskHashes ? (text) => text.replaceAll(hash, "HASH") : (text) => text));
}

const ofTheLibrary = new Set(["aws:cdk:path", "aws:asset:path"]);

function plain(value: Json, textOf: (text: string) => string): Json {
  if (typeof value === "string") return textOf(value);
  if (Array.isArray(value)) return value.map((each) => plain(each, textOf));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key]) => !ofTheLibrary.has(key));
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each, textOf)]));
}
