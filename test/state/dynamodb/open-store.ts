/** A store on a table of its own, with real time unless a test says otherwise. */
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type OpenOptions, openDynamoDbStateStore } from "../../../src/state/dynamodb/dynamodb-state-store.ts";
import type { LeaseTime } from "../../../src/state/dynamodb/lease-time.ts";
import { createTable } from "../../../src/state/dynamodb/table.ts";
import type { StateStore } from "../../../src/state/state-store.ts";

/** Leases that nobody raises: for tests in which no time passes. */
export const standingTime: LeaseTime = {
  now: () => 1_765_000_000_000,
  mark: () => ({ least: () => 0, most: () => 0 }),
  every: () => () => {},
};

export const newToken = () => randomBytes(9).toString("base64url");

export async function newTable(client: DynamoDBClient): Promise<string> {
  const table = `revops-${randomBytes(6).toString("hex")}`;
  await createTable({ client, table });
  return table;
}

export function openStore(
  options: Partial<OpenOptions> & { client: DynamoDBClient; table: string },
): Promise<StateStore> {
  return openDynamoDbStateStore({
    time: standingTime,
    newToken,
    pause: async (ms) => pause(ms),
    fraction: () => 0.5,
    ...options,
  });
}
