/** The graph's tree as states: what stands in sequence follows each other, what stands side by side is a Parallel's branch. */
import { stepOf, type Compilation } from "./compilation.ts";
import { stepsIn, type Tree } from "./decompose.ts";
import { branch, type Fragment, type State } from "./machine.ts";
import { after, inBranch, joined, type Scope } from "./scope.ts";
import { stepStates } from "./steps.ts";

export function treeStates(compilation: Compilation, tree: Tree, scope: Scope, next: string | null): Fragment {
  switch (tree.kind) {
    case "step":
      return stepStates(compilation, stepOf(compilation.definition, tree.id), scope, next);
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
  // From the last to the first, as each has to know where it leads; a loop, as a sequence may be long.
  let onward = next;
  const fragments: Fragment[] = [];
  for (let at = parts.length - 1; at >= 0; at -= 1) {
    const [part, its] = [parts[at], scopes[at]];
    if (part === undefined || its === undefined) continue;
    const fragment = treeStates(compilation, part, its, onward);
    fragments.unshift(fragment);
    onward = fragment.entry;
  }
  return { entry: onward ?? "", states: fragments.flatMap(({ states }) => states) };
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
