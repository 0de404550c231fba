/** Retry and Catch around the tries of a Task, Parallel or Map. */
import type { Json } from "../../../src/flow/json.ts";
import { matches, StateFailure } from "./failure.ts";
import type { Guarded } from "./machine.ts";
import { RetryBook } from "./retry.ts";
import type { Step, Visit } from "./visit.ts";

/** A try is the state's work and its Output and Assign: what fails there is tried again and caught as well. */
export async function guarded<S extends Guarded>(visit: Visit<S>, tryOnce: () => Promise<Json>): Promise<Step> {
  const { state, world } = visit;
  const book = new RetryBook(state.Retry);
  for (;;) {
    try {
      const result = await tryOnce();
      return await visit.leave({
        holder: state,
        otherwise: result,
        parts: { result },
        at: "",
        next: state.Next ?? null,
      });
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      const delay = book.next(error.error, world.fraction);
      if (delay === null) return caught(visit, error);
      await visit.sleep(delay);
      visit.retryCount += 1;
      visit.isResumed = false;
    }
  }
}

async function caught(visit: Visit<Guarded>, failure: StateFailure): Promise<Step> {
  const catchers = visit.state.Catch ?? [];
  const index = catchers.findIndex(({ ErrorEquals }) => matches(ErrorEquals, failure.error));
  const catcher = catchers[index];
  if (catcher === undefined) throw failure;
  const errorOutput = { Error: failure.error, Cause: failure.cause };
  const at = `Catch[${index}].`;
  return visit.leave({ holder: catcher, otherwise: errorOutput, parts: { errorOutput }, at, next: catcher.Next });
}
