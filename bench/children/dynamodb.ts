/**
 * Child: executions of five steps on DynamoDB, then the write requests that they took, sent bare to another table of the same
 * server: each execution's in their order, all executions at once.
 */
import {
  DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { systemRandomness, systemRealTime } from "../../src/app/app-clock.ts";
import { systemLeaseTime } from "../../src/app/lease-time.ts";
import { createClient } from "../../src/state/dynamodb/client.ts";
import { openDynamoDbStateStore } from "../../src/state/dynamodb/dynamodb-state-store.ts";
import { createTable } from "../../src/state/dynamodb/table.ts";
import { optionsOf } from "../child.ts";
import { startBenchEngine, startMany } from "../engine.ts";
import { stepsPerFlow } from "../flows.ts";

const warmUp = 20;
const timeoutMs = 5_000;
/** As many connections as the store's own client has. */
const connections = 128;

/** Inputs of the SDK's commands, told apart by what only they have. */
const Put = z.custom<PutItemCommandInput>((input) => has(input, "Item"));
const Update = z.custom<UpdateItemCommandInput>((input) => has(input, "UpdateExpression"));
const Write = z.union([
  Put.transform((input) => ({ kind: "put" as const, input, partition: input.Item?.["pk"]?.S ?? "" })),
  Update.transform((input) => ({ kind: "update" as const, input, partition: input.Key?.["pk"]?.S ?? "" })),
]);
type Write = z.infer<typeof Write>;

const { flows } = optionsOf(z.strictObject({ flows: z.number() }));
const client = createClient({ timeoutMs });
const [table, bareTable] = [await newTable("engine"), await newTable("bare")];
let requests = { writes: [] as Write[], reads: 0 };
client.middlewareStack.add(
  (next) => (call) => {
    const write = Write.safeParse(call.input);
    if (write.success && write.data.partition !== "leases") requests.writes.push(write.data);
    else if (!write.success) requests.reads += 1;
    return next(call);
  },
  { step: "initialize", name: "recordRequests" },
);

const store = await openDynamoDbStateStore({
  client,
  table,
  time: systemLeaseTime,
  newToken: () => systemRandomness.hex(9),
  pause: (ms) => systemRealTime.pause(ms),
  fraction: () => systemRandomness.fraction(),
});
const bench = await startBenchEngine({ store });
await run(warmUp);
const engine = await run(flows);
await bench.close();
client.destroy();
// Nothing here tries again, so nothing is cut off either.
const bareClient = new DynamoDBClient({ requestHandler: { httpAgent: { maxSockets: connections } } });
const bare = await timed(() => Promise.all([...byExecution(engine.writes).values()].map(sendInOrder)));
bareClient.destroy();

console.log(
  JSON.stringify({
    flows_per_second: flows / engine.seconds,
    bare_flows_per_second: flows / bare.seconds,
    cpu_per_1000_steps: (engine.cpuSeconds / (flows * stepsPerFlow)) * 1_000,
    bare_cpu: (bare.cpuSeconds / (flows * stepsPerFlow)) * 1_000,
    writes: engine.writes.length / flows,
    reads: engine.reads / flows,
  }),
);

async function newTable(name: string): Promise<string> {
  const table = `bench-${name}-${systemRandomness.hex(4)}`;
  await createTable({ client, table });
  return table;
}

async function run(count: number) {
  requests = { writes: [], reads: 0 };
  const took = await timed(async () => {
    await startMany(bench, count);
    await bench.engine.idle();
  });
  return { ...requests, ...took };
}

async function timed(work: () => Promise<unknown>) {
  const before = process.cpuUsage();
  const begin = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - begin) / 1_000, cpuSeconds: (user + system) / 1e6 };
}

function byExecution(writes: readonly Write[]): Map<string, Write[]> {
  return Map.groupBy(writes, ({ partition }) => partition);
}

async function sendInOrder(writes: readonly Write[]): Promise<void> {
  for (const write of writes) await send(write);
}

function send(write: Write): Promise<unknown> {
  switch (write.kind) {
    case "put":
      return bareClient.send(new PutItemCommand({ ...write.input, TableName: bareTable }));
    case "update":
      return bareClient.send(new UpdateItemCommand({ ...write.input, TableName: bareTable }));
    default:
      return write satisfies never;
  }
}

function has(input: unknown, name: string): boolean {
  return typeof input === "object" && input !== null && name in input;
}
