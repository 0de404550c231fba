/**
 * A flow that a program has put together, as the tree that the reader takes: so it goes through the same checks as a file.
 * A place in it is the number of a value; `pathAt` says which step and key that is.
 */
import type { Report } from "./problem.ts";
import type { SourceNode } from "./source.ts";

export interface DocumentSource {
  root: SourceNode;
  /** "step assess_renewal_risk, parameters.threshold"; empty for the flow as a whole. */
  pathAt: (at: number) => string;
  /** Above every place in it. */
  end: number;
}

const maxDepth = 50;

export function documentSource({ document, report }: { document: unknown; report: Report }): DocumentSource {
  const paths: string[] = [];
  const numbered = (path: string) => paths.push(path) - 1;

  function toNode(value: unknown, path: string, depth: number): SourceNode {
    const at = numbered(path);
    const scalar = (read: string | number | boolean | null): SourceNode => ({
      kind: "scalar",
      at,
      value: read,
      written: String(read ?? ""),
      place: () => at,
    });
    if (depth > maxDepth) {
      report.error(at, `more than ${maxDepth} levels deep`);
      return scalar(null);
    }
    if (Array.isArray(value)) {
      const items = value.map((item, index) => toNode(item, pathOf(path, item, index), depth + 1));
      return { kind: "list", at, items };
    }
    if (isPlainObject(value)) {
      const given = Object.entries(value).filter(([, field]) => field !== undefined);
      const entries = given.map(([key, field]) => {
        const keyAt = numbered(within(path, key));
        return { key, keyAt, value: toNode(field, within(path, key), depth + 1) };
      });
      return { kind: "map", at, entries };
    }
    if (value === null || typeof value === "string" || typeof value === "boolean") return scalar(value);
    if (typeof value === "number" && Number.isFinite(value)) return scalar(value);
    report.error(at, `${nameOf(value)} is no JSON value`);
    return scalar(null);
  }

  const root = toNode(document, "", 0);
  return { root, pathAt: (at) => paths[at] ?? "", end: paths.length };
}

function within(path: string, key: string): string {
  if (path === "") return key;
  return /^step \S+$/.test(path) ? `${path}, ${key}` : `${path}.${key}`;
}

/** A step is known by its id; without one, by its number from 1. */
function pathOf(path: string, item: unknown, index: number): string {
  if (path !== "steps") return `${path}[${index}]`;
  const id = isPlainObject(item) ? item["id"] : undefined;
  return `step ${typeof id === "string" && /^\S+$/.test(id) ? id : index + 1}`;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function nameOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "object" && value !== null) return `a ${value.constructor.name}`;
  return value === undefined ? "undefined" : `a ${typeof value}`;
}
