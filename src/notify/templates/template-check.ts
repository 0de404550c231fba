/** Does a template speak only of what there is, each as what it is? Every problem at once; nothing is left for the first mail to find. */
import { nearest } from "../../flow/nearest.ts";
import { filters, filterTypes } from "./filters.ts";
import { templateScope, type Shape } from "./template-shape.ts";
import type { TemplateNode } from "./template-syntax.ts";

export interface TemplateProblem {
  /** From 1. */
  line: number;
  /** What stands there, for the column. */
  word: string;
  message: string;
}

type Scope = Readonly<Record<string, Shape>>;
type Kind = Shape["kind"];

export function checkTemplate(nodes: readonly TemplateNode[]): TemplateProblem[] {
  return checkNodes(nodes, templateScope());
}

function checkNodes(nodes: readonly TemplateNode[], scope: Scope): TemplateProblem[] {
  return nodes.flatMap((node) => checkNode(node, scope));
}

function checkNode(node: TemplateNode, scope: Scope): TemplateProblem[] {
  switch (node.kind) {
    case "text":
      return [];
    case "value":
      return checkValue(node, scope);
    case "if":
      return [...lookUp(node, scope).problems, ...checkNodes([...node.there, ...node.otherwise], scope)];
    case "each":
      return checkEach(node, scope);
    default:
      return node satisfies never;
  }
}

function checkEach(node: TemplateNode & { kind: "each" }, scope: Scope): TemplateProblem[] {
  const { shape, problems } = lookUp(node, scope);
  const isList = shape.kind === "list" || shape.kind === "any";
  const wrong = isList ? [] : [problem(node, `${node.path} is ${inWords(shape.kind)}; {{#each}} takes a list`)];
  const item: Shape = shape.kind === "list" ? shape.item : { kind: "any" };
  return [...problems, ...wrong, ...checkNodes(node.body, { ...scope, item, number: { kind: "number" } })];
}

function checkValue(node: TemplateNode & { kind: "value" }, scope: Scope): TemplateProblem[] {
  const { shape, problems } = lookUp(node, scope);
  if (problems.length > 0) return problems;
  if (node.filter === null) {
    if (shape.kind === "list")
      return [problem(node, `${node.path} is a list; write {{#each ${node.path}}}, or use the filter list`)];
    if (shape.kind === "object")
      return [problem(node, `${node.path} has fields: ${Object.keys(shape.fields).join(", ")}`)];
    return [];
  }
  const { name, argument } = node.filter;
  const type = filterTypes[name];
  if (type === undefined) return [unknownFilter(name, node.line)];
  const misfit = fits(shape, type.takes)
    ? []
    : [
        problem(
          node,
          `${node.path} is ${inWords(shape.kind)}; the filter ${name} takes ${type.takes.map(inWords).join(" or ")}`,
        ),
      ];
  return [
    ...misfit,
    ...(argument === null ? [] : checkArgument({ name, argument, takes: type.argument, line: node.line }, scope)),
  ];
}

function checkArgument(
  { name, argument, takes, line }: { name: string; argument: string; takes: Kind | null; line: number },
  scope: Scope,
): TemplateProblem[] {
  if (takes === null) return [{ line, word: argument, message: `the filter ${name} takes nothing behind it` }];
  const { shape, problems } = lookUp({ path: argument, line }, scope);
  if (problems.length > 0 || fits(shape, [takes])) return problems;
  return [
    {
      line,
      word: argument,
      message: `${argument} is ${inWords(shape.kind)}; the filter ${name} takes ${inWords(takes)} behind it`,
    },
  ];
}

function fits(shape: Shape, takes: readonly Kind[]): boolean {
  return shape.kind === "any" || takes.includes(shape.kind);
}

function lookUp(
  { path, line }: { path: string; line: number },
  scope: Scope,
): { shape: Shape; problems: TemplateProblem[] } {
  let shape: Shape = { kind: "object", fields: scope };
  let before = "";
  for (const name of path.split(".")) {
    if (shape.kind === "any") break;
    const fields: Scope = shape.kind === "object" ? shape.fields : {};
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined)
      return {
        shape: { kind: "any" },
        problems: [{ line, word: path, message: unknown({ path, name, before, fields }) }],
      };
    shape = field;
    before = before === "" ? name : `${before}.${name}`;
  }
  return { shape, problems: [] };
}

function unknown(parts: { path: string; name: string; before: string; fields: Scope }): string {
  const { path, name, before, fields } = parts;
  const known = Object.keys(fields);
  if (known.length === 0) return `there is no ${path}; ${before} has no fields`;
  const near = nearest(name, known);
  const there = `there ${before === "" ? "are" : `are, in ${before},`} ${known.join(", ")}`;
  return `there is no ${path}; ${near === null ? there : `did you mean ${before === "" ? "" : `${before}.`}${near}?`}`;
}

function unknownFilter(name: string, line: number): TemplateProblem {
  const known = Object.keys(filters);
  const near = nearest(name, known);
  const hint = near === null ? `there are ${known.join(", ")}` : `did you mean ${near}?`;
  return { line, word: name, message: `there is no filter ${name}; ${hint}` };
}

function problem({ path, line }: { path: string; line: number }, message: string): TemplateProblem {
  return { line, word: path, message };
}

function inWords(kind: Kind): string {
  switch (kind) {
    case "boolean":
      return "true or false";
    case "object":
      return "a thing with fields";
    case "any":
      return "anything";
    case "text":
    case "date":
    case "number":
    case "list":
      return `a ${kind}`;
    default:
      return kind satisfies never;
  }
}
