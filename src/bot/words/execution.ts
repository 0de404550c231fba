/** The one execution that a word names, with the way to its id where there is none. */
import { RequestError, type Engine } from "../../engine/engine.ts";
import type { ExecutionState } from "../../flow/execution.ts";

export async function executionOf(engine: Pick<Engine, "execution">, executionId: string): Promise<ExecutionState> {
  try {
    return await engine.execution({ executionId });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new RequestError(`${error.message} “status” lists them with their ids.`, error.suggestion);
  }
}
