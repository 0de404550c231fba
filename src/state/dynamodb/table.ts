/** The table itself: created by `npx revops deploy table` or by a test, never by the app. */
import {
  type AttributeDefinition,
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  type Projection,
  ResourceInUseException,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { type Index, indexes } from "./indexes.ts";

/** Seconds. */
const longestCreation = 300;

export interface CreatedTable {
  /** False: it was there already. */
  created: boolean;
  /** Expired claims and leases go by themselves. False: the server knows no such call, and they stay. */
  timeToLive: boolean;
  pointInTimeRecovery: boolean;
  /** Of this version, but not of the table: lists that need them fail. */
  missingIndexes: string[];
}

/** Doing it again changes nothing. Rejects with the SDK's error. */
export async function createTable(parameters: {
  client: DynamoDBClient;
  table: string;
  tags?: Readonly<Record<string, string>>;
}): Promise<CreatedTable> {
  const { client, table } = parameters;
  const created = await create(parameters);
  await waitUntilTableExists({ client, maxWaitTime: longestCreation, minDelay: 1, maxDelay: 5 }, { TableName: table });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  const there = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);
  return {
    created,
    timeToLive: await allowed(() =>
      client.send(
        new UpdateTimeToLiveCommand({
          TableName: table,
          TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
        }),
      ),
    ),
    pointInTimeRecovery: await allowed(() =>
      client.send(
        new UpdateContinuousBackupsCommand({
          TableName: table,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      ),
    ),
    missingIndexes: Object.values(indexes).flatMap(({ name }) => (there.includes(name) ? [] : [name])),
  };
}

async function create(parameters: {
  client: DynamoDBClient;
  table: string;
  tags?: Readonly<Record<string, string>>;
}): Promise<boolean> {
  const { client, table, tags = {} } = parameters;
  const all: readonly Index[] = Object.values(indexes);
  const tagged = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: attributes(["pk", "sk", ...all.flatMap(({ pk, sk }) => [pk, sk])]),
        KeySchema: keySchema({ pk: "pk", sk: "sk" }),
        GlobalSecondaryIndexes: all.map((index): GlobalSecondaryIndex => ({
          IndexName: index.name,
          KeySchema: keySchema(index),
          Projection: projection(index),
        })),
        ...(tagged.length === 0 ? {} : { Tags: tagged }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ResourceInUseException) return false;
    throw error;
  }
}

function attributes(names: readonly string[]): AttributeDefinition[] {
  return [...new Set(names)].map((name) => ({ AttributeName: name, AttributeType: "S" }));
}

function keySchema({ pk, sk }: { pk: string; sk: string }): KeySchemaElement[] {
  return [
    { AttributeName: pk, KeyType: "HASH" },
    { AttributeName: sk, KeyType: "RANGE" },
  ];
}

function projection({ holds }: Index): Projection {
  return holds.length === 0
    ? { ProjectionType: "KEYS_ONLY" }
    : { ProjectionType: "INCLUDE", NonKeyAttributes: [...holds] };
}

/** Servers beside AWS's lack these calls; a table on which it is set already says so in words. */
async function allowed(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "ValidationException" && /already enabled/i.test(error.message)) return true;
    if (/UnknownOperation|NotImplemented|UnsupportedOperation/i.test(error.name)) return false;
    throw error;
  }
}
