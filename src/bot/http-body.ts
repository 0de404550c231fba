/** Reading a request's body, never further than its limit. Non-job: what it says. */
import type { IncomingMessage } from "node:http";

/** Null: it is longer than that, and the rest is left unread. Rejects when the sender goes away. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | null> {
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) return null;
  const chunks: Buffer[] = [];
  let length = 0;
  // The stream outlives the loop: its connection still carries the refusal.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > limitBytes) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, length);
}

/** Without parameters, in lower case: `application/json`. */
export function mediaType(request: IncomingMessage): string {
  return (request.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
