/** Several processes that want the last places at once, on any store. */
import { ContactPlaces } from "../../src/engine/contact-places.ts";
import { Definitions } from "../../src/engine/definitions.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const person = { key: "contacts/person/dana@example.com", limit: 3 };
export const account = { key: "contacts/account/acme", limit: 5 };
export const contact = (number: number) => ({ executionId: `e-${number}`, effect: `e-${number}/tell/email` });

export function placesOn(store: StateStore, clock: VirtualClock): ContactPlaces {
  return new ContactPlaces({ store, clock, definitions: new Definitions({ store, clock }) });
}

export interface Race {
  /** Who got a place, by number. */
  winners: number[];
  /** The same, when all asked again. */
  again: number[];
  /** Who stands in the record. */
  kept: number[];
}

/** Twelve ask three processes at once, and then once more. */
export async function race(store: StateStore): Promise<Race> {
  const clock = new VirtualClock();
  const processes = [1, 2, 3].map(() => placesOn(store, clock));
  const asking = processes.flatMap((places, index) =>
    [0, 3, 6, 9].map((number) => ({ places, number: number + index })),
  );
  const ask = async () => {
    const answers = await Promise.all(
      asking.map(async ({ places, number }) => ({
        number,
        full: await places.take([person, account], contact(number)),
      })),
    );
    return inOrder(answers.flatMap(({ number, full }) => (full === null ? [number] : [])));
  };
  const [winners, again] = [await ask(), await ask()];
  const holders = (await store.getSlots({ key: person.key }))?.holders ?? [];
  await store.close();
  const isKept = (number: number) => holders.some(({ effect }) => effect === contact(number).effect);
  return { winners, again, kept: inOrder(asking.map(({ number }) => number).filter(isKept)) };
}

function inOrder(numbers: number[]): number[] {
  return numbers.toSorted((one, other) => one - other);
}
