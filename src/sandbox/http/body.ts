/** Reading a request's body, never more than its limit. */
import type { IncomingMessage } from "node:http";
import { isObject, type Fields } from "../slack/problems.ts";
import { HttpError } from "./reply.ts";

export async function readBody(request: IncomingMessage, limitBytes: number): Promise<string> {
  return (await readBytes(request, limitBytes)).toString("utf8");
}

export async function readBytes(request: IncomingMessage, limitBytes: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > limitBytes) throw new HttpError(413, `The body is longer than ${limitBytes} bytes.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

export function mediaType(request: IncomingMessage): string {
  return (request.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** A JSON object; anything else is refused. */
export function parseJsonObject(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below, like every other body that is no object.
  }
  throw new HttpError(400, "The body must be a JSON object.");
}

export function parseForm(text: string): Fields {
  return Object.fromEntries(new URLSearchParams(text));
}
