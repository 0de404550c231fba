/** What is larger than an item of DynamoDB (400 KiB). */
import { DeleteItemCommand, type DynamoDBClient, ScanCommand, type ScanCommandOutput } from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, test } from "vitest";
import { CorruptRecordError, type StateStore } from "../../../src/state/state-store.ts";
import { sampleBatch, sampleEntry, sampleHeader, sampleSlots, start, stepSucceeded } from "../sample-records.ts";
import { countRequests } from "./counting-client.ts";
import { useLocalDynamoDb } from "./local-dynamodb.ts";
import { newTable, openStore } from "./open-store.ts";

const dynamoDb = useLocalDynamoDb();
const mebibyte = 2 ** 20;

let client: DynamoDBClient;
let table: string;
let store: StateStore;

beforeEach(async () => {
  client = dynamoDb().client();
  table = await newTable(client);
  store = await openStore({ client, table });
});

/** Of several bytes a character, so that a cut may fall within one. */
function longEntry({ sequence, bytes = 1.5 * mebibyte }: { sequence: number; bytes?: number }) {
  return sampleEntry({ sequence, events: [stepSucceeded("€".repeat(Math.floor(bytes / 3)))] });
}

async function parts(): Promise<string[]> {
  const keys: string[] = [];
  let after: ScanCommandOutput["LastEvaluatedKey"];
  do {
    const page: ScanCommandOutput = await client.send(
      new ScanCommand({ TableName: table, ProjectionExpression: "sk", ExclusiveStartKey: after }),
    );
    keys.push(...(page.Items ?? []).map(({ sk }) => sk?.S ?? ""));
    after = page.LastEvaluatedKey;
  } while (after !== undefined);
  return keys.filter((sk) => sk.startsWith("part#"));
}

describe("entries", () => {
  test("Is a first entry of 1.5 MiB, and a later one, read as it was written?", async () => {
    await store.create({ header: sampleHeader(), entry: longEntry({ sequence: 1 }) });
    await store.append({ entry: longEntry({ sequence: 2 }), header: sampleHeader({ wake_at: start }) });
    await store.append({ entry: sampleEntry({ sequence: 3 }) });
    const log = await store.readLog({ executionId: "e-1", after: 0 });
    expect(log).toEqual([longEntry({ sequence: 1 }), longEntry({ sequence: 2 }), sampleEntry({ sequence: 3 })]);
    expect(await store.getHeader({ executionId: "e-1" })).toEqual(sampleHeader({ wake_at: start }));
  });

  test("Two writers of long entries: does the loser leave anything behind?", async () => {
    const other = await openStore({ client, table });
    await store.create({ header: sampleHeader(), entry: sampleEntry() });
    const entry = longEntry({ sequence: 2 });
    const answers = await Promise.all([store.append({ entry }), other.append({ entry })]);
    expect(answers.toSorted()).toEqual([false, true]);
    expect(await parts()).toHaveLength(5);
    expect(await store.readLog({ executionId: "e-1", after: 1 })).toEqual([entry]);
  });

  test("Does one that no store could hold say how large it is and what the limit is, and is nothing written?", async () => {
    await store.create({ header: sampleHeader(), entry: sampleEntry() });
    const asked = store.append({ entry: longEntry({ sequence: 2, bytes: 17 * mebibyte }) });
    await expect(asked).rejects.toThrow(RangeError);
    await expect(asked).rejects.toThrow(/Entry 2 of execution e-1 is 17\.0 MiB large; .* at most 16\.0 MiB/);
    expect(await store.readLog({ executionId: "e-1", after: 1 })).toEqual([]);
    expect(await store.append({ entry: sampleEntry({ sequence: 2 }) })).toBe(true);
  });

  test("A part is gone: does that entry name itself, and leave the others alone?", async () => {
    await store.create({ header: sampleHeader(), entry: sampleEntry() });
    await store.append({ entry: longEntry({ sequence: 2 }) });
    const [first = ""] = await parts();
    await client.send(
      new DeleteItemCommand({ TableName: table, Key: { pk: { S: "execution#e-1" }, sk: { S: first } } }),
    );
    const reading = store.readLog({ executionId: "e-1", after: 0 });
    await expect(reading).rejects.toThrow(CorruptRecordError);
    await expect(reading).rejects.toThrow(/entry 2 of execution e-1: a part of it is missing/);
  });

  test("Does its retention take the parts too?", async () => {
    const over = sampleHeader({ status: "succeeded", open: false, ended_at: start });
    await store.create({ header: over, entry: longEntry({ sequence: 1 }) });
    expect(await parts()).toHaveLength(5);
    await store.removeExpired({ endedBefore: start + 1, auditBefore: 0, limit: 5 });
    expect(await parts()).toEqual([]);
  });
});

describe("batches and queues", () => {
  const customers = Array.from({ length: 30_000 }, (_, index) => `cust-of-a-long-name-${index}`);

  test("Does a batch of 30,000 customers work, and does a revision of it write only what is small?", async () => {
    const batch = sampleBatch({ customer_ids: customers, customers_total: 40_000 });
    await store.createBatch({ batch });
    const watched = dynamoDb().client();
    const second = await openStore({ client: watched, table });
    const requests = countRequests(watched, { bills: true });
    const next = { ...batch, revision: 2, status: "running" as const };
    expect(await second.updateBatch({ batch: next })).toBe(true);
    expect(requests.counts().writes).toBe(1);
    expect(requests.counts().writeUnits).toBeLessThan(10);
    expect(await second.getBatch({ batchId: "b-1" })).toEqual(next);
    expect(await second.openBatches()).toEqual([next]);
  });

  test("Does a queue of 30,000 keep its order over revisions, and does the last one's text go?", async () => {
    const slots = sampleSlots({ queue: customers });
    expect(await store.putSlots({ slots })).toBe(true);
    const count = (await parts()).length;
    const next = { ...slots, queue: customers.slice(1), revision: 2 };
    expect(await store.putSlots({ slots: next })).toBe(true);
    expect(await store.putSlots({ slots: { ...slots, revision: 2 } })).toBe(false);
    expect(await store.getSlots({ key: slots.key })).toEqual(next);
    expect(await parts()).toHaveLength(count);
  });
});
