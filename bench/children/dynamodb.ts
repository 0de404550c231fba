/**
 * Child: executions of five steps on DynamoDB, then the write requests that they took, sent bare to another table of the same
 * server: each execution's in their order, all executions at once.
 */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { systemRandomness, systemRealTime } from "../../src/app/app-clock.ts";
import { systemLeaseTime } from "../../src/app/lease-time.ts";
import { createClient, mostConnections } from "../../src/state/dynamodb/client.ts";
import { openDynamoDbStateStore } from "../../src/state/dynamodb/dynamodb-state-store.ts";
import { createTable } from "../../src/state/dynamodb/table.ts";
import { optionsOf } from "../child.ts";
import { startBenchEngine, startMany } from "../engine.ts";
import { fiveSteps, owner, stepsPerFlow, waitsForApproval } from "../flows.ts";

/** The SDK's code is slow at first; the bare writes come after the engine's and would have it warm for nothing. */
const warmUp = 200;
const timeoutMs = 5_000;
/** By then a header that waits to be written together is written. */
const headersMs = 2_500;
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
const bench = await startBenchEngine({ store, flows: [fiveSteps, waitsForApproval] });
await run(Math.min(warmUp, flows));
const engine = await run(flows);
await approveOne();
const approved = await approveOne();
await bench.close();
client.destroy();
// Nothing here tries again, so nothing is cut off either.
const bareClient = new DynamoDBClient({ requestHandler: { httpAgent: { maxSockets: mostConnections } } });
const bare = await timed(() => Promise.all([...byExecution(engine.writes).values()].map(sendInOrder)));
bareClient.destroy();

console.log(
  JSON.stringify({
    flows_per_second: flows / engine.seconds,
    bare_flows_per_second: flows / bare.seconds,
    cpu_per_1000_steps: (engine.cpuSeconds / (flows * stepsPerFlow)) * 1_000,
    bare_cpu: (bare.cpuSeconds / (flows * stepsPerFlow)) * 1_000,
    writes: engine.writes.length / flows,
    writes_approved: approved,
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

/** How many write requests an execution takes that is approved; the first one's hold its flow's definition too. */
async function approveOne(): Promise<number> {
  requests = { writes: [], reads: 0 };
  const flowId = waitsForApproval.flow_id;
  const { executionId } = await bench.engine.start({ flowId, input: {}, person: null });
  await bench.engine.idle();
  await systemRealTime.pause(headersMs);
  const vote = { executionId, stepId: "approve", version: 1, person: owner, reason: null } as const;
  const { kind } = await bench.engine.decide({ ...vote, decision: "approve" });
  if (kind !== "recorded") throw new Error("the approval was refused");
  await bench.engine.idle();
  await systemRealTime.pause(headersMs);
  return requests.writes.length;
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
  for (const write of writes) {
    await send(write).catch((error: unknown) => {
      // The engine had tried again what was slow to answer; the second of the two is refused, which takes as long.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  }
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
