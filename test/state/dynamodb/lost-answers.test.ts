/** What the network and the service do to requests, and what the store makes of it. */
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type StateStore, StoreUnavailableError } from "../../../src/state/state-store.ts";
import {
  sampleAudit,
  sampleBatch,
  sampleCase,
  sampleControl,
  sampleDefinition,
  sampleEntry,
  sampleHeader,
  sampleSlots,
  start,
} from "../sample-records.ts";
import { type Fault, injectFaults } from "./faulty-client.ts";
import { useLocalDynamoDb } from "./local-dynamodb.ts";
import { newTable, openStore } from "./open-store.ts";

const dynamoDb = useLocalDynamoDb();

let table: string;
let other: StateStore;
let pauses: number[];

beforeEach(async () => {
  const client = dynamoDb().client();
  table = await newTable(client);
  other = await openStore({ client, table });
  pauses = [];
});

async function faulty(fault: Parameters<typeof injectFaults>[1]) {
  const client = dynamoDb().client();
  let isOpen = false;
  const counted = injectFaults(client, (request) => (isOpen ? fault(request) : null));
  const store = await openStore({ client, table, pause: notePause, fraction: () => 1 });
  isOpen = true;
  return { store, counted };
}

async function notePause(ms: number): Promise<void> {
  pauses.push(ms);
}

/** The first answer to each kind of write gets lost. */
function firstOfEach(fault: Fault) {
  const seen = new Set<string>();
  return ({ command, write }: { command: string; write: number }): Fault => {
    if (write === 0 || seen.has(command)) return null;
    seen.add(command);
    return fault;
  };
}

type Write = (store: StateStore) => Promise<unknown>;

const conditional: [name: string, before: Write, write: Write][] = [
  ["create", async () => {}, (store) => store.create({ header: sampleHeader(), entry: sampleEntry() })],
  [
    "append",
    (store) => store.create({ header: sampleHeader(), entry: sampleEntry() }),
    (store) => store.append({ entry: sampleEntry({ sequence: 2 }), header: sampleHeader({ wake_at: 3 }) }),
  ],
  ["createBatch", async () => {}, (store) => store.createBatch({ batch: sampleBatch(), audit: [sampleAudit()] })],
  [
    "updateBatch",
    (store) => store.createBatch({ batch: sampleBatch() }),
    (store) => store.updateBatch({ batch: sampleBatch({ revision: 2 }) }),
  ],
  ["putSlots", async () => {}, (store) => store.putSlots({ slots: sampleSlots() })],
  ["putCase", async () => {}, (store) => store.putCase({ record: sampleCase(), audit: [sampleAudit()] })],
  ["putFlowControl", async () => {}, (store) => store.putFlowControl({ control: sampleControl() })],
  ["claim", async () => {}, (store) => store.claim({ key: "event/Ev1", now: start, expiresAt: start + 9 })],
];

describe("an answer that gets lost", () => {
  test.each(conditional)(
    "Does a %s that was applied know itself again when it is tried again?",
    async (_, before, write) => {
      await before(other);
      const { store } = await faulty(firstOfEach("lost"));
      expect(await write(store)).toBe(true);
      expect(pauses.length).toBeGreaterThan(0);
      expect(await write(other)).toBe(false);
    },
  );

  test.each(conditional)("Does a %s that somebody else won meanwhile lose all the same?", async (_, before, write) => {
    await before(other);
    let hasLost = false;
    const client = dynamoDb().client();
    client.middlewareStack.add(
      (next, { commandName = "" }) =>
        async (call) => {
          if (hasLost || !/^(Put|Update)/.test(commandName)) return next(call);
          hasLost = true;
          await write(other);
          throw Object.assign(new Error("never arrived"), { name: "TimeoutError" });
        },
      { step: "initialize", name: "loseTheRace" },
    );
    const store = await openStore({ client, table, pause: () => Promise.resolve() });
    expect(await write(store)).toBe(false);
  });

  test("Is a lease opened twice by the lost answer to its opening?", async () => {
    const { store } = await faulty(firstOfEach("lost"));
    const lease = await store.openLease({ owner: "owner-1" });
    expect(await other.isGone({ owner: "owner-1" })).toBe(false);
    await lease.release();
    expect(await other.isGone({ owner: "owner-1" })).toBe(true);
  });
});

describe("throttling and failing servers", () => {
  test.each<Fault>(["throttled", "broken"])(
    "%s for a while: is each write made once, and are the pauses longer each time?",
    async (fault) => {
      let struck = 0;
      const { store } = await faulty(() => {
        struck += 1;
        return struck <= 4 ? fault : null;
      });
      expect(await store.create({ header: sampleHeader(), entry: sampleEntry() })).toBe(true);
      expect(pauses).toEqual([50, 100, 200, 400]);
      expect(await other.readLog({ executionId: "e-1", after: 0 })).toEqual([sampleEntry()]);
    },
  );

  test("For good: does the store say so after a while instead of waiting for ever?", async () => {
    const { store, counted } = await faulty(() => "throttled");
    const opening = counted.requests();
    const writing = store.create({ header: sampleHeader(), entry: sampleEntry() });
    await expect(writing).rejects.toThrow(StoreUnavailableError);
    await expect(writing).rejects.toThrow(/DynamoDB does not answer for the table .*ProvisionedThroughputExceeded/);
    expect(counted.requests() - opening).toBe(10);
    expect(Math.max(...pauses)).toBe(2_000);
    expect(await other.getHeader({ executionId: "e-1" })).toBeNull();
  });

  test("A part of what is written or read in bulk is put off: is the rest asked for again?", async () => {
    const client = dynamoDb().client();
    let putOff = 0;
    client.middlewareStack.add(
      (next) => async (call) => {
        if (!("RequestItems" in call.input) || putOff >= 4) return next(call);
        putOff += 1;
        const { halved, rest } = halve(call.input.RequestItems);
        const answer = await next({ ...call, input: { ...call.input, RequestItems: halved } });
        return { ...answer, output: { ...answer.output, ...rest } };
      },
      { step: "initialize", name: "putOff" },
    );
    const store = await openStore({ client, table, pause: () => Promise.resolve() });
    for (const number of [1, 2, 3, 4])
      await store.create({
        header: sampleHeader({ execution_id: `e-${number}` }),
        entry: sampleEntry({ execution_id: `e-${number}` }),
      });
    expect((await store.list({ filter: {}, limit: 9 })).items).toHaveLength(4);
    expect(putOff).toBeGreaterThan(1);
    const long = { ...sampleDefinition, description: "x".repeat(1_000_000) };
    await store.putDefinition({ hash: "long", definition: long, at: start });
    expect(await other.getDefinition({ hash: "long" })).toEqual(long);
    expect(putOff).toBe(4);
  });
});

/** The first half is done, the second comes back as not processed. */
function halve(requests: unknown): { halved: object; rest: object } {
  const { table: name, asked } = soleEntry(requests);
  if (Array.isArray(asked)) {
    const [half, rest] = halves(asked);
    return { halved: { [name]: half }, rest: rest.length === 0 ? {} : { UnprocessedItems: { [name]: rest } } };
  }
  const whole = z.looseObject({ Keys: z.array(z.unknown()) }).parse(asked);
  const [half, rest] = halves(whole.Keys);
  return {
    halved: { [name]: { ...whole, Keys: half } },
    rest: rest.length === 0 ? {} : { UnprocessedKeys: { [name]: { ...whole, Keys: rest } } },
  };
}

function soleEntry(requests: unknown): { table: string; asked: unknown } {
  const [[name, asked] = ["", null]] = Object.entries(z.record(z.string(), z.unknown()).parse(requests));
  return { table: name, asked };
}

function halves(all: readonly unknown[]): [unknown[], unknown[]] {
  const half = Math.ceil(all.length / 2);
  return [all.slice(0, half), all.slice(half)];
}
