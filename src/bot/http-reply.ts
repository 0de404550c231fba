/** The one answer to a request: whatever is sent after it is not. */
import type { ServerResponse } from "node:http";

export interface HttpAnswer {
  status: number;
  /** A string goes as text, anything else as JSON; left out, the body is empty. */
  content?: unknown;
  /** The sender is not heard any further: what it still sends isn't read. */
  close?: boolean;
  headers?: Record<string, string>;
}

export class HttpReply {
  readonly #response: ServerResponse;
  readonly #sent = new AbortController();

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Aborted once the answer is on its way. */
  get sent(): AbortSignal {
    return this.#sent.signal;
  }

  /** False: there was an answer already, and it stands. */
  send({ status, content, close = false, headers = {} }: HttpAnswer): boolean {
    if (this.#sent.signal.aborted) return false;
    this.#sent.abort();
    const text = typeof content === "string" ? content : content === undefined ? "" : JSON.stringify(content);
    this.#response.writeHead(status, {
      ...(text === ""
        ? {}
        : { "content-type": typeof content === "string" ? "text/plain; charset=utf-8" : "application/json" }),
      "content-length": Buffer.byteLength(text),
      ...(close ? { connection: "close" } : {}),
      ...headers,
    });
    this.#response.end(text);
    return true;
  }
}
