/**
 * One branch under way: its scope of variables and where it stands. A failed execution keeps its frames, so that a redrive goes
 * on from the failed states with what was assigned and what other branches have ended with.
 */
import type { Json } from "../../../src/flow/json.ts";
import type { Execution } from "./execution.ts";
import { StateFailure } from "./failure.ts";
import type { Thread } from "./history.ts";
import type { Branch } from "./machine.ts";
import { checkSize, maxPayload, maxVariables, sizeOf } from "./template.ts";

export interface MapItem {
  Index: number;
  Value: Json;
}

export interface Frame {
  branch: Branch;
  /** Whose variables it reads; null: nobody's. */
  outer: Frame | null;
  variables: Map<string, Json>;
  thread: Thread;
  state: string;
  input: Json;
  end: { output: Json } | null;
  mapItem: MapItem | null;
  /** Of the Parallel or inline Map that it stands at, by place; what isn't begun is missing. */
  children: (Frame | undefined)[] | null;
  /** Of the Distributed Map that it stands at. */
  childExecutions: (Execution | undefined)[] | null;
}

export function newFrame(asked: {
  branch: Branch;
  outer: Frame | null;
  input: Json;
  thread: Thread;
  mapItem: MapItem | null;
}): Frame {
  return {
    ...asked,
    variables: new Map(),
    state: asked.branch.StartAt,
    end: null,
    children: null,
    childExecutions: null,
  };
}

/** What expressions see; a copy, so that it stays as it was when the state was entered. */
export function visibleVariables(frame: Frame): Map<string, Json> {
  const visible = frame.outer === null ? new Map<string, Json>() : visibleVariables(frame.outer);
  for (const [name, value] of frame.variables) visible.set(name, value);
  return visible;
}

/** Throws without having assigned anything: States.Runtime for an outer name, States.DataLimitExceeded for too much. */
export function assign(frame: Frame, values: Record<string, Json>, execution: Execution): void {
  const around = frame.outer === null ? new Map<string, Json>() : visibleVariables(frame.outer);
  let together = 0;
  let change = 0;
  for (const [name, value] of Object.entries(values)) {
    if (around.has(name))
      throw new StateFailure("States.Runtime", `The variable $${name} is assigned in an outer scope.`);
    checkSize(value, `The variable $${name}`);
    const size = sizeOf(value);
    const before = frame.variables.get(name);
    together += size;
    change += size - (before === undefined ? 0 : sizeOf(before));
  }
  if (together > maxPayload)
    throw new StateFailure("States.DataLimitExceeded", "Assign gives more than 256 KiB at once.");
  if (execution.variableBytes + change > maxVariables) {
    throw new StateFailure("States.DataLimitExceeded", "The execution's variables hold more than 10 MiB.");
  }
  execution.variableBytes += change;
  for (const [name, value] of Object.entries(values)) frame.variables.set(name, value);
}

/** Once a branch has ended, nobody reads its variables again. */
export function release(frame: Frame, execution: Execution): void {
  for (const value of frame.variables.values()) execution.variableBytes -= sizeOf(value);
  frame.variables.clear();
}

/** Branches that a new try begins anew. */
export function discard(frames: readonly (Frame | undefined)[], execution: Execution): void {
  for (const frame of frames) {
    if (frame === undefined) continue;
    release(frame, execution);
    discard(frame.children ?? [], execution);
  }
}
