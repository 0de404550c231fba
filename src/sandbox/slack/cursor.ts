/** Pages of a list, with a cursor that says where the next one starts. Pure. */
import { SlackError } from "./slack-error.ts";

export function encodeCursor(value: string): string {
  return Buffer.from(`next:${value}`).toString("base64");
}

export function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, "base64").toString();
  if (!text.startsWith("next:")) throw new SlackError("invalid_cursor");
  return text.slice("next:".length);
}

/** By position, for lists that only grow at their end. */
export function pageOf<T>(
  items: readonly T[],
  cursor: string | null,
  limit: number,
): { items: T[]; nextCursor: string } {
  const start = cursor === null ? 0 : Number(decodeCursor(cursor));
  if (!Number.isInteger(start) || start < 0) throw new SlackError("invalid_cursor");
  const end = start + limit;
  return { items: items.slice(start, end), nextCursor: end < items.length ? encodeCursor(String(end)) : "" };
}
