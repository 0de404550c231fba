/**
 * An execution as its log tells it. One that can't be told (damaged, or written by a newer version) is refused by its name
 * and with what to do; nothing is written to it, and no other execution notices.
 */
import { fold, type ExecutionState } from "../flow/execution.ts";
import type { ExecutionHeader } from "../flow/record.ts";
import { CorruptRecordError, type StateStore } from "../state/state-store.ts";
import type { Definitions } from "./definitions.ts";
import { RequestError } from "./engine.ts";

/** Null: its log is empty. Throws `RequestError` where it can't be read. */
export async function storedExecution(parameters: {
  store: Pick<StateStore, "readLog">;
  definitions: Definitions;
  header: ExecutionHeader;
}): Promise<ExecutionState | null> {
  const { store, definitions, header } = parameters;
  const executionId = header.execution_id;
  try {
    const definition = await definitions.of(header.definition_hash);
    const entries = await store.readLog({ executionId, after: 0 });
    return told(() => fold({ definition, entries }));
  } catch (error) {
    if (!(error instanceof CorruptRecordError)) throw error;
    throw new RequestError(`The execution ${executionId} can't go on; all others do. ${error.message}`);
  }
}

/** Entries that can each be read and yet tell no story. */
function told(tell: () => ExecutionState | null): ExecutionState | null {
  try {
    return tell();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CorruptRecordError(
      `Its log contradicts itself: ${reason} Start the version that wrote it, or restore the state from a backup.`,
    );
  }
}
