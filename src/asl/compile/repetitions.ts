/** Steps that repeat: for how many items, where the list stands in the flow itself. */
import type { FlowDefinition } from "../../flow/flow.ts";
import type { Remark } from "./compilation.ts";
import { constantCount } from "./constant-list.ts";
import { onlySource } from "./place.ts";

/** The engine's own limit. */
export const mostItems = 1_000;

export interface Repetition {
  step: string;
  /** Null: only an execution knows. */
  items: number | null;
}

export function repetitionsOf({ steps }: FlowDefinition): Repetition[] {
  return steps.flatMap((step) => {
    if (!("for_each" in step) || step.for_each === null) return [];
    return [{ step: step.id, items: constantCount(onlySource(step.for_each)) }];
  });
}

export function tooManyItems(repetitions: readonly Repetition[]): Remark[] {
  return repetitions.flatMap(({ step, items }) => {
    if (items === null || items <= mostItems) return [];
    const message = `for_each: ${items.toLocaleString("en")} items, and a step repeats for ${mostItems.toLocaleString("en")} at most`;
    return [{ step, path: ["for_each"], message }];
  });
}
