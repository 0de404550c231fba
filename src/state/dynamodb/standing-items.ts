/** Who holds a place under a key, and what people have said about a flow: read as they stand, never from an index. */
import { FlowControl, Slots } from "../../flow/record.ts";
import type { ReadableRecords } from "../readable.ts";
import { decode, encode } from "../record-codec.ts";
import { type Key, textOf } from "./item.ts";
import { part } from "./keys.ts";
import { nameOf, type Requests } from "./requests.ts";
import type { RevisedItems } from "./revised-items.ts";
import type { Turns } from "./turns.ts";

const controlsPk = "flow-controls";

export class StandingItems {
  readonly #requests: Requests;
  readonly #readable: ReadableRecords;
  readonly #revised: RevisedItems;
  readonly #turns: Turns;

  constructor(options: { requests: Requests; readable: ReadableRecords; revised: RevisedItems; turns: Turns }) {
    this.#requests = options.requests;
    this.#readable = options.readable;
    this.#revised = options.revised;
    this.#turns = options.turns;
  }

  async getSlots(key: string): Promise<Slots | null> {
    const name = `the places under ${key}`;
    const found = await this.#revised.read(slotsKey(key), name);
    return found === null ? null : decode({ schema: Slots, text: found.record, name });
  }

  putSlots(slots: Slots): Promise<boolean> {
    const { key, revision } = slots;
    return this.#put({ key: slotsKey(key), revision, record: encode(slots), what: `The queue under ${key}` });
  }

  async controls(): Promise<FlowControl[]> {
    const rows = await this.#requests.query({ pk: controlsPk });
    const read = (row: (typeof rows)[number]) => {
      const flowId = (textOf(row, "sk") ?? "").slice("flow#".length);
      const name = `what was said about the flow ${flowId}`;
      return decode({ schema: FlowControl, text: textOf(row, "record") ?? "", name });
    };
    return this.#readable.take({ rows, limit: Infinity, read });
  }

  putControl(control: FlowControl): Promise<boolean> {
    const { flow_id, revision } = control;
    const key = { pk: controlsPk, sk: `flow#${part(flow_id)}` };
    return this.#put({ key, revision, record: encode(control), what: `What was said about the flow ${flow_id}` });
  }

  #put(revised: { key: Key; revision: number; record: string; what: string }): Promise<boolean> {
    const over = revised.revision === 1 ? "nothing" : "previous";
    return this.#turns.run(nameOf(revised.key), () => this.#revised.write(revised, over));
  }
}

const slotsKey = (key: string): Key => ({ pk: `slots#${part(key)}`, sk: "slots" });
