/** What a step sees where it stands: roots, and the outputs of all that it depends on, as its approvals have left them (A3). */
import type { Json } from "../../flow/json.ts";
import { runRules, type Ended } from "../../flow/run-rules.ts";
import type { ApprovalStep, Step } from "../../flow/flow.ts";
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
  const required = requiredBefore(compilation, step);
  const approvals = editsBefore(compilation, before);
  const seen = new Map(before.map((id) => [id, outputSeen(compilation, scope, { id, required, approvals })]));
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
function outputSeen(
  compilation: Compilation,
  scope: Scope,
  { id, required, approvals }: { id: string; required: ReadonlySet<string>; approvals: readonly ApprovalStep[] },
): string {
  const place = placeOf(scope, id);
  const ends = endsOf(compilation, id).filter((end) => !required.has(id) || runRules[end].required === "open");
  const own = outputAs(place, ends);
  const edits = approvals.flatMap((approval) => {
    const fields = approval.editable.filter((edit) => edit.step === id).map(({ field }) => field);
    if (fields.length === 0) return [];
    const edited = fields.map((field) => `${quoted(field)}: ${editsOf(scope, approval.id)}.${id}.\`${field}\``);
    return [`{ ${edited.join(", ")} }`];
  });
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

/** Those that have let it through if this one runs, directly or not. */
export function requiredBefore(compilation: Compilation, step: Step): ReadonlySet<string> {
  const pending = [step];
  const seen = new Set<string>();
  for (const one of pending) {
    for (const { step: before, optional } of one.depends_on) {
      if (optional || seen.has(before)) continue;
      seen.add(before);
      pending.push(stepOf(compilation.definition, before));
    }
  }
  return seen;
}

/** Approvals among them that may have changed an output, a later approval last. */
function editsBefore(compilation: Compilation, before: readonly string[]): ApprovalStep[] {
  const known = new Set(before);
  return compilation.editing.filter(({ id }) => known.has(id));
}
