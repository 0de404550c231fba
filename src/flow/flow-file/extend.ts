/**
 * A flow that starts from another: its own steps beside the other's, in place of those of the same id, without those that it
 * removes. What it doesn't say is as the other says it.
 *
 * - X1. The tree that comes out is read and checked as any other, so it obeys every rule and has a content hash of its own.
 * - X2. What is wrong only because of what was removed or replaced is told in the file that did so.
 */
import { nearest } from "../nearest.ts";
import { didYouMean } from "./problem.ts";
import { entryOf, type SourceEntry, type SourceNode } from "./source.ts";
import { textAt, type FlowTree } from "./tree.ts";

export interface ExtendedTree extends FlowTree {
  changes: StepChanges;
}

/** Ids, against the flow that is extended. */
export interface StepChanges {
  added: string[];
  replaced: string[];
  removed: string[];
}

/** Taken from the other flow where this one says nothing. */
const inherited = ["description", "timeout", "concurrency", "error_handling"];

export function extendTree({ tree, parent }: { tree: FlowTree; parent: FlowTree }): ExtendedTree {
  const { root, end } = tree;
  const base = moved(parent.root ?? emptyList(0), end);
  const own = root?.kind === "map" ? root.entries.filter(({ key }) => key !== "extends" && key !== "remove") : [];
  const { steps, changes } = mergedSteps(tree, base);
  const triggers = own.some(isTrigger) ? [] : entriesOf(base).filter(isTrigger);
  const rest = inherited.flatMap((key) => (own.some((entry) => entry.key === key) ? [] : (entryOf(base, key) ?? [])));
  const at = root?.at ?? 0;
  const stepsAt = entryOf(root, "steps")?.value.at ?? at;
  const entries = [
    ...own.filter(({ key }) => key !== "input" && key !== "steps"),
    ...rest,
    ...triggers,
    ...mergedInput(root, base),
    { key: "steps", keyAt: at, value: { kind: "list" as const, at: stepsAt, items: steps } },
  ];
  return {
    ...tree,
    root: root === null ? null : { kind: "map", at, entries },
    locate: (place) => (place < end ? tree.locate(place) : parent.locate(place - end)),
    end: end + parent.end,
    changes,
  };
}

function isTrigger({ key }: SourceEntry): boolean {
  return key === "trigger" || key === "triggers";
}

function mergedInput(root: SourceNode | null, base: SourceNode): SourceEntry[] {
  const [own, other] = [entryOf(root, "input"), entryOf(base, "input")];
  if (own === null || other === null || own.value.kind !== "map") return own === null ? listed(other) : [own];
  const names = new Set(own.value.entries.map(({ key }) => key));
  const rest = entriesOf(other.value).filter(({ key }) => !names.has(key));
  return [{ ...own, value: { ...own.value, entries: [...rest, ...own.value.entries] } }];
}

/** In the other flow's order, what is new behind it. */
function mergedSteps(tree: FlowTree, base: SourceNode): { steps: SourceNode[]; changes: StepChanges } {
  const others = itemsOf(entryOf(base, "steps")?.value);
  const own = entryOf(tree.root, "steps");
  if (own !== null && own.value.kind !== "list") tree.reporting.report.error(own.value.at, "steps is a list");
  const steps = itemsOf(own?.value);
  const ids = new Set(others.flatMap((step) => idOf(step) ?? []));
  const ownIds = new Set(steps.flatMap((step) => idOf(step) ?? []));
  const removed = removedIds({ tree, ids, ownIds, others });
  const kept = others.flatMap((step) => {
    const id = idOf(step);
    if (id === null || removed.has(id)) return [];
    return ownIds.has(id) ? steps.filter((each) => idOf(each) === id) : [step];
  });
  const added = steps.filter((step) => !ids.has(idOf(step) ?? ""));
  return {
    steps: [...kept, ...added],
    changes: {
      added: added.flatMap((step) => idOf(step) ?? []),
      replaced: [...ownIds].filter((id) => ids.has(id)),
      removed: [...removed],
    },
  };
}

interface Removing {
  tree: FlowTree;
  /** Of the flow that is extended. */
  ids: ReadonlySet<string>;
  ownIds: ReadonlySet<string>;
  others: readonly SourceNode[];
}

/** X2. */
function removedIds({ tree, ids, ownIds, others }: Removing): Set<string> {
  const { report } = tree.reporting;
  const entry = entryOf(tree.root, "remove");
  const removed = new Set<string>();
  if (entry !== null && entry.value.kind !== "list")
    report.error(entry.value.at, "remove is a list of ids of steps of the flow that is extended");
  for (const node of itemsOf(entry?.value)) {
    const id = textAt(node) ?? "";
    if (!ids.has(id)) report.error(node.at, `that flow has no step "${id}"${didYouMean(nearest(id, [...ids]))}`);
    else if (ownIds.has(id))
      report.error(node.at, `"${id}" stands in steps too: there it replaces, so leave it out here`);
    else if (removed.has(id)) report.error(node.at, `"${id}" stands in remove twice`);
    else removed.add(id);
  }
  for (const node of itemsOf(entry?.value)) {
    const id = textAt(node) ?? "";
    const left = others.find((step) => {
      const other = idOf(step) ?? "";
      return removed.has(id) && !removed.has(other) && !ownIds.has(other) && dependencies(step).includes(id);
    });
    if (left !== undefined)
      report.error(node.at, `${idOf(left) ?? ""} depends on ${id}: replace it here too, or keep ${id}`);
  }
  return removed;
}

function dependencies(step: SourceNode): string[] {
  const value = entryOf(step, "depends_on")?.value;
  const items = value?.kind === "list" ? value.items : value === undefined ? [] : [value];
  return items.flatMap((item) => textAt(entryOf(item, "step")?.value ?? item) ?? []);
}

function idOf(step: SourceNode): string | null {
  return textAt(entryOf(step, "id")?.value);
}

function itemsOf(node: SourceNode | undefined): readonly SourceNode[] {
  return node?.kind === "list" ? node.items : [];
}

function entriesOf(node: SourceNode): SourceEntry[] {
  return node.kind === "map" ? node.entries : [];
}

function listed<T>(entry: T | null): T[] {
  return entry === null ? [] : [entry];
}

function emptyList(at: number): SourceNode {
  return { kind: "list", at, items: [] };
}

/** The same, its places behind all of the tree that it becomes a part of. */
function moved(node: SourceNode, by: number): SourceNode {
  const at = node.at + by;
  switch (node.kind) {
    case "scalar":
      return { ...node, at, place: (offset) => node.place(offset) + by };
    case "list":
      return { ...node, at, items: node.items.map((item) => moved(item, by)) };
    case "map":
      return {
        ...node,
        at,
        entries: node.entries.map(({ key, keyAt, value }) => ({ key, keyAt: keyAt + by, value: moved(value, by) })),
      };
    default:
      return node satisfies never;
  }
}
