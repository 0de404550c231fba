/** How the server answers. Nothing that it gives may be framed, sniffed or kept. */
import type { ServerResponse } from "node:http";

/** A refusal with its status, thrown by whoever reads a request. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const ALWAYS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

export function replyJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  reply(response, { status, type: "application/json; charset=utf-8", body: JSON.stringify(body), headers });
}

export function replyText(response: ServerResponse, status: number, text: string): void {
  reply(response, { status, type: "text/plain; charset=utf-8", body: text });
}

export function reply(
  response: ServerResponse,
  parameters: { status: number; type: string; body: string | Buffer; headers?: Record<string, string> },
): void {
  const { status, type, body, headers = {} } = parameters;
  response.writeHead(status, {
    ...ALWAYS,
    "cache-control": "no-store",
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
