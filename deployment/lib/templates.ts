/** The templates of a deployment, and their form for comparing: hashes of code change with every line of it, and say nothing here. */
import type { App } from "aws-cdk-lib";
import { z } from "zod";
import { Json, JsonObject } from "../../src/flow/json.ts";

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

/** Asset hashes give way to a word, and what the construct library adds for itself goes. */
export function normalised(template: JsonObject): JsonObject {
  const { Rules: _rules, Parameters: parameters, ...rest } = template;
  const own = Object.entries(z.record(z.string(), Json).catch({}).parse(parameters)).filter(
    ([name]) => name !== "BootstrapVersion",
  );
  return JsonObject.parse(masked({ ...rest, ...(own.length === 0 ? {} : { Parameters: Object.fromEntries(own) }) }));
}

function masked(value: Json): Json {
  if (typeof value === "string") return value.replaceAll(hash, "HASH");
  if (Array.isArray(value)) return value.map(masked);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "aws:cdk:path" && key !== "aws:asset:path")
      .map(([key, each]) => [key, masked(each)]),
  );
}
