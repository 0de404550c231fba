/**
 * The history of one execution, in the names and details of GetExecutionHistory
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html), numbered from 1.
 */
import { StateFailure } from "./failure.ts";

export interface HistoryEvent {
  id: number;
  /** 0 for the first. */
  previousEventId: number;
  /** Milliseconds since the epoch. */
  timestamp: number;
  type: string;
  /** As the API has it, `stateEnteredEventDetails` and so on; inputs and outputs are JSON texts. */
  details: { [group: string]: { [field: string]: unknown } };
}

/** Where the next event of one branch hangs on. */
export interface Thread {
  last: number;
}

export class History {
  readonly events: HistoryEvent[] = [];
  readonly #limit: number;
  readonly #now: () => number;

  constructor({ now, limit }: { now: () => number; limit: number }) {
    this.#now = now;
    this.#limit = limit;
  }

  /** Throws States.Runtime when only the last event of the execution still has its place. */
  add(thread: Thread, type: string, details: HistoryEvent["details"] = {}): void {
    if (this.isFull()) {
      throw new StateFailure(
        "States.Runtime",
        `The execution reached the maximum number of history events (${this.#limit}).`,
      );
    }
    this.addLast(thread, type, details);
  }

  /** For the end itself and what is stopped by it, which always find their place. */
  addLast(thread: Thread, type: string, details: HistoryEvent["details"] = {}): void {
    const id = this.events.length + 1;
    this.events.push({ id, previousEventId: thread.last, timestamp: this.#now(), type, details });
    thread.last = id;
  }

  isFull(): boolean {
    return this.events.length >= this.#limit - 1;
  }
}
