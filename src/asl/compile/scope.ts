/**
 * Where a step finds the results of others. Step Functions lets a branch read what stands outside of it, and write only
 * variables whose names nobody outside has; so each branch keeps its own book, `steps_2`, and gives it out at its end.
 *
 * - S1. A book holds a `StepResult` by step id, and under "ID edited" what an approval's people changed.
 * - S2. At each place it is known which results stand in which book: every way through a step records it.
 */
import type { Onward } from "./machine.ts";
import { jsonata, quoted } from "./machine.ts";

export interface Scope {
  /** Of the book, without its `$`. */
  variable: string;
  /** Recorded in it before this place. */
  known: ReadonlySet<string>;
  outer: Scope | null;
}

export const outermost: Scope = { variable: "steps", known: new Set(), outer: null };

export function inBranch(outer: Scope, variable: string): Scope {
  return { variable, known: new Set(), outer };
}

export function after(scope: Scope, stepIds: Iterable<string>): Scope {
  return { ...scope, known: new Set([...scope.known, ...stepIds]) };
}

/** Where a finished step's result stands, such as `$steps.assess`. */
export function placeOf(scope: Scope, stepId: string): string {
  return `$${bookOf(scope, stepId)}.${stepId}`;
}

export function editsOf(scope: Scope, stepId: string): string {
  return `$${bookOf(scope, stepId)}.\`${editsKey(stepId)}\``;
}

export const editsKey = (stepId: string): string => `${stepId} edited`;

function bookOf(scope: Scope, stepId: string): string {
  for (let at: Scope | null = scope; at !== null; at = at.outer) if (at.known.has(stepId)) return at.variable;
  throw new Error(`${stepId} has not ended before this place.`);
}

/** All books together, in JSONata. */
export function allBooks(scope: Scope): string {
  const books: string[] = [];
  for (let at: Scope | null = scope; at !== null; at = at.outer)
    if (at.known.size > 0) books.unshift(`$${at.variable}`);
  return books.length === 1 ? (books[0] ?? "{}") : `$merge([${books.join(", ")}])`;
}

/** What follows a step with this result, in JSONata. `next` null: the branch ends, and gives out its book. */
export function recorded(
  scope: Scope,
  parts: { stepId: string; result: string; edited?: string | undefined; next: string | null },
): Onward {
  const { stepId, result, edited, next } = parts;
  const fields = [`${quoted(stepId)}: ${result}`];
  if (edited !== undefined) fields.push(`${quoted(editsKey(stepId))}: ${edited}`);
  const added = `{ ${fields.join(", ")} }`;
  return booked(scope, scope.known.size === 0 ? added : `$merge([$${scope.variable}, ${added}])`, next);
}

/** After branches that have given out theirs. */
export function joined(scope: Scope, next: string | null): Onward {
  const book =
    scope.known.size === 0 ? "$merge($states.result)" : `$merge($append($${scope.variable}, $states.result))`;
  return booked(scope, book, next);
}

function booked(scope: Scope, book: string, next: string | null): Onward {
  if (next === null) return { Output: jsonata(book), End: true };
  return { Assign: { [scope.variable]: jsonata(book) }, Next: next };
}
