/**
 * Opens the state store on a DynamoDB table. Region, address and credentials come from the SDK's own environment.
 *
 * Heartbeats have a client of their own: a burst of other requests must not keep them waiting for a connection.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type OnCorrupt, ReadableRecords } from "../readable.ts";
import { type StateStore, StoreUnavailableError } from "../state-store.ts";
import { createClient } from "./client.ts";
import { HeartbeatLeases, type LeaseEvents } from "./heartbeat-leases.ts";
import { keyItem, number, numberOf } from "./item.ts";
import type { LeaseTime } from "./lease-time.ts";
import { Requests } from "./requests.ts";
import type { Pacing } from "./retry.ts";
import { DynamoDbStateStore } from "./store.ts";

/** Of the items' layout: grows when an older version could no longer read them. */
const format = 1;
const formatKey = { pk: "format", sk: "format" };
const requestTimeoutMs = 5_000;
const heartbeatTimeoutMs = 2_000;

export interface OpenOptions extends Pacing, LeaseEvents {
  table: string;
  time: LeaseTime;
  /** A text that no other process makes. */
  newToken: () => string;
  /** For tests; its owner closes it. */
  client?: DynamoDBClient;
  /** Hears of records that lists leave out. */
  onCorrupt?: OnCorrupt;
}

/** Rejects with a `StoreUnavailableError` that says what to do. */
export async function openDynamoDbStateStore(options: OpenOptions): Promise<StateStore> {
  const { table, time, newToken, pause, fraction, onCorrupt } = options;
  const client = options.client ?? createClient({ timeoutMs: requestTimeoutMs });
  const heartbeats = options.client ?? createClient({ timeoutMs: heartbeatTimeoutMs });
  const release = () => {
    if (options.client !== undefined) return;
    client.destroy();
    heartbeats.destroy();
  };
  const common = { table, newToken, pause, fraction };
  const requests = new Requests({ ...common, client });
  try {
    await checkFormat(requests);
  } catch (error) {
    release();
    throw error;
  }
  const leases = new HeartbeatLeases({
    requests: new Requests({ ...common, client: heartbeats }),
    time,
    events: options,
  });
  return new DynamoDbStateStore({ requests, readable: new ReadableRecords(onCorrupt), leases, time, release });
}

async function checkFormat(requests: Requests): Promise<void> {
  const item = await requests.get(formatKey);
  if (item === null) {
    await requests.put({ ...keyItem(formatKey), version: number(format) }, { text: "attribute_not_exists(#pk)" });
    return;
  }
  const version = numberOf(item, "version") ?? 0;
  if (version <= format) return;
  throw new StoreUnavailableError(
    `The table ${requests.table} was written by a newer version of RevOps Flows (format ${version}; this one knows ${format}). Start that version, or set REVOPS_STATE to another table.`,
  );
}
