/** What an engine asks its store to write, call by call: the bare writes of the same bytes are its floor. */
import type { StateStore } from "../src/state/state-store.ts";

/** The port's write requests as D6 counts them; a lease is the process's, no execution's. */
const writing = new Set<PropertyKey>([
  "putDefinition",
  "create",
  "append",
  "putHeader",
  "createBatch",
  "updateBatch",
  "putSlots",
  "putCursor",
  "recordAudit",
  "claim",
]);

export interface RecordedWrite {
  method: string;
  argument: unknown;
}

export function bytesOf({ argument }: RecordedWrite): number {
  return Buffer.byteLength(JSON.stringify(argument));
}

/** `onWritten` hears of each as soon as it is durable. */
export function recordWrites(store: StateStore, onWritten: (write: RecordedWrite) => void): StateStore {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return async (...parameters: unknown[]) => {
        const answer: unknown = await Reflect.apply(value, target, parameters);
        if (writing.has(name) && answer !== false) onWritten({ method: String(name), argument: parameters[0] });
        return answer;
      };
    },
  });
}
