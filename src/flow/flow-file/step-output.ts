/**
 * What a step of each kind gives to those that depend on it: the schemas of which its output fits one.
 * One that repeats gives a list of these; paths look through lists, so that it needs no schema of its own.
 */
import type { ActionDescription } from "../action.ts";
import { closed, open, schemaOf, text } from "./output-schema.ts";
import type { Schema } from "./output-schema.ts";

/** In place of the output, where the step goes on after its failure. */
const failure = closed({ error: text, cause: text });

export const decisionOutput: readonly Schema[] = [
  closed({
    decision: { type: "string", enum: ["approved", "rejected", "expired"] },
    by: { type: "array", items: text },
    at: text,
    reason: text,
    edits: open,
  }),
];

export const waitOutput: readonly Schema[] = [closed({ waited_until: text })];

/** `outputs` are by the ids of the sub-flow's steps, which this file doesn't know. */
const subFlow = closed({ execution_id: text, outcome: text, outputs: { type: "object" } });

export function flowOutput({ continues }: { continues: boolean }): readonly Schema[] {
  return continues ? [subFlow, failure] : [subFlow];
}

/** Beside the output's own fields, where something that the step planned was held back. */
const held = closed({ kind: text, to: { type: "array", items: text }, reason: text, cause: text });
const heldBack = closed({ held_back: { type: "array", items: held } });

/** An action that isn't known may give anything. */
export function actionOutput(asked: { action: ActionDescription | null; continues: boolean }): readonly Schema[] {
  if (asked.action === null) return [open];
  const { action, continues } = asked;
  return [described(action), ...(action.plansEffects ? [heldBack] : []), ...(continues ? [failure] : [])];
}

const schemas = new WeakMap<ActionDescription, Schema>();

export function described(action: ActionDescription): Schema {
  const known = schemas.get(action) ?? schemaOf(action.output, "output");
  schemas.set(action, known);
  return known;
}
