/**
 * The contract on another server: `AWS_ENDPOINT_URL_DYNAMODB=… AWS_REGION=… npm run test:long` uses that one, with the SDK's own
 * credentials, and removes its tables again. Without it the contract runs on dynalite with indexes that don't lag.
 */
import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { setTimeout as pause } from "node:timers/promises";
import { testStateStore } from "../state-store.contract.ts";
import { useLocalDynamoDb } from "./local-dynamodb.ts";
import { newTable, openStore } from "./open-store.ts";

const isNamed = process.env["AWS_ENDPOINT_URL_DYNAMODB"] !== undefined;
/** How long a real index may lag. */
const lagMs = 2_000;

const local = useLocalDynamoDb();
const client = () => (isNamed ? new DynamoDBClient({ maxAttempts: 1 }) : local().client());
let current: { client: DynamoDBClient; table: string } | null = null;

testStateStore({
  name: isNamed ? "DynamoDB at AWS_ENDPOINT_URL_DYNAMODB" : "DynamoDB",
  setup: async (parameters) => {
    const own = client();
    current = { client: own, table: await newTable(own) };
    return openStore({ ...current, ...parameters });
  },
  teardown: async (store) => {
    await store.close();
    if (current !== null) await current.client.send(new DeleteTableCommand({ TableName: current.table }));
  },
  settled: async () => {
    if (isNamed) await pause(lagMs);
  },
});
