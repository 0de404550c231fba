/** D5 on DynamoDB: who is taken for gone, when, and what those who wake up may still do. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, test } from "vitest";
import type { Lease, StateStore } from "../../../src/state/state-store.ts";
import { type LeaseClock, leaseClock } from "./lease-clock.ts";
import { useLocalDynamoDb } from "./local-dynamodb.ts";
import { newTable, openStore } from "./open-store.ts";

const dynamoDb = useLocalDynamoDb();
/** DESIGN's promise. */
const withinMs = 10_000;

interface Member {
  store: StateStore;
  clock: LeaseClock;
  lease: Lease;
  fallen: string[];
  lost: string[];
  /** Its requests get no answer. */
  cutOff: (isCutOff: boolean) => void;
}

let client: DynamoDBClient;
let table: string;

beforeEach(async () => {
  client = dynamoDb().client();
  table = await newTable(client);
});

/** A process of its own, with clocks of its own. */
async function member(owner: string): Promise<Member> {
  const own = dynamoDb().client();
  let isCutOff = false;
  let underWay = 0;
  own.middlewareStack.add(
    (next) => async (call) => {
      underWay += 1;
      try {
        if (isCutOff) throw Object.assign(new Error("connect EHOSTUNREACH"), { code: "EHOSTUNREACH" });
        return await next(call);
      } finally {
        underWay -= 1;
      }
    },
    { step: "initialize", name: "cutOff" },
  );
  const settled = async () => {
    await expect.poll(() => underWay, { interval: 1 }).toBe(0);
  };
  const clock = leaseClock({ settled });
  const fallen: string[] = [];
  const lost: string[] = [];
  const store = await openStore({
    client: own,
    table,
    time: clock.time,
    pause: () => Promise.resolve(),
    onFallen: (one) => fallen.push(one),
    onLost: (one) => lost.push(one),
  });
  const lease = await store.openLease({ owner });
  const cutOff = (is: boolean) => {
    isCutOff = is;
  };
  return { store, clock, lease, fallen, lost, cutOff };
}

const remaining = ({ lease, clock }: Member) => lease.expiresAt() - clock.time.now();

async function together(members: Member[], ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) for (const { clock } of members) await clock.pass(500);
}

describe("a lease on DynamoDB (D5)", () => {
  test("Is a living process ever taken for gone, however long another one watches?", async () => {
    const [one, other] = [await member("one"), await member("other")];
    await together([one, other], 60_000);
    expect(await other.store.isGone({ owner: "one" })).toBe(false);
    expect([...one.fallen, ...other.fallen, ...one.lost]).toEqual([]);
    expect(remaining(one)).toBeGreaterThan(4_000);
  });

  test("A process dies without a word: is it gone within ten seconds, and not before its lease is over?", async () => {
    const [dead, other] = [await member("dead"), await member("other")];
    await together([dead, other], 20_000);
    let waited = 0;
    while (!(await other.store.isGone({ owner: "dead" }))) {
      await together([other], 500);
      // To the dead, too, time would have passed.
      dead.clock.suspend(500);
      waited += 500;
    }
    expect(waited).toBeLessThanOrEqual(withinMs);
    expect(remaining(dead)).toBe(0);
    expect(other.fallen).toEqual(["dead"]);
  });

  test("The next process starts at once: does it find the dead one's lease standing, and then fallen, in time?", async () => {
    const dead = await member("dead");
    await together([dead], 4_000);
    const next = await member("next");
    expect(await next.store.isGone({ owner: "dead" })).toBe(false);
    await together([next], withinMs);
    expect(await next.store.isGone({ owner: "dead" })).toBe(true);
  });

  test.each([
    ["the process was stopped", { machine: false }],
    ["the machine was suspended, its steady clock with it", { machine: true }],
  ])("When %s past its lease, does it know so before its next heartbeat?", async (_, how) => {
    const asleep = await member("asleep");
    await together([asleep], 4_000);
    expect(remaining(asleep)).toBeGreaterThan(4_000);
    asleep.clock.suspend(20_000, how);
    expect(remaining(asleep)).toBe(0);
  });

  test("Taken over while it slept: can it ever raise its lease again, and is it told?", async () => {
    const [asleep, other] = [await member("asleep"), await member("other")];
    await together([asleep, other], 4_000);
    await together([other], withinMs);
    expect(other.fallen).toEqual(["asleep"]);
    await together([asleep, other], 4_000);
    expect(asleep.lost).toEqual(["asleep"]);
    expect(remaining(asleep)).toBe(0);
    expect(await other.store.isGone({ owner: "asleep" })).toBe(true);
  });

  test("Slept while nobody watched: does its lease go on, since nobody has taken over?", async () => {
    const asleep = await member("asleep");
    asleep.clock.suspend(60_000);
    expect(remaining(asleep)).toBe(0);
    await together([asleep], 2_000);
    expect(remaining(asleep)).toBeGreaterThan(4_000);
    expect(asleep.lost).toEqual([]);
  });

  test("Cut off from DynamoDB: does the lease shrink to nothing, and come back with the connection?", async () => {
    const one = await member("one");
    await together([one], 4_000);
    one.cutOff(true);
    await together([one], 3_000);
    expect(remaining(one)).toBeLessThan(4_000);
    await together([one], 5_000);
    expect(remaining(one)).toBe(0);
    one.cutOff(false);
    await together([one], 2_000);
    expect(remaining(one)).toBeGreaterThan(4_000);
  });

  test("The watcher was cut off, or asleep, for a minute: does it take the living for dead when it is back?", async () => {
    const [one, watcher] = [await member("one"), await member("watcher")];
    await together([one, watcher], 4_000);
    watcher.cutOff(true);
    await together([one, watcher], 60_000);
    watcher.cutOff(false);
    await together([one, watcher], 5_000);
    await together([one], 60_000);
    watcher.clock.suspend(60_000);
    await together([one, watcher], 5_000);
    expect(await watcher.store.isGone({ owner: "one" })).toBe(false);
    expect(one.lost).toEqual([]);
  });

  test("Two watch the same death: are both told, and does it matter who was first?", async () => {
    const [dead, one, other] = [await member("dead"), await member("one"), await member("other")];
    await together([dead, one, other], 4_000);
    await together([one, other], withinMs + 1_000);
    expect([one.fallen, other.fallen]).toEqual([["dead"], ["dead"]]);
  });

  test("Stopped as it should be: is it gone at once, and do the others hear of it?", async () => {
    const [one, other] = [await member("one"), await member("other")];
    await together([one, other], 4_000);
    await one.store.close();
    await together([other], 1_000);
    expect(other.fallen).toEqual(["one"]);
    expect(await other.store.isGone({ owner: "one" })).toBe(true);
  });
});
