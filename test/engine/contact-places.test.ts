/** N1–N3: is the last place given to one, whoever asks at once, and at what cost? */
import { describe, expect, test } from "vitest";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { temporaryFolder } from "../state/sqlite/temporary-folder.ts";
import { account, contact, person, placesOn, race } from "./contact-race.ts";
import { VirtualClock } from "./virtual-clock.ts";

const inFolder = temporaryFolder();
const day = 86_400_000;

const stores = {
  memory: async () => new MemoryStateStore(),
  SQLite: () => openSqliteStateStore({ path: inFolder("revops.db") }),
};

async function counted(store: StateStore): Promise<{ writes: () => number }> {
  let writes = 0;
  const own = store.putSlots.bind(store);
  store.putSlots = (slots) => {
    writes += 1;
    return own(slots);
  };
  return { writes: () => writes };
}

test.each(["memory", "SQLite"] as const)("three processes that ask twelve times at once: on %s", async (name) => {
  const { winners, again, kept } = await race(await stores[name]());
  expect(winners).toHaveLength(3);
  expect([again, kept]).toEqual([winners, winners]);
});

describe("what is asked of one process at once", () => {
  test("is written at once: forty places of one person take a few writes", async () => {
    const store = new MemoryStateStore();
    const { writes } = await counted(store);
    const places = placesOn(store, new VirtualClock());
    const many = { ...person, limit: 40 };
    const answers = await Promise.all(Array.from({ length: 41 }, (_, number) => places.take([many], contact(number))));
    expect(answers.filter((full) => full !== null)).toEqual([many]);
    expect(writes()).toBeLessThanOrEqual(3);
  });

  test("takes no place of an account where the person is at the limit", async () => {
    const store = new MemoryStateStore();
    const places = placesOn(store, new VirtualClock());
    for (const number of [1, 2, 3]) await places.take([person], contact(number));
    expect(await places.take([account, person], contact(4))).toEqual(person);
    expect(await store.getSlots({ key: account.key })).toBeNull();
  });

  test("is told when the store can't be written, and goes on when it can", async () => {
    const store = new MemoryStateStore();
    const own = store.putSlots.bind(store);
    store.putSlots = () => Promise.reject(new Error("away"));
    const places = placesOn(store, new VirtualClock());
    await expect(places.take([person], contact(1))).rejects.toThrow("away");
    store.putSlots = own;
    expect(await places.take([person], contact(1))).toBeNull();
  });
});

test("a place is free again seven days later, and one that is taken anew counts from then", async () => {
  const store = new MemoryStateStore();
  const clock = new VirtualClock();
  const places = placesOn(store, clock);
  const start = clock.now();
  const once = { ...person, limit: 1 };
  await places.take([once], contact(1));
  clock.moveTo(start + 3 * day);
  expect(await places.take([once], contact(2))).toEqual(once);
  expect(await places.take([once], contact(1))).toBeNull();
  clock.moveTo(start + 7 * day);
  expect(await places.take([once], contact(2))).toEqual(once);
  clock.moveTo(start + 10 * day);
  expect(await places.take([once], contact(2))).toBeNull();
});
