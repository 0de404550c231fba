/** An error as whoever typed the line is told it; anything unknown keeps its stack for whoever mends it. */
import { CommandError, UsageError } from "./errors.ts";
import { exitCodes, type Told } from "./write.ts";

export async function told(thrown: unknown): Promise<Told> {
  if (thrown instanceof UsageError) {
    const { message, suggestion, usage } = thrown;
    return { sentences: [message], suggestion, usage, code: exitCodes.usage };
  }
  if (thrown instanceof CommandError) return { ...problem(thrown.sentences), suggestion: thrown.suggestion };
  // Only where something went wrong: what it knows of the app costs time to load.
  const [{ RequestError }, { CorruptRecordError }, { startProblem }] = await Promise.all([
    import("../engine/engine.ts"),
    import("../state/state-store.ts"),
    import("../app/start-problem.ts"),
  ]);
  if (thrown instanceof RequestError) return { ...problem([thrown.message]), suggestion: thrown.suggestion };
  if (thrown instanceof CorruptRecordError) return problem([thrown.message]);
  return problem([startProblem(thrown, { host: "", port: 0 })]);
}

function problem(sentences: readonly string[]): Told {
  return { sentences, suggestion: null, usage: [], code: exitCodes.problems };
}
