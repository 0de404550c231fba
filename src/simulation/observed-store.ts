/** The store of a simulation: in memory, and each event that is recorded is told as it comes. */
import type { ExecutionEvent } from "../flow/event.ts";
import type { Batch } from "../flow/record.ts";
import { MemoryStateStore } from "../state/memory.ts";

export interface StoreHooks {
  onEvent: (executionId: string, event: ExecutionEvent) => void;
  onBatch: (batch: Batch) => void;
}

type Asked<Method extends "create" | "append" | "createBatch" | "updateBatch"> = Parameters<
  MemoryStateStore[Method]
>[0];

export class ObservedStore extends MemoryStateStore {
  readonly #hooks: StoreHooks;

  constructor(hooks: StoreHooks) {
    super();
    this.#hooks = hooks;
  }

  override async create(write: Asked<"create">): Promise<boolean> {
    return this.#told(write, await super.create(write));
  }

  override async append(write: Asked<"append">): Promise<boolean> {
    return this.#told(write, await super.append(write));
  }

  override async createBatch(write: Asked<"createBatch">): Promise<boolean> {
    const isWritten = await super.createBatch(write);
    if (isWritten) this.#hooks.onBatch(write.batch);
    return isWritten;
  }

  override async updateBatch(write: Asked<"updateBatch">): Promise<boolean> {
    const isWritten = await super.updateBatch(write);
    if (isWritten) this.#hooks.onBatch(write.batch);
    return isWritten;
  }

  #told({ entry }: Asked<"append">, isWritten: boolean): boolean {
    if (isWritten) for (const event of entry.events) this.#hooks.onEvent(entry.execution_id, event);
    return isWritten;
  }
}
