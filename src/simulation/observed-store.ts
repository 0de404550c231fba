/**
 * The store of a simulation: in memory, and each event that is recorded is told as it comes.
 *
 * - O1. Logs and headers of open executions are handed out as they were written, not read from text again: nobody changes a
 *   record once it is made, and reading was a fifth of a simulation. Of ended ones the text alone is kept: they are many. But
 *   one that has asked somebody is told of its case day after day.
 */
import type { ExecutionEvent, LogEntry } from "../flow/event.ts";
import type { Batch, ExecutionHeader } from "../flow/record.ts";
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
  readonly #logs = new Map<string, LogEntry[]>();
  readonly #headers = new Map<string, ExecutionHeader>();

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

  override async putHeader(write: { header: ExecutionHeader }): Promise<void> {
    await super.putHeader(write);
    this.#note(write.header);
  }

  override async readLog({ executionId, after }: { executionId: string; after: number }): Promise<LogEntry[]> {
    return this.#logs.get(executionId)?.slice(after) ?? super.readLog({ executionId, after });
  }

  override async getHeader({ executionId }: { executionId: string }): Promise<ExecutionHeader | null> {
    return this.#headers.get(executionId) ?? super.getHeader({ executionId });
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

  #told({ entry, header }: Pick<Asked<"append">, "entry" | "header">, isWritten: boolean): boolean {
    if (!isWritten) return false;
    const { execution_id: executionId } = entry;
    const log = this.#logs.get(executionId);
    if (log !== undefined) log.push(entry);
    // What comes after the end is in the text alone.
    else if (entry.sequence === 1) this.#logs.set(executionId, [entry]);
    if (header !== undefined) this.#note(header);
    for (const event of entry.events) this.#hooks.onEvent(executionId, event);
    return true;
  }

  #note(header: ExecutionHeader): void {
    const { execution_id: executionId, open } = header;
    if (open) this.#headers.set(executionId, header);
    else {
      this.#headers.delete(executionId);
      if (!this.#hasAsked(executionId)) this.#logs.delete(executionId);
    }
  }

  #hasAsked(executionId: string): boolean {
    const log = this.#logs.get(executionId) ?? [];
    return log.some(({ events }) => events.some(({ type }) => type === "approval_requested"));
  }
}
