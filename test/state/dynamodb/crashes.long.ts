/** A process dies between two of its writes: whoever reads next finds what was recorded, and finishes what was begun. */
import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../src/flow/event.ts";
import type { ExecutionHeader } from "../../../src/flow/record.ts";
import type { StateStore } from "../../../src/state/state-store.ts";
import { sampleAudit, sampleEntry, sampleHeader, start, stepSucceeded } from "../sample-records.ts";
import { countRequests } from "./counting-client.ts";
import { dieBefore } from "./faulty-client.ts";
import { useLocalDynamoDb } from "./local-dynamodb.ts";
import { newTable, openStore, standingTime } from "./open-store.ts";

const dynamoDb = useLocalDynamoDb();
const now = start + 10;

const driven = { wake_at: start };
const parked = { wake_at: null };
const over: Partial<ExecutionHeader> = { status: "succeeded", open: false, wake_at: start, ended_at: now };

/** The life of an execution: each change of its header, with steps in between. */
const life: { header?: Partial<ExecutionHeader>; audit?: boolean }[] = [
  { header: driven, audit: true },
  {},
  { header: parked },
  // A person decides.
  { header: driven, audit: true },
  {},
  { header: { wake_at: now + 60_000 } },
  { header: { wake_at: now }, audit: true },
  { header: over },
];

interface Written {
  entry: LogEntry;
  header?: ExecutionHeader;
  audit?: ReturnType<typeof sampleAudit>[];
}

const writes = life.map(({ header, audit }, index): Written => {
  const sequence = index + 1;
  return {
    entry: sampleEntry({ sequence, events: [stepSucceeded(`output ${sequence}`)] }),
    ...(header === undefined ? {} : { header: sampleHeader(header) }),
    ...(audit === true ? { audit: [sampleAudit({ audit_id: `a-${sequence}`, at: start + sequence })] } : {}),
  };
});

/** Until it dies; how many it was answered. `aSecondPasses` after each. */
async function live(store: StateStore, aSecondPasses: () => void): Promise<number> {
  let answered = 0;
  try {
    for (const { entry, header, audit = [] } of writes) {
      if (answered === 0) await store.create({ header: sampleHeader(header), entry, audit });
      else await store.append({ entry, ...(header === undefined ? {} : { header }), audit });
      answered += 1;
      aSecondPasses();
    }
    await store.getHeader({ executionId: "e-1" });
  } catch {
    // It is dead.
  }
  return answered;
}

async function openDying(options: { table: string; write: number; passes: boolean }) {
  const client = dynamoDb().client();
  const strikes: (() => void)[] = [];
  const every = (_: number, strike: () => void) => {
    strikes.push(strike);
    return () => {};
  };
  const store = await openStore({ client, table: options.table, time: { ...standingTime, every } });
  dieBefore(client, options.write);
  return { store, aSecondPasses: () => (options.passes ? strikes.forEach((strike) => strike()) : undefined) };
}

describe.each([
  ["each header is written by itself", true],
  ["headers wait to be written together", false],
])("dying before any write of an execution's life, where %s", (_, passes) => {
  test.each(Array.from({ length: 16 }, (_each, index) => index + 1))("write %i", async (write) => {
    const client = dynamoDb().client();
    const table = await newTable(client);
    const dying = await openDying({ table, write, passes });
    const answered = await live(dying.store, dying.aSecondPasses);

    const next = await openStore({ client, table });
    const log = await next.readLog({ executionId: "e-1", after: 0 });
    // Nothing that was answered is lost, and what has a place in the log has all of it.
    expect(log.length).toBeGreaterThanOrEqual(answered);
    expect(log).toEqual(writes.slice(0, log.length).map(({ entry }) => entry));
    const recorded = writes.slice(0, log.length);
    const expected = recorded.findLast(({ header }) => header !== undefined)?.header ?? null;
    const audit = recorded.flatMap((one) => one.audit ?? []);
    expect((await next.listAudit({ limit: 9 })).items).toEqual(audit);
    expect((await next.listAudit({ limit: 9, executionId: "e-1" })).items).toEqual(audit);

    // Whoever looks at what is due is led to it, without knowing its id.
    const due = await next.due({ now, limit: 9 });
    const mustBeDue = expected !== null && isDue(expected) ? ["e-1"] : [];
    expect(due.map(({ execution_id }) => execution_id)).toEqual(expect.arrayContaining(mustBeDue));
    expect(await next.getHeader({ executionId: "e-1" })).toEqual(expected);
    const { items } = await next.list({ filter: {}, limit: 9 });
    expect(items).toEqual(expected === null ? [] : [expected]);
    expect(await next.due({ now, limit: 9 })).toEqual(expected !== null && isDue(expected) ? [expected] : []);
  });
});

function isDue({ open, wake_at }: ExecutionHeader): boolean {
  return open && wake_at !== null && wake_at <= now;
}

test("Does a mark that has done its work go, so that looking at what is due stays cheap?", async () => {
  const client = dynamoDb().client();
  const table = await newTable(client);
  const dying = await openDying({ table, write: 6, passes: false });
  await live(dying.store, dying.aSecondPasses);
  const watched = dynamoDb().client();
  const next = await openStore({ client: watched, table });
  const requests = countRequests(watched);
  await next.due({ now, limit: 9 });
  expect(requests.counts().writes).toBeGreaterThan(0);
  requests.reset();
  await next.due({ now, limit: 9 });
  expect(requests.counts()).toMatchObject({ writes: 0, reads: 4 });
});
