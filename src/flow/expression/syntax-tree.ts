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

/** Every node right below this one; without lists in between, as all of a machine's expressions are walked through. */
export function childNodes(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const add = (child: SyntaxNode | undefined): void => {
    if (child !== undefined) found.push(child);
  };
  add(node.expression);
  add(node.procedure);
  add(node.body);
  add(node.condition);
  add(node.then);
  add(node.else);
  add(node.rhs);
  add(node.pattern);
  add(node.update);
  add(node.delete);
  if (Array.isArray(node.lhs)) for (const pair of node.lhs) found.push(...pair);
  else add(node.lhs);
  for (const stage of node.predicate ?? none) add(stage.expr);
  for (const stage of node.stages ?? none) add(stage.expr);
  for (const term of node.terms ?? none) found.push(term.expression);
  for (const list of [node.steps, node.expressions, node.arguments])
    if (list !== undefined) for (const child of list) add(child);
  for (const pair of node.group?.lhs ?? none) found.push(...pair);
  return found;
}

const none: readonly never[] = [];

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
