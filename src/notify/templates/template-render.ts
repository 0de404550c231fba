/**
 * A parsed template with its variables, escaped for where it lands (T2): there is no way to leave it out.
 *
 * - R1. A value that isn't there fails by name; one that is known to be absent (null) is empty, for `{{#if}}` to ask about.
 * - R2. Own fields only: `{{customer.constructor}}` is not there.
 */
import type { TemplateNode } from "./template-syntax.ts";

export type Escape = (text: string) => string;
export type Filter = (value: unknown, argument: unknown) => string;

export class MissingVariableError extends Error {
  override readonly name = "MissingVariableError";
  readonly path: string;
  constructor(path: string) {
    super(`${path} isn't there`);
    this.path = path;
  }
}

export interface RenderOptions {
  escape: Escape;
  filters: Readonly<Record<string, Filter>>;
}

export function renderTemplate(nodes: readonly TemplateNode[], scope: object, options: RenderOptions): string {
  return nodes.map((node) => renderNode(node, scope, options)).join("");
}

function renderNode(node: TemplateNode, scope: object, options: RenderOptions): string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "value":
      return options.escape(shown(node, scope, options));
    case "if":
      return renderTemplate(isThere(lookUp(scope, node.path)) ? node.there : node.otherwise, scope, options);
    case "each":
      return items(scope, node.path)
        .map((item, index) => renderTemplate(node.body, { ...scope, item, number: index + 1 }, options))
        .join("");
    default:
      return node satisfies never;
  }
}

function shown(node: TemplateNode & { kind: "value" }, scope: object, { filters }: RenderOptions): string {
  const value = needed(scope, node.path);
  if (value === null) return "";
  if (node.filter === null) return plain(value);
  const { name, argument } = node.filter;
  return filters[name]?.(value, argument === null ? null : lookUp(scope, argument)) ?? plain(value);
}

function plain(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : JSON.stringify(value);
}

function items(scope: object, path: string): unknown[] {
  const value = lookUp(scope, path);
  return Array.isArray(value) ? value : [];
}

function isThere(value: unknown): boolean {
  return (
    value !== undefined &&
    value !== null &&
    value !== false &&
    value !== "" &&
    // "Worth about $0 a year" says nothing.
    value !== 0 &&
    !(Array.isArray(value) && value.length === 0)
  );
}

function needed(scope: object, path: string): unknown {
  const value = lookUp(scope, path);
  if (value === undefined) throw new MissingVariableError(path);
  return value;
}

function lookUp(scope: object, path: string): unknown {
  let value: unknown = scope;
  for (const name of path.split(".")) {
    if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object";
}
