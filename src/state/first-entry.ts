/** Mistakes of the caller that no store may write down. */
import type { LogEntry } from "../flow/event.ts";
import type { ExecutionHeader } from "../flow/record.ts";

export function checkFirstEntry({ header, entry }: { header: ExecutionHeader; entry: LogEntry }): void {
  if (entry.sequence !== 1)
    throw new RangeError(`The log of ${entry.execution_id} begins at 1, not ${entry.sequence}.`);
  checkHeader({ header, entry });
}

export function checkHeader({ header, entry }: { header?: ExecutionHeader | undefined; entry: LogEntry }): void {
  if (header === undefined || header.execution_id === entry.execution_id) return;
  throw new RangeError(`The header of ${header.execution_id} does not belong to the log of ${entry.execution_id}.`);
}
