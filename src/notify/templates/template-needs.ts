/** What a template can't do without: the things with fields of which it speaks outside of `{{#if …}}` and `{{#each …}}` that ask for them. */
import type { TemplateNode } from "./template-syntax.ts";

/** Names of variables, each once. */
export function needsOf(nodes: readonly TemplateNode[]): string[] {
  return [...new Set(needsWithin(nodes, ["item"]))];
}

function needsWithin(nodes: readonly TemplateNode[], there: readonly string[]): string[] {
  return nodes.flatMap((node) => needsOfNode(node, there));
}

function needsOfNode(node: TemplateNode, there: readonly string[]): string[] {
  switch (node.kind) {
    case "text":
      return [];
    case "value": {
      const root = rootOf(node.path);
      // Of what has no fields, null is shown as nothing.
      return root === node.path || there.includes(root) ? [] : [root];
    }
    case "if":
      return [...needsWithin(node.there, [...there, rootOf(node.path)]), ...needsWithin(node.otherwise, there)];
    case "each":
      return needsWithin(node.body, [...there, rootOf(node.path)]);
    default:
      return node satisfies never;
  }
}

function rootOf(path: string): string {
  return path.split(".", 1)[0] ?? path;
}
