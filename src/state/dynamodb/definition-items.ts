/** Definitions by content hash (D4), and the versions of a flow by when they were first stored. */
import { FlowDefinition } from "../../flow/flow.ts";
import type { ReadableRecords } from "../readable.ts";
import { decode, encode } from "../record-codec.ts";
import type { StoredDefinition } from "../state-store.ts";
import { inOrder } from "./in-order.ts";
import { indexes } from "./indexes.ts";
import { type Item, type Key, keyItem, keyOf, number, numberOf, text, textOf } from "./item.ts";
import { part, place } from "./keys.ts";
import { type Parts, partsAttribute, partsIn } from "./parts.ts";
import type { Requests } from "./requests.ts";

const inlineBytes = 300_000;

export class DefinitionItems {
  readonly #requests: Requests;
  readonly #readable: ReadableRecords;
  readonly #parts: Parts;

  constructor(options: { requests: Requests; readable: ReadableRecords; parts: Parts }) {
    this.#requests = options.requests;
    this.#readable = options.readable;
    this.#parts = options.parts;
  }

  async put({ hash, definition, at }: { hash: string; definition: FlowDefinition; at: number }): Promise<void> {
    const record = encode(definition);
    const key = keyFor(hash);
    const item: Item = {
      ...keyItem(key),
      hash: text(hash),
      stored_at: number(at),
      flow_pk: text(partitionOf(definition.flow_id)),
      started: text(place({ at, id: hash })),
      ...(await this.#recordAttributes({ key, record, hash })),
    };
    await this.#requests.put(item, { text: "attribute_not_exists(#pk)" });
  }

  /** Its hash names it, so writing its parts again changes nothing. */
  async #recordAttributes({ key, record, hash }: { key: Key; record: string; hash: string }): Promise<Item> {
    if (Buffer.byteLength(record) <= inlineBytes) return { record: text(record) };
    const what = `The definition ${hash}`;
    return {
      record_parts: partsAttribute(await this.#parts.write({ pk: key.pk, name: "record", text: record, what })),
    };
  }

  async get(hash: string): Promise<FlowDefinition | null> {
    const item = await this.#requests.get(keyFor(hash));
    return item === null ? null : readDefinition(await this.#rowOf(item)).definition;
  }

  /** Stored last first. */
  async list(flowId: string): Promise<StoredDefinition[]> {
    const keys: Key[] = [];
    const pages = inOrder({
      requests: this.#requests,
      index: indexes.flow,
      partitions: [partitionOf(flowId)],
      descending: true,
      pageSize: 100,
    });
    for await (const rows of pages) keys.push(...rows.map(keyOf));
    const rows = await Promise.all((await this.#requests.getAll(keys)).map((item) => this.#rowOf(item)));
    return this.#readable.take({ rows, limit: Infinity, read: readDefinition });
  }

  async #rowOf(item: Item): Promise<Row> {
    const cut = partsIn(item["record_parts"]);
    const record = cut === null ? textOf(item, "record") : await this.#parts.read(textOf(item, "pk") ?? "", cut);
    return { hash: textOf(item, "hash") ?? "", storedAt: numberOf(item, "stored_at") ?? 0, record: record ?? "" };
  }
}

interface Row {
  hash: string;
  storedAt: number;
  record: string;
}

function readDefinition({ hash, storedAt, record }: Row): StoredDefinition {
  const definition = decode({ schema: FlowDefinition, text: record, name: `the definition ${hash}` });
  return { hash, definition, storedAt };
}

const keyFor = (hash: string): Key => ({ pk: `definition#${part(hash)}`, sk: "definition" });
const partitionOf = (flowId: string): string => `definitions#${part(flowId)}`;
