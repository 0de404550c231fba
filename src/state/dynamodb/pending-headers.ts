/**
 * Headers that are not written yet. While an execution is being driven its header changes often, and nothing is lost when only
 * the last of several is written: the newest entry carries it, and the execution stands in the wake index.
 */
import type { ExecutionHeader } from "../../flow/record.ts";
import type { HeaderAttributes } from "./header-item.ts";

export interface HeaderWrite {
  header: ExecutionHeader;
  attributes: HeaderAttributes;
  /** Of the entry that gave it. */
  sequence: number;
}

interface Pending {
  newest: HeaderWrite | null;
  /** Sequences of the entries that stand in the wake index until a header is written (K3). */
  marks: number[];
}

export class PendingHeaders {
  readonly #pending = new Map<string, Pending>();

  put({ executionId, write, mark }: { executionId: string; write: HeaderWrite; mark: number | null }): void {
    const marks = this.#pending.get(executionId)?.marks ?? [];
    this.#pending.set(executionId, { newest: write, marks: mark === null ? marks : [...marks, mark] });
  }

  get(executionId: string): HeaderWrite | null {
    return this.#pending.get(executionId)?.newest ?? null;
  }

  all(executionId: string): Pending {
    return this.#pending.get(executionId) ?? { newest: null, marks: [] };
  }

  forget(executionId: string): void {
    this.#pending.delete(executionId);
  }

  executionIds(): string[] {
    return [...this.#pending.keys()];
  }
}
