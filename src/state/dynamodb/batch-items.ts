/**
 * Batches. The list of customers, which never changes and may be long, is a text of its own: a revision writes the small rest.
 */
import { type AuditEvent, Batch } from "../../flow/record.ts";
import type { Position } from "../position.ts";
import type { ReadableRecords } from "../readable.ts";
import { decode, encode } from "../record-codec.ts";
import { CorruptRecordError } from "../state-store.ts";
import type { AuditItems } from "./audit-items.ts";
import { inOrder } from "./in-order.ts";
import { indexes } from "./indexes.ts";
import { type Item, type Key, keyOf, number, text, textOf } from "./item.ts";
import { part, place } from "./keys.ts";
import { type Parts, partsAttribute, partsIn } from "./parts.ts";
import { nameOf, type Requests } from "./requests.ts";
import type { RevisedItems } from "./revised-items.ts";
import type { Turns } from "./turns.ts";

/** The list is written once and the rest again and again: beyond this it goes into parts. */
const inlineBytes = 2_000;
const openPartition = "open-batches";
export const endedBatchesPartition = "ended-batches";

interface Divided {
  key: Key;
  id: string;
  revision: number;
  /** Null: it is no list (another version's), and stands in the rest. */
  customers: string | null;
  rest: string;
  set: Item;
}

export class BatchItems {
  readonly #requests: Requests;
  readonly #readable: ReadableRecords;
  readonly #revised: RevisedItems;
  readonly #parts: Parts;
  readonly #audit: AuditItems;
  readonly #turns: Turns;

  constructor(options: {
    requests: Requests;
    readable: ReadableRecords;
    revised: RevisedItems;
    parts: Parts;
    audit: AuditItems;
    turns: Turns;
  }) {
    this.#requests = options.requests;
    this.#readable = options.readable;
    this.#revised = options.revised;
    this.#parts = options.parts;
    this.#audit = options.audit;
    this.#turns = options.turns;
  }

  create({ batch, audit = [] }: { batch: Batch; audit?: AuditEvent[] }): Promise<boolean> {
    const divided = divide(batch);
    const events = this.#audit.divide(
      audit.map((event) => ({ ...event })),
      null,
    );
    return this.#turns.run(nameOf(divided.key), async () => {
      const { key, revision, rest, set, customers } = divided;
      const list = await this.#listAttributes({ key, customers });
      const all = { ...set, ...list, ...events.inItem };
      const created = await this.#revised.write(
        { key, revision, record: rest, what: whatOf(divided), set: all },
        "nothing",
      );
      const cut = partsIn(list["customers_parts"]);
      if (created) await this.#audit.record(events.others);
      else if (cut !== null) await this.#parts.remove(key.pk, cut);
      return created;
    });
  }

  async #listAttributes({ key, customers }: { key: Key; customers: string | null }): Promise<Item> {
    if (customers === null) return {};
    if (Buffer.byteLength(customers) <= inlineBytes) return { customers: text(customers) };
    const name = `customers-${this.#requests.newToken()}`;
    const cut = await this.#parts.write({ pk: key.pk, name, text: customers, what: "A batch's list of customers" });
    return { customers_parts: partsAttribute(cut) };
  }

  update({ batch }: { batch: Batch }): Promise<boolean> {
    const { key, revision, rest, set, ...divided } = divide(batch);
    return this.#turns.run(nameOf(key), () =>
      this.#revised.write({ key, revision, record: rest, what: whatOf(divided), set }, "previous"),
    );
  }

  async get(batchId: string): Promise<Batch | null> {
    const found = await this.#revised.read(keyFor(batchId), `the batch ${batchId}`);
    return found === null ? null : readBatch({ batchId, ...(await this.#textsOf(found)) });
  }

  async #textsOf({ item, record }: { item: Item; record: string | null }): Promise<Texts> {
    const cut = partsIn(item["customers_parts"]);
    const customers = cut === null ? textOf(item, "customers") : await this.#parts.read(textOf(item, "pk") ?? "", cut);
    return { rest: record, customers, hasParts: cut !== null };
  }

  async open(): Promise<Batch[]> {
    const keys: Key[] = [];
    const pages = inOrder({
      requests: this.#requests,
      index: indexes.time,
      partitions: [openPartition],
      descending: false,
      pageSize: 1_000,
    });
    for await (const rows of pages) keys.push(...rows.map(keyOf));
    const items = await this.#requests.getAll(keys);
    const rows = await Promise.all(
      items.map(async (item) => ({
        batchId: textOf(item, "batch_id") ?? "",
        ...(await this.#textsOf({ item, record: await this.#revised.textIn(item) })),
      })),
    );
    const batches = this.#readable.take({ rows, limit: Infinity, read: readBatch });
    return batches.filter(({ status }) => status !== "ended");
  }
}

interface Texts {
  rest: string | null;
  customers: string | null;
  hasParts: boolean;
}

function divide(batch: Batch): Divided {
  const { batch_id: id, revision, status, started_at } = batch;
  const isList = Array.isArray(batch.customer_ids);
  const position: Position = { at: started_at, id };
  return {
    key: keyFor(id),
    id,
    revision,
    customers: isList ? JSON.stringify(batch.customer_ids) : null,
    rest: encode(isList ? { ...batch, customer_ids: [] } : batch),
    set: {
      batch_id: text(id),
      time_pk: text(status === "ended" ? endedBatchesPartition : openPartition),
      time_sk: text(place(position)),
      started_at: number(started_at),
    },
  };
}

export function keyFor(batchId: string): Key {
  return { pk: `batch#${part(batchId)}`, sk: "batch" };
}

function whatOf({ id }: { id: string }): string {
  return `The batch ${id}`;
}

function readBatch({ batchId, rest, customers, hasParts }: Texts & { batchId: string }): Batch {
  const name = `the batch ${batchId}`;
  if (rest === null || (hasParts && customers === null))
    throw new CorruptRecordError(`The store cannot read ${name}: a part of it is missing.`);
  const batch = decode({ schema: Batch, text: rest, name });
  return customers === null
    ? batch
    : { ...batch, customer_ids: decode({ schema: Batch.shape.customer_ids, text: customers, name }) };
}
