/** Cases, each read as it stands; the list over them is an index, and lags (S3). */
import { Case, caseId } from "../../flow/case.ts";
import type { AuditEvent } from "../../flow/record.ts";
import { type CaseFilter, casePosition, matchesCase } from "../case-filter.ts";
import { fromCursor, toPage } from "../position.ts";
import type { ReadableRecords } from "../readable.ts";
import { decode, encode } from "../record-codec.ts";
import type { Page } from "../state-store.ts";
import type { AuditItems } from "./audit-items.ts";
import { inOrder } from "./in-order.ts";
import { indexes } from "./indexes.ts";
import { type Item, type Key, keyOf, text, textOf } from "./item.ts";
import { part, place } from "./keys.ts";
import { nameOf, type Requests } from "./requests.ts";
import type { RevisedItems } from "./revised-items.ts";
import type { Turns } from "./turns.ts";

const mostInPage = 1_000;

export class CaseItems {
  readonly #requests: Requests;
  readonly #readable: ReadableRecords;
  readonly #revised: RevisedItems;
  readonly #audit: AuditItems;
  readonly #turns: Turns;

  constructor(options: {
    requests: Requests;
    readable: ReadableRecords;
    revised: RevisedItems;
    audit: AuditItems;
    turns: Turns;
  }) {
    this.#requests = options.requests;
    this.#readable = options.readable;
    this.#revised = options.revised;
    this.#audit = options.audit;
    this.#turns = options.turns;
  }

  /** The audit follows it (S3): an item that is overwritten again and again can't hold it. */
  put({ record, audit = [] }: { record: Case; audit?: AuditEvent[] }): Promise<boolean> {
    const id = caseId({ reason: record.reason, customerId: record.customer.id });
    const key = caseKey(id);
    const events = audit.map((event) => ({ ...event }));
    const revised = {
      key,
      revision: record.revision,
      record: encode(record),
      what: `The case ${id}`,
      set: places(record),
    };
    return this.#turns.run(nameOf(key), async () => {
      const written = await this.#revised.write(revised, record.revision === 1 ? "nothing" : "previous");
      if (written) await this.#audit.record(events);
      return written;
    });
  }

  async get(id: string): Promise<Case | null> {
    const name = `the case ${id}`;
    const found = await this.#revised.read(caseKey(id), name);
    return found === null ? null : decode({ schema: Case, text: found.record, name });
  }

  async list({
    filter,
    limit,
    cursor,
  }: {
    filter: CaseFilter;
    limit: number;
    cursor: string | null;
  }): Promise<Page<Case>> {
    const wanted = limit + 1;
    const found: Case[] = [];
    const { customerId, open } = filter;
    const pages = inOrder({
      requests: this.#requests,
      index: customerId === undefined ? indexes.state : indexes.customer,
      partitions: [customerId === undefined ? partition(open) : customerPartition(customerId, open)],
      descending: true,
      pageSize: Math.min(wanted, mostInPage),
      ...(cursor === null ? {} : { range: { operator: "<", value: place(fromCursor(cursor)) } }),
    });
    for await (const rows of pages) {
      const items = await this.#requests.getAll(rows.map(keyOf));
      const cases = this.#readable.take({ rows: items, limit: Infinity, read: readCase });
      found.push(...cases.filter((record) => matchesCase({ record, filter })));
      if (found.length >= wanted) break;
    }
    return toPage({ found: found.slice(0, wanted), limit, positionOf: casePosition });
  }
}

const caseKey = (id: string): Key => ({ pk: `case#${part(id)}`, sk: "case" });
const partition = (open: boolean): string => `cases#${open ? "open" : "closed"}`;
/** Executions of a customer stand under `customer#`. */
const customerPartition = (customerId: string, open: boolean): string => `${partition(open)}#${part(customerId)}`;

function places(record: Case): Item {
  const open = record.status !== "closed";
  return {
    case_id: text(caseId({ reason: record.reason, customerId: record.customer.id })),
    state_pk: text(partition(open)),
    customer_pk: text(customerPartition(record.customer.id, open)),
    started: text(place(casePosition(record))),
  };
}

function readCase(item: Item): Case {
  return decode({
    schema: Case,
    text: textOf(item, "record") ?? "",
    name: `the case ${textOf(item, "case_id") ?? ""}`,
  });
}
