/**
 * Where a page ended: the instant and id of its last record, as an opaque cursor. A page begins behind a position, not at
 * a count, so what is written meanwhile moves nothing.
 */
import { z } from "zod";
import type { Page } from "./state-store.ts";

const Position = z.tuple([z.number(), z.string()]);
export interface Position {
  at: number;
  id: string;
}

export function toCursor({ at, id }: Position): string {
  return Buffer.from(JSON.stringify([at, id])).toString("base64url");
}

export function fromCursor(cursor: string): Position {
  try {
    const [at, id] = Position.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return { at, id };
  } catch {
    throw new RangeError(`"${cursor.slice(0, 80)}" is not the cursor of a list: take it from the page before.`);
  }
}

export function comparePositions(one: Position, other: Position): number {
  if (one.at !== other.at) return one.at - other.at;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}

/** A page of `limit`, made from one record more than that: whether there is a next page is known without a count. */
export function toPage<T>({
  found,
  limit,
  positionOf,
}: {
  found: T[];
  limit: number;
  positionOf: (record: T) => Position;
}): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const next = last !== undefined && found.length > limit ? toCursor(positionOf(last)) : null;
  return { items, next };
}
