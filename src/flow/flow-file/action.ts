/** A step's agent, action and parameters, against what the agents say of themselves. */
import type { z } from "zod";
import type { ActionCatalogue, ActionDescription } from "../action.ts";
import { hasExpression } from "../expression.ts";
import { AgentName } from "../flow.ts";
import type { JsonObject } from "../json.ts";
import { nearest } from "../nearest.ts";
import { fieldsOf, schemaOf } from "./output-schema.ts";
import { didYouMean } from "./problem.ts";
import type { Fields, Reader } from "./reader.ts";
import { kindOf } from "./reader.ts";
import { entryOf, stepInto, toJson, type SourceEntry, type SourceNode } from "./source.ts";

export interface ActionRead {
  name: AgentName | null;
  action: ActionDescription | null;
}

interface ActionAsked {
  fields: Fields;
  what: "a step" | "compensate";
  catalogue: ActionCatalogue;
  reader: Reader;
}

export function readAction({ fields, what, catalogue, reader }: ActionAsked): ActionRead {
  const agentNode = fields.get("agent");
  const actionEntry = fields.entry("action");
  const name = agentNode === null ? null : reader.oneOf(agentNode, { what: "agent", words: AgentName.options });
  if (actionEntry === null) {
    const others = what === "a step" ? " (or type: approval, wait or flow)" : "";
    reader.report.error(fields.at, `${what} needs an action${others}`);
  }
  const word = actionEntry === null ? null : reader.text(actionEntry.value, "action");
  const anywhere = catalogue.find(({ action }) => action === word);
  if (agentNode === null) {
    const owner = anywhere === undefined ? AgentName.options.join(", ") : anywhere.agent;
    if (word !== null) reader.report.error(fields.at, `${what} needs an agent: ${owner}`);
    return { name: null, action: null };
  }
  if (word === null || actionEntry === null || name === null) return { name, action: null };
  const found = catalogue.find(({ agent, action }) => agent === name && action === word);
  if (found === undefined) reader.report.error(actionEntry.value.at, unknownAction({ name, word, catalogue }));
  else if (found.unavailable !== undefined)
    reader.report.error(actionEntry.value.at, `${word} can't be used here: ${found.unavailable}`);
  return { name, action: found ?? null };
}

function unknownAction(asked: { name: AgentName; word: string; catalogue: ActionCatalogue }): string {
  const { name, word, catalogue } = asked;
  const elsewhere = catalogue.find(({ action }) => action === word);
  if (elsewhere !== undefined) return `${word} is an action of ${elsewhere.agent}, not of ${name}`;
  const own = catalogue.filter(({ agent }) => agent === name).map(({ action }) => action);
  const near =
    nearest(word, own) ??
    nearest(
      word,
      catalogue.map(({ action }) => action),
    );
  const hint = near === null ? `; it has ${own.join(", ")}` : didYouMean(near);
  return `${name} has no action "${word}"${hint}`;
}

interface ParametersAsked {
  node: SourceNode | null;
  /** Of the step, for what is missing altogether. */
  at: number;
  action: ActionDescription | null;
  reader: Reader;
}

/** Null where they aren't a mapping. Values with `${…}` in them are checked when they are evaluated. */
export function readParameters({ node, at, action, reader }: ParametersAsked): JsonObject | null {
  if (node !== null && node.kind !== "map") {
    reader.report.error(node.at, `parameters must be a mapping of names to values, not ${kindOf(node)}`);
    return null;
  }
  const parameters = Object.fromEntries((node?.entries ?? []).map(({ key, value }) => [key, toJson(value)]));
  if (action !== null) {
    const issues = action.parameters.safeParse(parameters).error?.issues ?? [];
    const root: SourceNode = node ?? { kind: "map", at, entries: [] };
    for (const issue of issues) reportIssue({ issue, root, action, reader });
  }
  return parameters;
}

/** The action as these parameters use it. */
export function actionWith(action: ActionDescription | null, parameters: JsonObject | null): ActionDescription | null {
  if (action?.given === undefined || parameters === null) return action;
  const { reads, readsCustomer } = action.given(parameters);
  return { ...action, reads: [...action.reads, ...reads], readsCustomer: action.readsCustomer || readsCustomer };
}

interface IssueAsked {
  issue: z.core.$ZodIssue;
  root: SourceNode;
  action: ActionDescription;
  reader: Reader;
}

function reportIssue({ issue, root, action, reader }: IssueAsked): void {
  const path = issue.path.map(String);
  const { node, entry, missing } = locate(root, path);
  if (issue.code === "unrecognized_keys") {
    const known = fieldsOf(schemaOf(action.parameters, "input"), path);
    for (const key of issue.keys) reportUnknown({ key, node, known, action, reader });
    return;
  }
  const name = path.join(".");
  if (missing) {
    reader.report.error(node.at, `${action.action} needs the parameter ${name}`);
    return;
  }
  if (hasExpression(toJson(node))) return;
  const subject = name === "" ? "parameters" : `parameter ${name}`;
  reader.report.error((entry?.value ?? node).at, `${subject}: ${inWords(issue, node)}`);
}

function reportUnknown(asked: {
  key: string;
  node: SourceNode;
  known: string[];
  action: ActionDescription;
  reader: Reader;
}): void {
  const { key, node, known, action, reader } = asked;
  const entry = entryOf(node, key);
  const near = nearest(key, known);
  const all = known.length === 0 ? "; it takes none" : `; it takes ${known.join(", ")}`;
  const hint = near === null ? all : didYouMean(near);
  reader.report.error(entry?.keyAt ?? node.at, `${action.action} takes no parameter "${key}"${hint}`);
}

function inWords(issue: z.core.$ZodIssue, node: SourceNode): string {
  if (issue.code === "invalid_value") {
    const words = issue.values.map(String);
    const given = node.kind === "scalar" ? String(node.value) : kindOf(node);
    const near = nearest(given, words);
    return `"${given}" is not one of ${words.join(", ")}${didYouMean(near)}`;
  }
  const message = issue.code === "invalid_union" ? `${kindOf(node)} doesn't fit here` : issue.message;
  return message.replace(/^Invalid input: /, "");
}

/** The node that a path leads to; where it is missing, the one that it is missing in. */
function locate(root: SourceNode, path: string[]): { node: SourceNode; entry: SourceEntry | null; missing: boolean } {
  let node = root;
  let entry: SourceEntry | null = null;
  for (const name of path) {
    const next = stepInto(node, name);
    if (next.value === null) return { node, entry, missing: node.kind === "map" };
    node = next.value;
    entry = next.entry;
  }
  return { node, entry, missing: false };
}
