/** Parallel and inline Map: branches of one execution, in one history. */
import type { Json } from "../../../src/flow/json.ts";
import { Stopped } from "./cancellation.ts";
import type { Cancellation } from "./cancellation.ts";
import { StateFailure } from "./failure.ts";
import { discard, newFrame } from "./frame.ts";
import type { Frame } from "./frame.ts";
import type { MapState, Parallel } from "./machine.ts";
import { allOrFirstFailure } from "./siblings.ts";
import { checkSize } from "./template.ts";
import type { Visit } from "./visit.ts";

/** Runs a branch from where its frame stands; `isResumed`: by a redrive. */
export type Walk = (asked: { frame: Frame; cancellation: Cancellation; isResumed: boolean }) => Promise<Json>;

/** Inline: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
const maxInline = 40;

export async function tryParallel(visit: Visit<Parallel>, walk: Walk): Promise<Json> {
  const { state, frame } = visit;
  const isResumed = begin(visit);
  const input = state.Arguments === undefined ? frame.input : await visit.fill(state.Arguments, "Arguments");
  checkSize(input, `The input of the branches of '${visit.name}'`);
  if (!isResumed) visit.record("ParallelStateStarted");
  const started = frame.thread.last;
  const children = (frame.children ??= []);
  return group(visit, "Parallel", () =>
    allOrFirstFailure({
      count: state.Branches.length,
      atOnce: Infinity,
      parent: visit.cancellation,
      work: async (index, cancellation) => {
        const known = children[index];
        const branch = state.Branches[index];
        if (branch === undefined) throw new Error("A branch is missing.");
        const { mapItem } = frame;
        const child = known ?? newFrame({ branch, outer: frame, input, thread: { last: started }, mapItem });
        children[index] = child;
        const output = await walk({ frame: child, cancellation, isResumed: known !== undefined });
        frame.thread.last = Math.max(frame.thread.last, child.thread.last);
        return output;
      },
    }),
  );
}

export async function tryMap(visit: Visit<MapState>, walk: Walk): Promise<Json> {
  const { frame } = visit;
  const isResumed = begin(visit);
  const { items, atOnce } = await readItems(visit, maxInline);
  if (!isResumed) visit.record("MapStateStarted", { mapStateStartedEventDetails: { length: items.length } });
  const started = frame.thread.last;
  const children = (frame.children ??= []);
  return group(visit, "Map", () =>
    allOrFirstFailure({
      count: items.length,
      atOnce,
      parent: visit.cancellation,
      work: async (index, cancellation) => {
        const known = children[index];
        const thread = known?.thread ?? { last: started };
        const details = { name: visit.name, index };
        const add = (how: string) =>
          visit.execution.history.add(thread, `MapIteration${how}`, { [`mapIteration${how}EventDetails`]: details });
        if (known === undefined) add("Started");
        try {
          const child = known ?? (await iteration({ visit, index, item: items[index] ?? null, thread }));
          children[index] = child;
          const isOver = child.end !== null;
          const output = await walk({ frame: child, cancellation, isResumed: known !== undefined });
          if (!isOver) add("Succeeded");
          frame.thread.last = Math.max(frame.thread.last, thread.last);
          return output;
        } catch (error) {
          if (error instanceof StateFailure && !visit.execution.history.isFull()) add("Failed");
          if (error instanceof Stopped && !visit.execution.history.isFull()) add("Aborted");
          throw error;
        }
      },
    }),
  );
}

/** A redrive goes on with the branches that there are; any other try begins anew. */
function begin({ isResumed, frame, execution }: Visit): boolean {
  if (isResumed && frame.children !== null) return true;
  discard(frame.children ?? [], execution);
  frame.children = null;
  return false;
}

async function group(visit: Visit, type: "Parallel" | "Map", work: () => Promise<Json[]>): Promise<Json> {
  try {
    const results = await work();
    checkSize(results, `The state '${visit.name}' returned a result that`);
    visit.record(`${type}StateSucceeded`);
    return results;
  } catch (error) {
    if (error instanceof StateFailure && !visit.execution.history.isFull()) visit.record(`${type}StateFailed`);
    throw error;
  }
}

async function iteration(asked: {
  visit: Visit<MapState>;
  index: number;
  item: Json;
  thread: Frame["thread"];
}): Promise<Frame> {
  const { visit, index, item, thread } = asked;
  const mapItem = { Index: index, Value: item };
  const input = await itemInput(visit, mapItem);
  return newFrame({ branch: visit.state.ItemProcessor, outer: visit.frame, input, thread, mapItem });
}

export async function itemInput(visit: Visit<MapState>, mapItem: { Index: number; Value: Json }): Promise<Json> {
  const { ItemSelector } = visit.state;
  const input =
    ItemSelector === undefined ? mapItem.Value : await visit.fill(ItemSelector, "ItemSelector", {}, mapItem);
  checkSize(input, `The input of an iteration of '${visit.name}'`);
  return input;
}

/** What it goes over, and how many at a time. */
export async function readItems(visit: Visit<MapState>, most: number): Promise<{ items: Json[]; atOnce: number }> {
  const { Items, MaxConcurrency = 0 } = visit.state;
  const items = Items === undefined ? visit.frame.input : await visit.fill(Items, "Items");
  if (!Array.isArray(items)) {
    // Without Items it is the machine that is wrong, which AWS lets nobody catch.
    const error = Items === undefined ? "States.Runtime" : "States.QueryEvaluationError";
    throw new StateFailure(error, `The items of '${visit.name}' are no array.`);
  }
  const field = { name: "MaxConcurrency", min: 0, max: Number.MAX_SAFE_INTEGER, whole: true };
  const asked = await visit.number(MaxConcurrency, field);
  return { items, atOnce: Math.min(asked === 0 ? most : asked, most) };
}
