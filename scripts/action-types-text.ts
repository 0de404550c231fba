/** src/agents/action-types.ts, made from the schemas that actions are checked with: what an editor marks is what a call would refuse. */
import { format } from "prettier";
import { createLocalAgents } from "../src/agents/local/local-agents.ts";
import type { ActionDescription } from "../src/flow/action.ts";
import { alternatives, schemaOf, type Schema } from "./action-schema.ts";
import { nobody, silent } from "./no-agents.ts";

export const actionTypesFile = "src/agents/action-types.ts";

const head = `/**
 * What the actions of the product take and give, as types: made from their schemas by \`node scripts/actions.ts\`, never by hand.
 * Actions of one's own come beside them (docs/library.md).
 */
`;

/** Names that a folder of the user's own adds to: the known ones are offered, others aren't refused. */
const openNames: ReadonlySet<string> = new Set(["model"]);

export async function actionTypesText(): Promise<string> {
  const { agents } = createLocalAgents({ source: nobody, templates: silent });
  const catalogue = Object.values(agents).flatMap(({ actions }) => actions);
  const text = `${head}export interface BuiltInActionTypes {\n${catalogue.map(entry).join("")}}\n`;
  return format(text, { parser: "typescript", printWidth: 120 });
}

function entry({ action, agent, parameters, output }: ActionDescription): string {
  const taken = schemaOf(parameters, "input");
  const given = schemaOf(output, "output");
  return [
    comment(taken.description),
    `${action}: {\n`,
    `agent: ${JSON.stringify(agent)};\n`,
    `parameters: ${objectType(taken)};\n`,
    `output: ${typeOf(given)};\n`,
    "};\n",
  ].join("");
}

function objectType({ properties = {}, required = [] }: Schema): string {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const otherwise =
      schema.default === undefined || schema.default === "" ? null : `left out: ${String(schema.default)}`;
    const about = [schema.description, otherwise].filter((part) => part !== undefined && part !== null).join("; ");
    const type =
      openNames.has(name) && schema.enum !== undefined ? `${typeOf(schema)} | (string & {})` : typeOf(schema);
    return `${comment(about)}${name}${required.includes(name) ? "" : "?"}: ${type};\n`;
  });
  return fields.length === 0 ? "Record<string, never>" : `{\n${fields.join("")}}`;
}

function typeOf(schema: Schema): string {
  return [...new Set(alternatives(schema).map(oneType))].join(" | ");
}

function oneType(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const { type } = schema;
  switch (type) {
    case "array":
      return schema.items === undefined ? "unknown[]" : `(${typeOf(schema.items)})[]`;
    case "object":
      return schema.properties === undefined ? recordType(schema) : objectType(schema);
    case "integer":
      return "number";
    case "string":
    case "number":
    case "boolean":
    case "null":
      return type;
    case undefined:
    default:
      return "unknown";
  }
}

function recordType({ additionalProperties }: Schema): string {
  return typeof additionalProperties === "object"
    ? `Record<string, ${typeOf(additionalProperties)}>`
    : "Record<string, unknown>";
}

function comment(text: string | undefined): string {
  return text === undefined || text === "" ? "" : `/** ${text.replaceAll("*/", "*\\/")} */\n`;
}
