/**
 * What is known of a batch's executions: reported by their drivers here, looked for where other processes drive them.
 *
 * - L1. A list only says where to look; what counts is read by its key, for a list may lag (S3).
 * - L2. What a driver in this process reports meanwhile is newer than what was read.
 */
import type { ExecutionHeader } from "../flow/record.ts";
import { CorruptRecordError, type Page } from "../state/state-store.ts";
import type { EngineContext } from "./context.ts";

/** Between two looks, by the clock. With the second one, ten thousand are looked through three times a minute. */
const leastPaceMs = 2_000;
const paceOfEachMs = 2;
/** Read between two turns of the event loop. */
const pageSize = 200;

export class BatchHeaders {
  readonly #context: EngineContext;
  readonly #batchId: string;
  readonly #isDriven: (executionId: string) => boolean;
  readonly #known = new Map<string, ExecutionHeader>();
  readonly #running = new Set<string>();
  #isLooking = false;
  #lookedAt: number | null = null;

  constructor(
    context: EngineContext,
    parameters: {
      batchId: string;
      isDriven: (executionId: string) => boolean;
      initial: Iterable<ExecutionHeader>;
    },
  ) {
    this.#context = context;
    this.#batchId = parameters.batchId;
    this.#isDriven = parameters.isDriven;
    for (const header of parameters.initial) this.note(header);
  }

  get areRunning(): boolean {
    return this.#running.size > 0;
  }

  has(executionId: string): boolean {
    return this.#known.has(executionId);
  }

  all(): Iterable<ExecutionHeader> {
    return this.#known.values();
  }

  note(header: ExecutionHeader): void {
    this.#known.set(header.execution_id, header);
    if (header.status === "running") this.#running.add(header.execution_id);
    else this.#running.delete(header.execution_id);
  }

  get size(): number {
    return this.#known.size;
  }

  /** Looks through those that run; `awaitsMore`: others start some, so through all. False: looked a short while ago, or found nothing new. */
  async look({ awaitsMore }: { awaitsMore: boolean }): Promise<boolean> {
    const paceMs = leastPaceMs + this.#running.size * paceOfEachMs;
    const now = this.#context.clock.now();
    // A clock that went back doesn't end the looking.
    const isSoon = this.#lookedAt !== null && Math.abs(now - this.#lookedAt) < paceMs;
    if (this.#isLooking || isSoon || !(this.areRunning || awaitsMore)) return false;
    this.#isLooking = true;
    this.#lookedAt = now;
    try {
      return await this.#lookThrough(awaitsMore);
    } finally {
      this.#isLooking = false;
    }
  }

  async #lookThrough(all: boolean): Promise<boolean> {
    const { store, realTime } = this.#context;
    const filter = { batchId: this.#batchId, ...(all ? {} : { status: "running" as const }) };
    const listed = new Set<string>();
    const changed: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<ExecutionHeader> = await store.list({ filter, limit: pageSize, cursor });
      for (const header of page.items) {
        listed.add(header.execution_id);
        if (!isSame(this.#known.get(header.execution_id), header)) changed.push(header.execution_id);
      }
      cursor = page.next;
      if (cursor !== null) await realTime.pause(0);
    } while (cursor !== null);
    changed.push(...[...this.#running].filter((executionId) => !listed.has(executionId)));
    let isNew = false;
    for (const [index, executionId] of changed.entries()) {
      if ((index + 1) % pageSize === 0) await realTime.pause(0);
      if (await this.read(executionId)) isNew = true;
    }
    return isNew;
  }

  /** What stands of one in the store. False: nothing new. One that can't be read, or has expired, is waited for no longer. */
  async read(executionId: string): Promise<boolean> {
    const before = this.#known.get(executionId);
    if (this.#isDriven(executionId)) return false;
    const stored = await this.#stored(executionId);
    if (this.#known.get(executionId) !== before || this.#isDriven(executionId)) return false;
    if (stored === null) return this.#running.delete(executionId);
    if (isSame(before, stored)) return false;
    this.note(stored);
    return true;
  }

  async #stored(executionId: string): Promise<ExecutionHeader | null> {
    try {
      return await this.#context.store.getHeader({ executionId });
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      this.#context.logger.error({ err: error, execution_id: executionId }, "an execution of the batch can't be read");
      return null;
    }
  }
}

function isSame(one: ExecutionHeader | undefined, other: ExecutionHeader): boolean {
  return (
    one !== undefined &&
    one.status === other.status &&
    one.outcome === other.outcome &&
    one.owner === other.owner &&
    JSON.stringify(one.waiting_for) === JSON.stringify(other.waiting_for)
  );
}
