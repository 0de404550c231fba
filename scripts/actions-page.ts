/** docs/actions.md, made from the schemas that the actions are checked with: what stands there is what holds. Pure but for prettier. */
import { format } from "prettier";
import { OwnActions } from "../src/agents/own/own-actions.ts";
import { createLocalAgents } from "../src/agents/local/local-agents.ts";
import type { ActionDescription } from "../src/flow/action.ts";
import { customerFields } from "../src/flow/customer.ts";
import { nobody, silent } from "./no-agents.ts";
import { alternatives, schemaOf, type Schema } from "./action-schema.ts";

export const actionsFile = "docs/actions.md";

const head = `# Actions

Every action of the three agents: what it takes and what it gives. This page is made from the schemas that each call is checked with
(\`node scripts/actions.ts\`), so nothing else holds. How a step names an action, and how an action finds what earlier steps gave,
stands in [the flow language](flow-language.md#actions). Actions of the folder \`actions\` come last.

A path such as \`customers[].name\` is the name of each customer of the list. What may be empty is null where nothing is known.
`;

export async function actionsPage(): Promise<string> {
  const { agents } = createLocalAgents({ source: nobody, templates: silent });
  const product = Object.values(agents).flatMap(({ actions }) => actions);
  const own = await new OwnActions({ product }).look();
  const page = [head, ...[...product, ...own.catalogue].map(section)].join("\n");
  return format(page, { parser: "markdown", printWidth: 120 });
}

function section(action: ActionDescription): string {
  const parameters = schemaOf(action.parameters, "input");
  const output = schemaOf(action.output, "output");
  return [
    `## ${action.action}\n`,
    `${[`\`${action.agent}\`.`, parameters.description ?? "", ...facts(action)].join(" ").trim()}\n`,
    table(["parameter", "type", "default", "about"], parameterRows(parameters)),
    isCustomer(output) ? "It gives the customer's fields.\n" : table(["it gives", "type", "about"], outputRows(output)),
  ].join("\n");
}

function facts({ reads, readsCustomer, plansEffects }: ActionDescription): string[] {
  const names = (required: boolean) =>
    reads
      .filter((one) => one.required === required)
      .map(({ action, or }) => `\`${action}\`${or === undefined ? "" : ` or \`${or}\``}`);
  return [
    ...(readsCustomer ? ["It needs a customer."] : []),
    ...(names(true).length === 0 ? [] : [`It needs what ${names(true).join(" and ")} gave.`]),
    ...(names(false).length === 0
      ? []
      : [`It reads what ${names(false).join(" and ")} gave, where there is such a step.`]),
    ...(plansEffects ? ["It plans; nothing is sent before the engine has recorded it."] : []),
  ];
}

function parameterRows({ properties = {}, required = [] }: Schema): string[][] {
  return Object.entries(properties).map(([name, schema]) => {
    const otherwise = required.includes(name)
      ? "needed"
      : schema.default === undefined || schema.default === ""
        ? ""
        : `\`${String(schema.default)}\``;
    return [`\`${name}\``, wordsFor(present(schema)), otherwise, schema.description ?? ""];
  });
}

function outputRows(schema: Schema, path = ""): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const within = inside(field);
    const place = `${path}${path === "" ? "" : "."}${name}`;
    const row = [`\`${place}\``, typeOf(field), field.description ?? ""];
    if (within === null || isCustomer(within) || isOfCustomer(within)) return [row];
    return [row, ...outputRows(within, `${place}${isList(field) ? "[]" : ""}`)];
  });
}

/** The object that a field holds, if it holds one, be it in a list. */
function inside(schema: Schema): Schema | null {
  const [only] = present(schema);
  if (only === undefined) return null;
  if (only.properties !== undefined) return only;
  return only.items === undefined ? null : inside(only.items);
}

function isList(schema: Schema): boolean {
  return present(schema).some(({ items }) => items !== undefined);
}

function present(schema: Schema): Schema[] {
  return alternatives(schema).filter(({ type }) => type !== "null");
}

function isCustomer({ properties }: Schema): boolean {
  return properties !== undefined && Object.keys(properties).join() === Object.keys(customerFields).join();
}

/** Some of a customer's fields, by their own names. */
function isOfCustomer({ properties }: Schema): boolean {
  const names = Object.keys(properties ?? {});
  return names.length > 9 && names.every((name) => Object.hasOwn(customerFields, name));
}

function typeOf(schema: Schema): string {
  const mayBeEmpty = alternatives(schema).some(({ type }) => type === "null");
  return `${wordsFor(present(schema))}${mayBeEmpty ? " or empty" : ""}`;
}

function wordsFor(schemas: readonly Schema[]): string {
  return [...new Set(schemas.map(wordFor))].join(" or ");
}

function wordFor(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  const type = String(schema.type ?? "anything");
  switch (type) {
    case "array":
      return schema.items === undefined ? "list" : `list of ${plural(wordsFor(present(schema.items)))}`;
    case "object":
      return isCustomer(schema) ? "customer" : isOfCustomer(schema) ? "customer's fields" : "object";
    case "string":
      return schema.format === "date" ? "date" : schema.format === "date-time" ? "instant" : "text";
    case "boolean":
      return "true or false";
    case "integer":
      return `whole number${range(schema)}`;
    default:
      return `${type}${range(schema)}`;
  }
}

function plural(word: string): string {
  return /^(?:text|date|instant|number|object|customer)$/.test(word) ? `${word}s` : word;
}

/** Zod's own bounds of a whole number say nothing. */
function range({ minimum, maximum }: Schema): string {
  const [from, to] = [minimum, maximum].map((bound) =>
    bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER ? null : bound.toLocaleString("en"),
  );
  if (from !== null && from !== undefined && to !== null && to !== undefined) return `, ${from} to ${to}`;
  return from !== null && from !== undefined
    ? `, from ${from}`
    : to !== null && to !== undefined
      ? `, up to ${to}`
      : "";
}

function table(headings: string[], rows: string[][]): string {
  if (rows.length === 0) return "";
  return `${[line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}

function line(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
