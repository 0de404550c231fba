/** Where a step's own states stand, and what they are called. */
import { splitTemplate } from "../../flow/expression/template.ts";
import type { Compilation } from "./compilation.ts";
import type { Scope } from "./scope.ts";
import type { Sight } from "./sight.ts";

/** What a step's own states are given. */
export interface Place {
  compilation: Compilation;
  scope: Scope;
  sight: Sight;
  /** Null: the branch ends. */
  next: string | null;
  /** The state that records a failure, from its input `{ error, cause }`. */
  failed: string;
}

/** States of a step besides the one that has its name. */
export const named = (stepId: string, words: string): string => `${stepId} ${words}`;

/** What stands between the braces of a text that is one `${…}`. */
export function onlySource(text: string): string {
  const template = splitTemplate(text);
  const [first] = template.ok ? template.parts : [];
  return first?.kind === "expression" ? first.source : JSON.stringify(text);
}
