/** DynamoDB beside the real app: one server for the tests of a file, a table for each app. */
import { join } from "node:path";
import { newTable } from "../state/dynamodb/open-store.ts";
import { localRegion, useLocalDynamoDb } from "../state/dynamodb/local-dynamodb.ts";

export interface SceneDynamoDb {
  /** For an app of its own. */
  environment(): Promise<Record<string, string>>;
}

/** Registers the hooks. */
export function sceneDynamoDb(): SceneDynamoDb {
  const running = useLocalDynamoDb();
  return {
    environment: async () => ({
      REVOPS_FLOWS: join(import.meta.dirname, "../../flows"),
      REVOPS_STATE: `dynamodb:${await newTable(running().client())}`,
      AWS_ENDPOINT_URL_DYNAMODB: running().endpoint,
      AWS_REGION: localRegion,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    }),
  };
}
