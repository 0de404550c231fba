/**
 * How items are named, and where they stand in an index. A place is an instant and an id, so that two things of the same
 * instant have an order too.
 */
import { createHash } from "node:crypto";
import type { Position } from "../position.ts";
import type { Key } from "./item.ts";

/** DynamoDB allows 1,024 bytes in a sort key and 2,048 in a partition key; ours also hold a prefix and an instant. */
const longestPart = 500;
const instantDigits = 16;
const sequenceDigits = 10;
/** Executions that wake at the same time are spread over so many partitions of the index (1,000 writes a second each). */
const shards = 4;

/** What others have named (customers, claims) may be of any length; a hash stands for what is too long. */
export function part(name: string): string {
  if (Buffer.byteLength(name) <= longestPart) return name;
  return `sha256:${createHash("sha256").update(name).digest("hex")}`;
}

const pad = (value: number, digits: number) => String(value).padStart(digits, "0");

/** `Infinity` and instants before 1970 get the nearest that there is. */
function instant(at: number): string {
  return pad(Math.trunc(Math.min(Math.max(at, 0), Number.MAX_SAFE_INTEGER)), instantDigits);
}

export function place({ at, id }: Position): string {
  return `${instant(at)}#${part(id)}`;
}

/** Before all places of that instant. */
export const placesFrom = (at: number): string => instant(at);

/** Behind all places of that instant: "$" follows "#". */
export const placesAfter = (at: number): string => `${instant(at)}$`;

export const executionPk = (executionId: string): string => `execution#${part(executionId)}`;
export const lastEntrySk = "entry#9999999999";

export function entryKey({ executionId, sequence }: { executionId: string; sequence: number }): Key {
  return { pk: executionPk(executionId), sk: `entry#${pad(sequence, sequenceDigits)}` };
}

/** The first entry and the header are one item. */
export const headKey = (executionId: string): Key => entryKey({ executionId, sequence: 1 });

export function isHead({ sk }: Key): boolean {
  return sk === headKey("").sk;
}

/** Where waking executions stand in the `time` index; any prefix makes shards of its own. */
export function shardOf({ prefix, executionId }: { prefix: string; executionId: string }): string {
  const [byte = 0] = createHash("sha256").update(executionId).digest();
  return `${prefix}#${byte % shards}`;
}

export function allShards(prefix: string): string[] {
  return Array.from({ length: shards }, (_, shard) => `${prefix}#${shard}`);
}
