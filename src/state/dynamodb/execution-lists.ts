/**
 * Lists of executions and their timers. The index says which they may be, and lags; the header as it stands says which they
 * are, so that no list shows what is no longer so. What an index does not yet know is missing for a moment.
 */
import { matches } from "../execution-filter.ts";
import type { ExecutionHeader } from "../../flow/record.ts";
import { fromCursor, type Position, toPage } from "../position.ts";
import type { ReadableRecords } from "../readable.ts";
import type { ExecutionFilter, Page } from "../state-store.ts";
import {
  batchPartition,
  customerPartition,
  flowPartition,
  parentPartition,
  readHeader,
  statePartition,
  wakingPartitions,
} from "./header-item.ts";
import { inOrder } from "./in-order.ts";
import { type Index, indexes } from "./indexes.ts";
import { type Item, keyOf, textOf } from "./item.ts";
import { isHead, place, placesAfter } from "./keys.ts";
import type { Logs } from "./logs.ts";
import type { Requests } from "./requests.ts";

const mostInPage = 1_000;
/** Read from the table at once, where the index can't tell which fit. */
const leastRead = 25;
const statuses = ["running", "succeeded", "failed", "timed_out", "aborted"] as const;

export class ExecutionLists {
  readonly #requests: Requests;
  readonly #readable: ReadableRecords;
  readonly #logs: Logs;

  constructor(options: { requests: Requests; readable: ReadableRecords; logs: Logs }) {
    this.#requests = options.requests;
    this.#readable = options.readable;
    this.#logs = options.logs;
  }

  async list(parameters: {
    filter: ExecutionFilter;
    limit: number;
    cursor: string | null;
  }): Promise<Page<ExecutionHeader>> {
    const { filter, limit, cursor } = parameters;
    const before = cursor === null ? null : place(fromCursor(cursor));
    const wanted = limit + 1;
    const found: ExecutionHeader[] = [];
    const pages = inOrder({
      requests: this.#requests,
      ...placesFor(filter),
      descending: true,
      pageSize: Math.min(wanted, mostInPage),
      ...(before === null ? {} : { range: { operator: "<", value: before } }),
    });
    for await (const rows of pages) {
      while (rows.length > 0 && found.length < wanted) {
        const portion = rows.splice(0, Math.max(wanted - found.length, leastRead));
        const heads = await this.#requests.getAll(portion.map(keyOf), ["header", "started"]);
        const headers = this.#readable.take({ rows: heads, limit: Infinity, read });
        found.push(...headers.map((header) => this.#current(header)).filter((header) => matches({ header, filter })));
      }
      if (found.length >= wanted) break;
    }
    return toPage({ found: found.slice(0, wanted), limit, positionOf: startOf });
  }

  async due({ now, limit }: { now: number; limit: number }): Promise<ExecutionHeader[]> {
    const found = new Map<string, ExecutionHeader>();
    if (limit < 1) return [];
    const range = { operator: "<", value: placesAfter(now) } as const;
    for await (const rows of this.#waking({ range, pageSize: Math.min(limit, mostInPage) })) {
      for (const row of rows) {
        if (found.size >= limit) return [...found.values()];
        const header = await this.#wakingHeader(row);
        if (header !== null && isDue({ header, now })) found.set(header.execution_id, header);
      }
    }
    return [...found.values()];
  }

  async nextWake(): Promise<number | null> {
    for await (const rows of this.#waking({ pageSize: 10 })) {
      for (const row of rows) {
        const [header] = this.#readable.take({ rows: [row], limit: 1, read });
        const wakeAt = header === undefined ? null : this.#current(header).wake_at;
        if (wakeAt !== null) return wakeAt;
      }
    }
    return null;
  }

  /** This process knows more of what it drives than the table does. */
  #current(header: ExecutionHeader): ExecutionHeader {
    return this.#logs.pendingHeader(header.execution_id) ?? header;
  }

  #waking(options: { range?: { operator: "<"; value: string }; pageSize: number }): AsyncGenerator<Item[]> {
    return inOrder({
      requests: this.#requests,
      index: indexes.time,
      partitions: wakingPartitions,
      descending: false,
      ...options,
    });
  }

  /** K3: a marked entry is what a writer had no time to finish, or has just finished. Either way its mark has done its work. */
  async #wakingHeader(row: Item): Promise<ExecutionHeader | null> {
    const [header = null] = this.#readable.take({ rows: [row], limit: 1, read });
    const key = keyOf(row);
    if (header === null || isHead(key)) return header === null ? null : this.#current(header);
    const pending = this.#logs.pendingHeader(header.execution_id);
    if (pending !== null) return pending;
    const executionId = header.execution_id;
    const current = await this.#logs.getHeader({ executionId });
    await this.#logs.unmark({ executionId, sequence: Number(key.sk.slice("entry#".length)) });
    return current;
  }
}

function read(item: Item): ExecutionHeader {
  const record = textOf(item, "header") ?? "";
  const [, executionId = ""] = /#(.*)$/.exec(textOf(item, "started") ?? textOf(item, "time_sk") ?? "") ?? [];
  return readHeader({ executionId, record });
}

const startOf = (header: ExecutionHeader): Position => ({ at: header.started_at, id: header.execution_id });

function isDue({ header, now }: { header: ExecutionHeader; now: number }): boolean {
  return header.open && header.wake_at !== null && header.wake_at <= now;
}

/** The narrowest first: a customer has few executions, a batch some thousands. */
function placesFor(filter: ExecutionFilter): { index: Index; partitions: string[] } {
  const { flowId, customerId, batchId, parentId } = filter;
  if (customerId !== undefined) return { index: indexes.customer, partitions: [customerPartition(customerId)] };
  if (parentId !== undefined) return { index: indexes.parent, partitions: [parentPartition(parentId)] };
  if (batchId !== undefined) return { index: indexes.batch, partitions: [batchPartition(batchId)] };
  const states = statesOf(filter);
  if (flowId === undefined) return { index: indexes.state, partitions: states };
  return { index: indexes.flow, partitions: states.map((state) => flowPartition({ flowId, state })) };
}

function statesOf({ status, open }: ExecutionFilter): string[] {
  const asked = status === undefined ? statuses : [status];
  const openness = open === undefined ? [true, false] : [open];
  return asked.flatMap((one) => openness.map((isOpen) => statePartition({ status: one, open: isOpen })));
}
