/** Where a field stands in a flow's file, for what is only known once the whole flow is. Pure. */
import { placesIn, readYaml, type MapNode, type SourceEntry, type SourceNode } from "../flow/flow-file/source.ts";

/** `step` null: of the flow itself. Null: it stands in another file, or in none. */
export function fieldPlace(
  { step, path }: { step: string | null; path: readonly string[] },
  text: string,
): { line: number; column: number } | null {
  const file = readYaml({ text, report: { error: () => {}, warning: () => {} }, what: "a flow" });
  let at: SourceNode | null = file === null ? null : step === null ? file : stepIn(file, step);
  let found: SourceEntry | null = null;
  for (const key of path) {
    // An input's short form, `NAME: type`, has no fields.
    found = entryIn(at, key) ?? found;
    at = entryIn(at, key)?.value ?? null;
  }
  return found === null ? null : placesIn(text)(found.keyAt);
}

function stepIn(file: SourceNode, step: string): MapNode | null {
  const steps = entryIn(file, "steps")?.value;
  if (steps?.kind !== "list") return null;
  for (const item of steps.items) {
    const id = entryIn(item, "id")?.value;
    if (item.kind === "map" && id?.kind === "scalar" && id.value === step) return item;
  }
  return null;
}

function entryIn(node: SourceNode | null, key: string): SourceEntry | null {
  return node?.kind === "map" ? (node.entries.find((entry) => entry.key === key) ?? null) : null;
}
