/** Lists in pages; a token holds for the list that it came from. */
import { ApiError } from "./api-error.ts";

export interface PageAsked {
  maxResults?: number | undefined;
  nextToken?: string | undefined;
}

/** `list` names what is paged through. Throws `InvalidToken`. */
export function page<T>(all: readonly T[], asked: PageAsked & { list: string }): { items: T[]; nextToken?: string } {
  const { list, maxResults = 0, nextToken } = asked;
  const size = maxResults === 0 ? 100 : Math.min(maxResults, 1_000);
  const start = nextToken === undefined ? 0 : readToken(nextToken, list);
  const end = start + size;
  const more = end < all.length ? { nextToken: Buffer.from(JSON.stringify([list, end])).toString("base64url") } : {};
  return { items: all.slice(start, end), ...more };
}

function readToken(token: string, list: string): number {
  const text = Buffer.from(token, "base64url").toString();
  try {
    const read: unknown = JSON.parse(text);
    if (Array.isArray(read) && read[0] === list && typeof read[1] === "number") return read[1];
  } catch {
    // Whatever it is, it is no token of ours.
  }
  throw new ApiError("InvalidToken", `Invalid Token: '${token}'`);
}
