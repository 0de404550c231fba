/** What a step sees where it stands: roots, and the outputs of all that it depends on, as its approvals have left them (A3). */
import type { Json } from "../../flow/json.ts";
import { runRules, type Ended } from "../../flow/run-rules.ts";
import type { Step } from "../../flow/flow.ts";
import { endsOf, stepOf, stepsBefore, type Compilation } from "./compilation.ts";
import type { Reading } from "./expressions.ts";
import { jsonata, quoted } from "./machine.ts";
import { allBooks, editsOf, placeOf, type Scope } from "./scope.ts";

export interface Sight {
  reading: Reading;
  /** For an action: of all finished steps before it, the nearest first. */
  outputs: Json;
}

/** `own`: the step's own output is a root, as for what takes it back. */
export function sightOf(compilation: Compilation, step: Step, scope: Scope, own = false): Sight {
  const before = stepsBefore(compilation, step.id);
  const seen = new Map(before.map((id) => [id, outputSeen(compilation, step, scope, id)]));
  if (own) seen.set(step.id, `${placeOf(scope, step.id)}.output`);
  const reading: Reading = (root) => {
    if (root === "item" || root === "index") return `$states.input.${root}`;
    return seen.get(root) ?? `$roots.${root}`;
  };
  return { reading, outputs: outputsOf(scope, before, seen) };
}

function outputsOf(scope: Scope, before: readonly string[], seen: ReadonlyMap<string, string>): Json {
  if (before.length === 0) return [];
  const isPlain = before.every((id) => seen.get(id) === `${placeOf(scope, id)}.output`);
  const fields = before.map((id) => `${quoted(id)}: ${seen.get(id) ?? "null"}`).join(", ");
  const [book, output] = isPlain
    ? [allBooks(scope), "$lookup($before, $).output"]
    : [`{ ${fields} }`, "$lookup($before, $)"];
  const listed = `[${before.map(quoted).join(", ")}]`;
  const each = `{ "step_id": $, "action": $lookup($actions, $), "output": ${output} }`;
  return jsonata(`( $before := ${book}; [${listed}.${each}] )`);
}

/** Of a failed step that said `continue` it is `{ error, cause }`, of a skipped one null. */
function outputSeen(compilation: Compilation, step: Step, scope: Scope, id: string): string {
  const place = placeOf(scope, id);
  const own = outputAs(place, endsBefore(compilation, step, id));
  const edits = editsBefore(compilation, step, id).map(
    ({ approval, fields }) =>
      `{ ${fields.map((field) => `${quoted(field)}: ${editsOf(scope, approval)}.${id}.\`${field}\``).join(", ")} }`,
  );
  if (edits.length === 0) return own;
  return `( $own := ${own}; $type($own) = "object" ? $merge([$own, ${edits.join(", ")}]) : $own )`;
}

export function outputAs(place: string, ends: readonly Ended[]): string {
  const succeeded = `${place}.output`;
  const canFail = ends.includes("failed") || ends.includes("failed_and_continues");
  const canBeSkipped = ends.includes("skipped");
  if (!canFail && !canBeSkipped) return succeeded;
  const failed = `{ "error": ${place}.error, "cause": ${place}.cause }`;
  const otherwise = !canFail ? "null" : canBeSkipped ? `${place}.status = "failed" ? ${failed} : null` : failed;
  return `(${place}.status = "succeeded" ? ${succeeded} : ${otherwise})`;
}

/** How a step can have ended if this one runs: what it requires has let it through. */
function endsBefore(compilation: Compilation, step: Step, id: string): Ended[] {
  const ends = endsOf(compilation, id);
  if (!isRequired(compilation, step, id)) return [...ends];
  return ends.filter((end) => runRules[end].required === "open");
}

function isRequired(compilation: Compilation, step: Step, id: string): boolean {
  const pending = [step];
  const seen = new Set<string>();
  for (const one of pending) {
    for (const { step: before, optional } of one.depends_on) {
      if (optional || seen.has(before)) continue;
      if (before === id) return true;
      seen.add(before);
      pending.push(stepOf(compilation.definition, before));
    }
  }
  return false;
}

/** Approvals before this step that may have changed fields of that one, a later approval last. */
function editsBefore(compilation: Compilation, step: Step, id: string): { approval: string; fields: string[] }[] {
  const before = new Set(stepsBefore(compilation, step.id));
  return compilation.order.flatMap((approval) => {
    const found = stepOf(compilation.definition, approval);
    if (!before.has(approval) || found.kind !== "approval") return [];
    const fields = found.editable.filter((edit) => edit.step === id).map(({ field }) => field);
    return fields.length === 0 ? [] : [{ approval, fields }];
  });
}
