/** What makes a thing happen once: how far schedules have fired, and claims of keys. */
import { ScheduleCursor } from "../../flow/record.ts";
import { decode, encode } from "../record-codec.ts";
import { keyItem, number, type Key, text, textOf } from "./item.ts";
import { part } from "./keys.ts";
import { nameOf, type Requests } from "./requests.ts";
import type { Turns } from "./turns.ts";

/** Clocks of two processes differ: a claim is removed only when it has expired by all of them. */
const clockSkewMs = 3_600_000;

export class CursorItems {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  async put(cursor: ScheduleCursor): Promise<void> {
    const key = cursorKey({ flowId: cursor.flow_id, trigger: cursor.trigger });
    await this.#requests.put({ ...keyItem(key), record: text(encode(cursor)) });
  }

  async get(parameters: { flowId: string; trigger: number }): Promise<ScheduleCursor | null> {
    const record = textOf(await this.#requests.get(cursorKey(parameters)), "record");
    const name = `the cursor of trigger ${parameters.trigger} of ${parameters.flowId}`;
    return record === null ? null : decode({ schema: ScheduleCursor, text: record, name });
  }
}

function cursorKey({ flowId, trigger }: { flowId: string; trigger: number }): Key {
  return { pk: `cursor#${part(flowId)}`, sk: `trigger#${trigger}` };
}

export class ClaimItems {
  readonly #requests: Requests;
  readonly #turns: Turns;

  constructor({ requests, turns }: { requests: Requests; turns: Turns }) {
    this.#requests = requests;
    this.#turns = turns;
  }

  claim({ key, now, expiresAt }: { key: string; now: number; expiresAt: number }): Promise<boolean> {
    const place = { pk: `claim#${part(key)}`, sk: "claim" };
    const item = {
      ...keyItem(place),
      expires_at: number(expiresAt),
      ttl: number(Math.ceil((expiresAt + clockSkewMs) / 1000)),
    };
    return this.#turns.run(nameOf(place), () =>
      this.#requests.put(item, {
        text: "attribute_not_exists(#pk) OR #expires_at <= :now",
        values: { ":now": number(now) },
      }),
    );
  }
}
