/**
 * The audit (T4), append-only. An event given with a write to a log or a batch stands in that very item, so it is durable with
 * it; others are items of their own, in a partition for each execution. The same event written again changes nothing.
 */
import { AuditEvent } from "../../flow/record.ts";
import { comparePositions, fromCursor, type Position, toPage } from "../position.ts";
import type { ReadableRecords } from "../readable.ts";
import { decode, encode } from "../record-codec.ts";
import type { Page } from "../state-store.ts";
import { inOrder } from "./in-order.ts";
import { indexes } from "./indexes.ts";
import { type Item, type Key, keyItem, keyOf, text, textOf } from "./item.ts";
import { executionPk, lastEntrySk, part, place, placesFrom } from "./keys.ts";
import { nameOf, type Requests } from "./requests.ts";
import type { Turns } from "./turns.ts";

const partition = "audit";
const mostInPage = 1_000;
/** What takes the event out of an item that has more to it. */
export const auditAttributes: readonly string[] = ["audit", "audit_pk", "audit_sk", "audit_id"];

export class AuditItems {
  readonly #requests: Requests;
  readonly #readable: ReadableRecords;
  readonly #turns: Turns;

  constructor(options: { requests: Requests; readable: ReadableRecords; turns: Turns }) {
    this.#requests = options.requests;
    this.#readable = options.readable;
    this.#turns = options.turns;
  }

  /** The first one that is about it (null: about no execution) stands in its item, which has one place in the index. */
  divide(events: readonly AuditEvent[], executionId: string | null): { inItem: Item; others: AuditEvent[] } {
    const own = events.find((event) => event.execution_id === executionId);
    return { inItem: own === undefined ? {} : attributes(own), others: events.filter((event) => event !== own) };
  }

  async record(events: readonly AuditEvent[]): Promise<void> {
    const items = events.map(ownItem);
    await Promise.all(
      items.map((item) =>
        this.#turns.run(nameOf(keyOf(item)), () => this.#requests.put(item, { text: "attribute_not_exists(#pk)" })),
      ),
    );
  }

  /** Of items that are about to be removed: the events outlive them. */
  async keep(items: readonly Item[]): Promise<void> {
    const puts = items.flatMap((item) => {
      const id = textOf(item, "audit_id");
      const own = Object.fromEntries(auditAttributes.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
      const executionId = textOf(item, "execution_id");
      return id === null ? [] : [{ ...keyItem(ownKey({ id, executionId })), ...own }];
    });
    await this.#requests.writeAll({ puts });
  }

  async list(parameters: {
    limit: number;
    cursor: string | null;
    executionId: string | undefined;
  }): Promise<Page<AuditEvent>> {
    const { limit, cursor, executionId } = parameters;
    const after = cursor === null ? null : fromCursor(cursor);
    const found =
      executionId === undefined
        ? await this.#listAll({ limit: limit + 1, after })
        : await this.#listOf({ executionId, limit: limit + 1, after });
    return toPage({ found, limit, positionOf });
  }

  async #listAll({ limit, after }: { limit: number; after: Position | null }): Promise<AuditEvent[]> {
    const found: AuditEvent[] = [];
    const pages = inOrder({
      requests: this.#requests,
      index: indexes.audit,
      partitions: [partition],
      descending: false,
      pageSize: Math.min(limit, mostInPage),
      ...(after === null ? {} : { range: { operator: ">", value: place(after) } }),
    });
    for await (const rows of pages) {
      found.push(...this.#readable.take({ rows, limit: limit - found.length, read: readAudit }));
      if (found.length >= limit) break;
    }
    return found;
  }

  /** From the partitions themselves, so it does not lag. */
  async #listOf(parameters: { executionId: string; limit: number; after: Position | null }): Promise<AuditEvent[]> {
    const { executionId, limit, after } = parameters;
    const [own, log] = await Promise.all([
      this.#requests.query({ pk: ownPk({ executionId, id: "" }) }),
      this.#requests.query({
        pk: executionPk(executionId),
        range: { from: "entry#", to: lastEntrySk },
        only: ["audit", "audit_sk", "audit_id"],
      }),
    ]);
    const rows = [...own, ...log.filter((item) => textOf(item, "audit") !== null)].toSorted((one, other) =>
      placeOf(one) < placeOf(other) ? -1 : 1,
    );
    const events = this.#readable.take({ rows, limit: Infinity, read: readAudit });
    return events.filter((event) => after === null || comparePositions(positionOf(event), after) > 0).slice(0, limit);
  }

  /** The oldest first; how many. */
  async removeBefore({ before, limit }: { before: number; limit: number }): Promise<number> {
    if (limit < 1) return 0;
    const { items } = await this.#requests.queryPage({
      pk: partition,
      index: indexes.audit,
      range: { operator: "<", value: placesFrom(before) },
      limit,
    });
    const keys = items.map(keyOf);
    await this.#requests.writeAll({ deletes: keys.filter(isOwn) });
    for (const key of keys.filter((one) => !isOwn(one))) await this.#takeOut(key);
    return keys.length;
  }

  async #takeOut(key: Key): Promise<void> {
    await this.#requests.update({
      key,
      remove: auditAttributes,
      condition: { text: "attribute_exists(#pk)" },
      marks: false,
    });
  }
}

function attributes(event: AuditEvent): Item {
  return {
    audit: text(encode(event)),
    audit_id: text(event.audit_id),
    audit_pk: text(partition),
    audit_sk: text(place(positionOf(event))),
  };
}

function ownItem(event: AuditEvent): Item {
  return { ...keyItem(ownKey({ id: event.audit_id, executionId: event.execution_id })), ...attributes(event) };
}

function ownKey({ id, executionId }: { id: string; executionId: string | null }): Key {
  return { pk: ownPk({ executionId, id }), sk: `audit#${part(id)}` };
}

/** Events about no execution are spread, each in a partition of its own. */
function ownPk({ executionId, id }: { executionId: string | null; id: string }): string {
  return executionId === null ? `audit-of-none#${part(id)}` : `audit#${part(executionId)}`;
}

function isOwn({ sk }: Key): boolean {
  return sk.startsWith("audit#");
}

const placeOf = (item: Item): string => textOf(item, "audit_sk") ?? "";
const positionOf = (event: AuditEvent): Position => ({ at: event.at, id: event.audit_id });

function readAudit(item: Item): AuditEvent {
  const id = textOf(item, "audit_id") ?? placeOf(item);
  return decode({ schema: AuditEvent, text: textOf(item, "audit") ?? "", name: `the audit event ${id}` });
}
