/**
 * Texts that an item can't hold: cut into items of their own, written before the item that names them and put together when
 * it is read. Their name is never used for another text, so a reader finds either all of what was meant or nothing.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { type Item, type Key, number, text } from "./item.ts";
import type { Requests } from "./requests.ts";

/** DynamoDB allows 400 KiB in an item, names and keys included. */
const partBytes = 380_000;
/** What one request of several items may hold at most is 16 MiB. */
const partsAtOnce = 25;
/** Of one record, as UTF-8. */
export const mostBytes = 16 * 2 ** 20;

export interface PartsName {
  name: string;
  count: number;
}

export class Parts {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** `what` says in a refusal what is too large. Rejects with a `RangeError` beyond `mostBytes`. */
  async write(parameters: { pk: string; name: string; text: string; what: string }): Promise<PartsName> {
    const { pk, name, what } = parameters;
    const bytes = Buffer.from(parameters.text);
    if (bytes.length > mostBytes) throw tooLarge({ what, bytes: bytes.length });
    const count = Math.ceil(bytes.length / partBytes);
    const items = Array.from({ length: count }, (_, index): Item => {
      const key = partKey({ pk, name, index });
      return {
        pk: text(key.pk),
        sk: text(key.sk),
        part: { B: bytes.subarray(index * partBytes, (index + 1) * partBytes) },
      };
    });
    for (let first = 0; first < count; first += partsAtOnce)
      await this.#requests.writeAll({ puts: items.slice(first, first + partsAtOnce) });
    return { name, count };
  }

  /** Null: a part is missing. */
  async read(pk: string, { name, count }: PartsName): Promise<string | null> {
    const range = { from: partKey({ pk, name, index: 0 }).sk, to: partKey({ pk, name, index: count }).sk };
    const items = await this.#requests.query({ pk, range });
    const bytes = items.flatMap((item) => item["part"]?.B ?? []);
    return bytes.length === count ? Buffer.concat(bytes).toString() : null;
  }

  async remove(pk: string, { name, count }: PartsName): Promise<void> {
    const deletes = Array.from({ length: count }, (_, index) => partKey({ pk, name, index }));
    await this.#requests.writeAll({ deletes });
  }
}

function partKey({ pk, name, index }: { pk: string; name: string; index: number }): Key {
  return { pk, sk: `part#${name}#${String(index).padStart(4, "0")}` };
}

export function partsAttribute({ name, count }: PartsName): AttributeValue {
  return { M: { name: text(name), count: number(count) } };
}

export function partsIn(value: AttributeValue | undefined): PartsName | null {
  const name = value?.M?.["name"]?.S;
  const count = value?.M?.["count"]?.N;
  return name === undefined || count === undefined ? null : { name, count: Number(count) };
}

export function tooLarge({ what, bytes }: { what: string; bytes: number }): RangeError {
  return new RangeError(
    `${what} is ${mebibytes(bytes)} large; DynamoDB's store holds at most ${mebibytes(mostBytes)} of one. Keep large results elsewhere and pass on where they are.`,
  );
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
