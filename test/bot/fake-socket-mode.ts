/** Slack's side of Socket Mode on loopback: just enough for the real client to connect, be asked and be dropped. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { z } from "zod";

const Envelope = z.object({ envelope_id: z.string(), payload: z.unknown() });

export class FakeSocketMode {
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly acks: { envelope_id: string; payload?: unknown }[] = [];
  readonly requests: { path: string; authorization: string; body: string }[] = [];
  /** Errors by method. */
  readonly errors = new Map<string, string>();
  #waiting: (() => void)[] = [];

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on("upgrade", (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#greet(client));
    });
  }

  static async listen(): Promise<FakeSocketMode> {
    const fake = new FakeSocketMode();
    await new Promise<void>((resolve) => fake.#server.listen(0, "127.0.0.1", resolve));
    return fake;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${isAddress(address) ? address.port : 0}`;
  }

  get connections(): number {
    return this.#sockets.clients.size;
  }

  send(envelope: Record<string, unknown>): void {
    for (const client of this.#sockets.clients) client.send(JSON.stringify(envelope));
  }

  drop(): void {
    for (const client of this.#sockets.clients) client.terminate();
  }

  /** Resolves once the condition holds; looked at whenever something arrives. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #greet(client: WebSocket): void {
    client.on("message", (data: Buffer) => {
      this.acks.push(Envelope.parse(JSON.parse(data.toString())));
      this.#changed();
    });
    client.on("close", () => this.#changed());
    client.send(JSON.stringify({ type: "hello" }));
    this.#changed();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    const path = request.url ?? "";
    const body = Buffer.concat(chunks).toString();
    this.requests.push({ path, authorization: request.headers.authorization ?? "", body });
    const method = path.replace("/api/", "");
    const error = this.errors.get(method);
    const url = `${this.url.replace("http", "ws")}/socket`;
    const answer = error === undefined ? { ok: true, url, user_id: "UBOT", bot_id: "BBOT" } : { ok: false, error };
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    this.#changed();
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
