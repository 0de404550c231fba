/**
 * Records that change by revisions (places, flow controls, batches): revision n + 1 is written over revision n, by a condition
 * on the one item (D2). A text that is too long for it is cut into parts, and those of the last revision are removed.
 *
 * A lost answer is taken for a lost race only where the next revision was written meanwhile; whoever reads then finds both.
 */
import { CorruptRecordError } from "../state-store.ts";
import { type Item, type Key, number, text, textOf } from "./item.ts";
import { type Parts, type PartsName, partsAttribute, partsIn } from "./parts.ts";
import type { Requests } from "./requests.ts";

/** Beyond this a record is cut into parts; what stands beside it in the item is small. */
const inlineBytes = 300_000;
/** A part may go while it is read, because the next revision was written; hardly so often. */
const readAttempts = 5;

export interface Revised {
  key: Key;
  revision: number;
  record: string;
  /** In a refusal. */
  what: string;
  set?: Item;
  remove?: readonly string[];
}

export class RevisedItems {
  readonly #requests: Requests;
  readonly #parts: Parts;

  constructor({ requests, parts }: { requests: Requests; parts: Parts }) {
    this.#requests = requests;
    this.#parts = parts;
  }

  /** `over`: "nothing" for the first of them whatever its number. */
  async write(
    { key, revision, record, what, set = {}, remove = [] }: Revised,
    over: "nothing" | "previous",
  ): Promise<boolean> {
    const cut = Buffer.byteLength(record) <= inlineBytes ? null : await this.#cut({ key, record, what });
    const place: Item = cut === null ? { record: text(record) } : { record_parts: partsAttribute(cut) };
    const written = await this.#requests.update({
      key,
      set: { ...set, ...place, revision: number(revision) },
      remove: [...remove, cut === null ? "record_parts" : "record"],
      condition:
        over === "nothing"
          ? { text: "attribute_not_exists(#pk)" }
          : { text: "#revision = :before", values: { ":before": number(revision - 1) } },
    });
    const unused = written === null ? cut : partsIn(written.before["record_parts"]);
    if (unused !== null) await this.#parts.remove(key.pk, unused);
    return written !== null;
  }

  #cut({ key, record, what }: Pick<Revised, "key" | "record" | "what">): Promise<PartsName> {
    return this.#parts.write({ pk: key.pk, name: `${key.sk}-${this.#requests.newToken()}`, text: record, what });
  }

  /** The record's text; null: a part of it went meanwhile, so there is a newer one. */
  async textIn(item: Item): Promise<string | null> {
    const cut = partsIn(item["record_parts"]);
    return cut === null ? textOf(item, "record") : this.#parts.read(textOf(item, "pk") ?? "", cut);
  }

  /** Null: there is none. Throws `CorruptRecordError` where a part stays missing; `name` says of what. */
  async read(key: Key, name: string): Promise<{ item: Item; record: string } | null> {
    for (let attempt = 1; attempt <= readAttempts; attempt += 1) {
      const item = await this.#requests.get(key);
      if (item === null) return null;
      const record = await this.textIn(item);
      if (record !== null) return { item, record };
    }
    throw new CorruptRecordError(`The store cannot read ${name}: a part of it is missing.`);
  }
}
