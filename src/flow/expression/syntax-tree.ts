/** JSONata's syntax tree as version 2.0.6 makes it: its own types leave out most of what stands in it. */

export interface SyntaxNode {
  type: string;
  value?: unknown;
  /** Just after the node's token, counted in characters from the expression's start. */
  position?: number;
  steps?: SyntaxNode[];
  expressions?: SyntaxNode[];
  expression?: SyntaxNode;
  arguments?: SyntaxNode[];
  procedure?: SyntaxNode;
  body?: SyntaxNode;
  condition?: SyntaxNode;
  then?: SyntaxNode;
  else?: SyntaxNode;
  /** Operands; in an object constructor the pairs of key and value. */
  lhs?: SyntaxNode | [SyntaxNode, SyntaxNode][];
  rhs?: SyntaxNode;
  pattern?: SyntaxNode;
  update?: SyntaxNode;
  delete?: SyntaxNode;
  terms?: { expression: SyntaxNode }[];
  predicate?: Stage[];
  stages?: Stage[];
  group?: { lhs: [SyntaxNode, SyntaxNode][] };
  signature?: unknown;
  /** Names bound by `@` and `#`. */
  focus?: string;
  index?: string;
  tuple?: boolean;
}

export interface Stage {
  type: string;
  value?: unknown;
  expr?: SyntaxNode;
}

/** Every node right below this one. */
export function childNodes(node: SyntaxNode): SyntaxNode[] {
  const single = [
    node.expression,
    node.procedure,
    node.body,
    node.condition,
    node.then,
    node.else,
    node.rhs,
    node.pattern,
    node.update,
    node.delete,
  ];
  const operands = Array.isArray(node.lhs) ? node.lhs.flat() : [node.lhs];
  const stages = [...(node.predicate ?? []), ...(node.stages ?? [])].map((stage) => stage.expr);
  const terms = (node.terms ?? []).map((term) => term.expression);
  const lists = [...(node.steps ?? []), ...(node.expressions ?? []), ...(node.arguments ?? [])];
  const groups = node.group?.lhs.flat() ?? [];
  return [...single, ...operands, ...stages, ...terms, ...lists, ...groups].filter((child) => child !== undefined);
}

/** The node, and all below it. */
export function allNodes(root: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    found.push(node);
    pending.push(...childNodes(node));
  }
  return found;
}

/** Where the token of a node begins. */
export function startOf(node: SyntaxNode, source: string): number {
  const end = node.position ?? 0;
  const written = writtenAs(node);
  for (const width of [written.length, written.length + 1, written.length + 2]) {
    if (source.slice(Math.max(0, end - width), end).includes(written)) return Math.max(0, end - width);
  }
  return Math.max(0, end - written.length);
}

function writtenAs({ type, value }: SyntaxNode): string {
  // JSONata adds a flag of its own.
  if (value instanceof RegExp) return `/${value.source}/${value.flags.replace("g", "")}`;
  return (type === "variable" ? "$" : "") + (typeof value === "string" ? value : "");
}
