/**
 * Flows that start from others: which one is meant, and what comes of it.
 *
 * - X3. `extends` names a flow_id and means its highest version; of one's own flow_id, the highest below one's own.
 * - X4. What extends a flow that can't be used can't be used either, and says so; nothing else is wrong with it.
 * - X5. What the other flow's lines say is said of that flow; here only what this one has made of them.
 */
import { readFlowTree, type FlowKnowledge, type ReadFlow } from "./flow-file.ts";
import { extendTree, type StepChanges } from "./flow-file/extend.ts";
import { didYouMean } from "./flow-file/problem.ts";
import { entryOf, toJson } from "./flow-file/source.ts";
import { located, textAt, type FlowTree } from "./flow-file/tree.ts";
import type { Json } from "./json.ts";
import { nearest } from "./nearest.ts";
import { compareVersions } from "./version.ts";

/** What a flow starts from, and what it changes there. */
export interface Extension extends StepChanges {
  flowId: string;
  version: string;
  /** The other flow's file, or the program's name for it. */
  source: string;
  /** The flow as it comes out, with a flow file's keys. */
  document: Json;
}

export type ResolvedFlow = ReadFlow & {
  /** With what it extends in it. */
  tree: FlowTree;
  extension: Extension | null;
};

/** Each tree as a flow, in the given order. */
export function readFlowTrees(trees: readonly FlowTree[], known: FlowKnowledge): ResolvedFlow[] {
  const resolving = new Resolving(trees, known);
  return trees.map((tree) => resolving.read(tree));
}

class Resolving {
  readonly #trees: readonly FlowTree[];
  readonly #known: FlowKnowledge;
  readonly #read = new Map<FlowTree, ResolvedFlow>();
  /** Whoever extends the one behind it. */
  readonly #way: FlowTree[] = [];

  constructor(trees: readonly FlowTree[], known: FlowKnowledge) {
    this.#trees = trees;
    this.#known = known;
  }

  read(tree: FlowTree): ResolvedFlow {
    const known = this.#read.get(tree);
    if (known !== undefined) return known;
    this.#way.push(tree);
    const resolved = this.#resolve(tree);
    this.#way.pop();
    this.#read.set(tree, resolved);
    return resolved;
  }

  #resolve(tree: FlowTree): ResolvedFlow {
    const entry = entryOf(tree.root, "extends");
    if (entry === null) return { ...readFlowTree({ ...this.#known, tree }), tree, extension: null };
    const at = entry.value.at;
    const parent = this.#parentOf(tree, textAt(entry.value));
    if (typeof parent === "string") return refused(tree, at, parent);
    const { flow_id, version } = parent.definition;
    const { changes, ...extended } = extendTree({ tree, parent: parent.tree });
    const read = this.#ownProblems(tree, at, readFlowTree({ ...this.#known, tree: extended }));
    const document = extended.root === null ? null : toJson(extended.root);
    const extension = { flowId: flow_id, version, source: parent.tree.source, document, ...changes };
    return { ...read, tree: extended, extension };
  }

  /** A text says why there is none. */
  #parentOf(tree: FlowTree, flowId: string | null) {
    if (flowId === null) return "extends is the flow_id of one flow, such as renewal_management";
    const candidates = this.#trees.filter((other) => other !== tree && idOf(other) === flowId);
    const isOwnId = idOf(tree) === flowId;
    const own = versionOf(tree);
    const usable = isOwnId ? candidates.filter((other) => compareVersions(versionOf(other), own) < 0) : candidates;
    const highest = usable.toSorted((one, other) => compareVersions(versionOf(other), versionOf(one)))[0];
    if (highest === undefined) {
      if (isOwnId) return `there is no version of ${flowId} below ${own === "" ? "this one" : own} to start from`;
      const others = this.#trees.flatMap((other) => (other === tree ? [] : (idOf(other) ?? [])));
      return `there is no flow "${flowId}"${didYouMean(nearest(flowId, others))}`;
    }
    const circle = this.#way.slice(this.#way.indexOf(highest));
    if (this.#way.includes(highest))
      return `these flows extend each other, without an end: ${namesOf([...circle, highest])}`;
    const { definition, tree: resolved } = this.read(highest);
    if (definition === null) return `the flow ${flowId} can't be used: something is wrong in ${highest.source}`;
    return { definition, tree: resolved };
  }

  /** X5. */
  #ownProblems(tree: FlowTree, at: number, read: ReadFlow): ReadFlow {
    const own = read.problems.filter(({ file }) => file === tree.source);
    const others = read.problems.filter(({ file, severity }) => file !== tree.source && severity === "error");
    if (own.some(({ severity }) => severity === "error")) return { ...read, problems: own };
    const told = others.map(({ file, line, column, message }) =>
      located(
        tree,
        tree.reporting.errorAt(at, `${message} (${file}:${line}:${column}, as it stands after this file's changes)`),
      ),
    );
    return { ...read, problems: [...own, ...told] };
  }
}

function refused(tree: FlowTree, at: number, message: string): ResolvedFlow {
  tree.reporting.report.error(at, message);
  const problems = tree.reporting.found.map((problem) => located(tree, problem));
  const errorAt: ReadFlow["errorAt"] = (_place, told) => located(tree, tree.reporting.errorAt(at, told));
  return { definition: null, problems, flowId: idOf(tree), errorAt, tree, extension: null };
}

function idOf(tree: FlowTree): string | null {
  return textAt(entryOf(tree.root, "flow_id")?.value);
}

function namesOf(trees: readonly FlowTree[]): string {
  return trees.map((tree) => idOf(tree) ?? "").join(" → ");
}

/** Empty where it has none that could be compared. */
function versionOf(tree: FlowTree): string {
  const version = textAt(entryOf(tree.root, "version")?.value) ?? "";
  return /^[\d.]+$/.test(version) ? version : "";
}
