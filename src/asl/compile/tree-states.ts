/** The graph's tree as states: what stands in sequence follows each other, what stands side by side is a Parallel's branch. */
import { stepOf, type Compilation } from "./compilation.ts";
import { stepsIn, type Tree } from "./decompose.ts";
import { branch, targetsOf, type Fragment, type State } from "./machine.ts";
import { after, inBranch, joined, type Scope } from "./scope.ts";
import { named } from "./place.ts";
import { stepStates } from "./steps.ts";
import { closingEnds, type Way } from "./way.ts";

export function treeStates(compilation: Compilation, tree: Tree, scope: Scope, next: string | null): Fragment {
  switch (tree.kind) {
    case "step":
      return stepStates(compilation, stepOf(compilation.definition, tree.id), scope, { next, past: null, asks: true });
    case "sequence":
      return sequenceStates(compilation, tree.parts, scope, next);
    case "parallel":
      return parallelState(compilation, tree.parts, scope, next);
    default:
      return tree satisfies never;
  }
}

function sequenceStates(compilation: Compilation, parts: Tree[], scope: Scope, next: string | null): Fragment {
  const scopes: Scope[] = [];
  let known = scope;
  for (const part of parts) {
    scopes.push(known);
    known = after(known, stepsIn(part));
  }
  const steps = parts.map((part) => (part.kind === "step" ? stepOf(compilation.definition, part.id) : null));
  // From the last to the first, as each has to know where it leads; a loop, as a sequence may be long.
  let onward = next;
  let past: Way["past"] = null;
  const spared = new Set<string>();
  const fragments: Fragment[] = [];
  for (let at = parts.length - 1; at >= 0; at -= 1) {
    const [part, its, step, last] = [parts[at], scopes[at], steps[at] ?? null, steps[at - 1] ?? null];
    if (part === undefined || its === undefined) continue;
    const ends = step === null || last === null ? null : closingEnds(compilation, step, last);
    const way: Way = { next: onward, past, asks: ends === null };
    const fragment =
      step === null ? treeStates(compilation, part, its, onward) : stepStates(compilation, step, its, way);
    fragments.unshift(fragment);
    onward = fragment.entry;
    past = step === null || ends === null ? null : { ends, to: named(step.id, "skipped") };
    if (past !== null) spared.add(past.to);
  }
  return { entry: onward ?? "", states: withoutUnreached(fragments, spared) };
}

/** Of the states that the step before leads to, those that it leads to indeed: one that can't fail leads past nothing. */
function withoutUnreached(fragments: Fragment[], spared: ReadonlySet<string>): [string, State][] {
  const all: [string, State][] = [];
  let before: [string, State][] = [];
  for (const { states } of fragments) {
    const reached = new Set([...before, ...states].flatMap(([, state]) => targetsOf(state)));
    before = states.filter(([name]) => !spared.has(name) || reached.has(name));
    all.push(...before);
  }
  return all;
}

function parallelState(compilation: Compilation, parts: Tree[], scope: Scope, next: string | null): Fragment {
  const Branches = parts.map((part) => {
    compilation.branches.count += 1;
    const inside = inBranch(scope, `steps_${compilation.branches.count}`);
    return branch(treeStates(compilation, part, inside, null));
  });
  const name = besides(parts.flatMap(stepsIn));
  const state: State = { Type: "Parallel", Branches, ...joined(scope, next) };
  return { entry: name, states: [[name, state]] };
}

/** The first step, and how many stand in all: no two Parallels of a machine have both alike. */
function besides(ids: string[]): string {
  const [first = ""] = ids;
  return `${first} with ${ids.length - 1} other${ids.length === 2 ? "" : "s"}`;
}
