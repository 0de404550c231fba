/**
 * A Distributed Map: each item is an execution of its own, with a history of its own, that sees no variables of its parent.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
import type { Json } from "../../../src/flow/json.ts";
import { uuid } from "./added-functions.ts";
import type { Execution } from "./execution.ts";
import { StateFailure } from "./failure.ts";
import { itemInput, readItems } from "./groups.ts";
import type { MapState } from "./machine.ts";
import { mapRunArn } from "./machines.ts";
import { allOrFirstFailure } from "./siblings.ts";
import { checkSize } from "./template.ts";
import type { Visit } from "./visit.ts";

const maxDistributed = 10_000;

export async function tryDistributedMap(visit: Visit<MapState>): Promise<Json> {
  const { state, frame, world } = visit;
  const label = state.Label ?? visit.name;
  const isResumed = visit.isResumed && frame.childExecutions !== null;
  const { items, atOnce } = await readItems(visit, maxDistributed);
  const tolerated = await readTolerance(visit, items.length);
  const arn = mapRunArn(visit.execution.of.stateMachine.name, label, uuid(world.fraction));
  if (!isResumed) {
    frame.childExecutions = [];
    visit.record("MapStateStarted", { mapStateStartedEventDetails: { length: items.length } });
    visit.record("MapRunStarted", { mapRunStartedEventDetails: { mapRunArn: arn } });
  }
  const children = (frame.childExecutions ??= []);
  let failed = 0;
  try {
    await allOrFirstFailure({
      count: items.length,
      atOnce,
      parent: visit.cancellation,
      work: async (index, cancellation) => {
        const child = await startOrGoOn({ visit, children, index, item: items[index] ?? null, mapRunArn: arn, label });
        await cancellation.wait<void>((resolve) => {
          void child.ended.then(resolve);
          return () => {
            if (child.status === "RUNNING") world.executions.stop(child, { error: undefined, cause: "The Map ended." });
          };
        });
        if (child.status !== "SUCCEEDED") failed += 1;
        if (failed <= tolerated) return;
        throw new StateFailure(
          "States.ExceedToleratedFailureThreshold",
          "The specified tolerated failure threshold was exceeded.",
        );
      },
    });
    // What failed and was tolerated leaves no place among the results.
    const results = children.flatMap((child) => (child?.status === "SUCCEEDED" ? [child.output ?? null] : []));
    checkSize(results, `The state '${visit.name}' returned a result that`);
    visit.record("MapRunSucceeded");
    visit.record("MapStateSucceeded");
    return results;
  } catch (error) {
    if (error instanceof StateFailure && !visit.execution.history.isFull()) {
      visit.record("MapRunFailed", { mapRunFailedEventDetails: { error: error.error, cause: error.cause } });
      visit.record("MapStateFailed");
    }
    throw error;
  }
}

async function startOrGoOn(asked: {
  visit: Visit<MapState>;
  children: (Execution | undefined)[];
  index: number;
  item: Json;
  mapRunArn: string;
  label: string;
}): Promise<Execution> {
  const { visit, children, index, item } = asked;
  const { executions } = visit.world;
  const known = children[index];
  if (known !== undefined) {
    if (known.status !== "SUCCEEDED" && known.status !== "RUNNING") executions.redrive(known);
    return known;
  }
  const input = await itemInput(visit, { Index: index, Value: item });
  const child = executions.startChild({
    parent: visit.execution,
    processor: visit.state.ItemProcessor,
    label: asked.label,
    mapRunArn: asked.mapRunArn,
    name: uuid(visit.world.fraction),
    input,
  });
  children[index] = child;
  return child;
}

/** How many may fail: the smaller of the two that may be given, none by default. */
async function readTolerance(visit: Visit<MapState>, count: number): Promise<number> {
  const { ToleratedFailureCount, ToleratedFailurePercentage } = visit.state;
  if (ToleratedFailureCount === undefined && ToleratedFailurePercentage === undefined) return 0;
  const most = Number.MAX_SAFE_INTEGER;
  const byCount =
    ToleratedFailureCount === undefined
      ? most
      : await visit.number(ToleratedFailureCount, { name: "ToleratedFailureCount", min: 0, max: most, whole: true });
  const percentage =
    ToleratedFailurePercentage === undefined
      ? 100
      : await visit.number(ToleratedFailurePercentage, {
          name: "ToleratedFailurePercentage",
          min: 0,
          max: 100,
          whole: false,
        });
  return Math.min(byCount, Math.floor((percentage * count) / 100));
}
