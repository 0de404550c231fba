/** Counts the requests of a client, D6's way: a request that writes several items is one. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

export interface RequestCounts {
  writes: number;
  reads: number;
  /** What AWS bills: 1 KiB of an item written is a unit, in the table and in each index whose place changes. */
  writeUnits: number;
  readUnits: number;
}

export interface CountingClient {
  counts(): RequestCounts;
  reset(): void;
}

/** From now on. With `bills`, the server is asked what each request consumed. */
export function countRequests(client: DynamoDBClient, { bills = false }: { bills?: boolean } = {}): CountingClient {
  let counts = none();
  client.middlewareStack.add(
    (next) => async (call) => {
      const asked = bills ? { ...call, input: { ...call.input, ReturnConsumedCapacity: "INDEXES" } } : call;
      const answer = await next(asked);
      const units = unitsIn(answer.output);
      if (isWrite(call.input)) {
        counts.writes += 1;
        counts.writeUnits += units;
      } else {
        counts.reads += 1;
        counts.readUnits += units;
      }
      return answer;
    },
    { step: "initialize", name: "countRequests" },
  );
  return {
    counts: () => ({ ...counts }),
    reset: () => {
      counts = none();
    },
  };
}

const none = (): RequestCounts => ({ writes: 0, reads: 0, writeUnits: 0, readUnits: 0 });

/** Of the input alone: a read has no item, no update and no requests to write. */
function isWrite(input: object): boolean {
  if ("Item" in input || "UpdateExpression" in input) return true;
  if ("RequestItems" in input) return JSON.stringify(input.RequestItems).includes("Request");
  return "ConditionExpression" in input;
}

function unitsIn(output: object): number {
  const capacity: unknown = "ConsumedCapacity" in output ? output.ConsumedCapacity : null;
  const all: unknown[] = Array.isArray(capacity) ? capacity : [capacity];
  return all.reduce<number>((sum, one) => sum + unitsOf(one), 0);
}

function unitsOf(capacity: unknown): number {
  if (typeof capacity !== "object" || capacity === null || !("CapacityUnits" in capacity)) return 0;
  return typeof capacity.CapacityUnits === "number" ? capacity.CapacityUnits : 0;
}
