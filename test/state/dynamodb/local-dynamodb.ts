/** DynamoDB in this process (dynalite), one server for the tests of a file; or the one that AWS_ENDPOINT_URL_DYNAMODB names. */
import { once } from "node:events";
import type { Server } from "node:http";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { afterAll, beforeAll } from "vitest";

export const localRegion = "us-east-1";

export interface LocalDynamoDb {
  readonly endpoint: string;
  client(configuration?: DynamoDBClientConfig): DynamoDBClient;
}

/** Starts it; what it gives must be stopped. */
export async function startLocalDynamoDb(): Promise<LocalDynamoDb & { stop: () => Promise<void> }> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const clients: DynamoDBClient[] = [];
  const endpoint = `http://127.0.0.1:${portOf(server)}`;
  return {
    endpoint,
    client: (configuration = {}) => {
      const client = new DynamoDBClient({
        endpoint,
        region: localRegion,
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
        maxAttempts: 1,
        ...configuration,
      });
      clients.push(client);
      return client;
    },
    stop: async () => {
      for (const client of clients) client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Registers the hooks. */
export function useLocalDynamoDb(): () => LocalDynamoDb {
  let running: Awaited<ReturnType<typeof startLocalDynamoDb>> | null = null;
  beforeAll(async () => {
    running = await startLocalDynamoDb();
  });
  afterAll(() => running?.stop());
  return () => {
    if (running === null) throw new Error("DynamoDB is started before the tests.");
    return running;
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens to no port.");
  return address.port;
}
