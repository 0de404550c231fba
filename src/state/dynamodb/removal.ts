/**
 * Removal of what has expired (retention). What is removed is first marked, so that nobody reads half of it; what keeps it
 * findable goes last, so that a removal that dies in between is finished by the next one. Its audit outlives it (T4).
 */
import type { ExecutionHeader } from "../../flow/record.ts";
import { CorruptRecordError } from "../state-store.ts";
import { type AuditItems, auditAttributes } from "./audit-items.ts";
import { endedBatchesPartition } from "./batch-items.ts";
import { endedPartitions, readHeader } from "./header-item.ts";
import { inOrder } from "./in-order.ts";
import { indexes } from "./indexes.ts";
import { type Item, type Key, keyOf, number, numberOf, textOf } from "./item.ts";
import { isHead, placesFrom } from "./keys.ts";
import type { Logs } from "./logs.ts";
import type { Requests } from "./requests.ts";

const mostInPage = 1_000;
/** An execution is over and has no place in a list any more; its time keeps it findable. */
const listPlaces = ["state_pk", "flow_pk", "customer_pk", "batch_pk", "parent_pk", "started"] as const;

export class Removal {
  readonly #requests: Requests;
  readonly #audit: AuditItems;
  readonly #logs: Logs;

  constructor(options: { requests: Requests; audit: AuditItems; logs: Logs }) {
    this.#requests = options.requests;
    this.#audit = options.audit;
    this.#logs = options.logs;
  }

  async executions({ endedBefore, limit }: { endedBefore: number; limit: number }): Promise<number> {
    let removed = 0;
    for await (const key of this.#over({ partitions: endedPartitions, before: endedBefore, limit })) {
      if (removed >= limit) break;
      if (await this.#removeExecution({ key, endedBefore })) removed += 1;
    }
    return removed;
  }

  /** False: the index was behind, and it is not over (a redrive), or gone. */
  async #removeExecution({ key, endedBefore }: { key: Key; endedBefore: number }): Promise<boolean> {
    const head = await this.#requests.get(key);
    const header = headerIn(head);
    if (header === null || !isOver({ header, endedBefore })) return false;
    // One that was half written before may say otherwise, unless the removal had begun.
    const current = await this.#logs.getHeader({ executionId: header.execution_id });
    if (current !== null && !isOver({ header: current, endedBefore })) return false;
    const isMarked = await this.#requests.update({
      key,
      set: { removing: number(1) },
      remove: listPlaces,
      condition: sameHeader(head),
      marks: false,
    });
    if (isMarked === null) return false;
    this.#logs.forget(header.execution_id);
    const items = await this.#requests.query({ pk: key.pk, only: ["pk", "sk", "execution_id", ...auditAttributes] });
    await this.#removeItems({ items, executionId: header.execution_id, last: isHead });
    return true;
  }

  async batches({ endedBefore, limit }: { endedBefore: number; limit: number }): Promise<number> {
    let removed = 0;
    for await (const key of this.#over({ partitions: [endedBatchesPartition], before: endedBefore, limit })) {
      if (removed >= limit) break;
      const items = await this.#requests.query({ pk: key.pk, only: ["pk", "sk", ...auditAttributes] });
      if (items.length === 0) continue;
      await this.#removeItems({ items, executionId: null, last: ({ sk }) => sk === key.sk });
      removed += 1;
    }
    return removed;
  }

  /** `last`: the item that keeps the others findable. */
  async #removeItems(parameters: {
    items: readonly Item[];
    executionId: string | null;
    last: (key: Key) => boolean;
  }): Promise<void> {
    const { items, executionId, last } = parameters;
    const named = executionId === null ? {} : { execution_id: { S: executionId } };
    await this.#audit.keep(items.map((item) => ({ ...item, ...named })));
    const keys = items.map(keyOf);
    await this.#requests.writeAll({ deletes: keys.filter((key) => !last(key)) });
    await this.#requests.writeAll({ deletes: keys.filter(last) });
  }

  async *#over(options: { partitions: readonly string[]; before: number; limit: number }): AsyncGenerator<Key> {
    const pages = inOrder({
      requests: this.#requests,
      index: indexes.time,
      partitions: options.partitions,
      descending: false,
      range: { operator: "<", value: placesFrom(options.before) },
      pageSize: Math.max(1, Math.min(options.limit, mostInPage)),
    });
    for await (const rows of pages) yield* rows.map(keyOf);
  }
}

function isOver({ header, endedBefore }: { header: ExecutionHeader; endedBefore: number }): boolean {
  return !header.open && header.ended_at !== null && header.ended_at < endedBefore;
}

/** What can't be read stays for a person to look at. */
function headerIn(head: Item | null): ExecutionHeader | null {
  const record = textOf(head, "header");
  if (record === null) return null;
  try {
    return readHeader({ executionId: "", record });
  } catch (error) {
    if (error instanceof CorruptRecordError) return null;
    throw error;
  }
}

/** Nobody has written it since it was read. */
function sameHeader(head: Item | null) {
  const sequence = numberOf(head, "header_sequence");
  const header = textOf(head, "header") ?? "";
  return {
    text: sequence === null ? "#header = :header" : "#header = :header AND #header_sequence = :sequence",
    values: { ":header": { S: header }, ...(sequence === null ? {} : { ":sequence": number(sequence) }) },
  };
}
