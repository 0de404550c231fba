/**
 * Socket Mode's far side.
 *
 * Job: tickets, connections, envelopes out, acknowledgements in, each within three seconds of real time.
 * Non-job: what an envelope says.
 *
 * 1. The newest connection gets the envelopes; an older one stays as it is and takes over when the newest closes. So a new
 *    process supersedes an old one without a gap.
 * 2. An envelope whose connection closes unanswered has failed at once: nobody will answer it (as in Slack).
 */
import type { RawData, WebSocket } from "ws";
import { z } from "zod";
import type { After } from "../after.ts";
import type { Delivery, Envelope, Transport } from "./delivery.ts";
import { isObject, type Fields } from "./problems.ts";

const ACKNOWLEDGE_MS = 3_000;
const TICKET_MS = 30_000;
/** Bolt gives up a server that is silent for thirty seconds. */
const PING_MS = 10_000;
const MOST_CONNECTIONS = 10;

interface Waiting {
  connection: WebSocket;
  settle: (delivery: Delivery) => void;
}

const acknowledgement = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

export interface SocketModeOptions {
  appId: string;
  realNow: () => number;
  randomHex: (bytes: number) => string;
  after: After;
  connectedChanged: (connected: boolean) => void;
  /** Hears of each frame that is no envelope: greeting and farewell. */
  told: (frame: Fields) => void;
}

export class SocketMode implements Transport {
  readonly #options: SocketModeOptions;
  readonly #tickets = new Map<string, number>();
  readonly #connections: WebSocket[] = [];
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: SocketModeOptions) {
    this.#options = options;
  }

  isConnected(): boolean {
    return this.#newest() !== undefined;
  }

  makeTicket(): string {
    const { realNow, randomHex } = this.#options;
    for (const [ticket, expiresAt] of this.#tickets) if (expiresAt < realNow()) this.#tickets.delete(ticket);
    const ticket = randomHex(16);
    this.#tickets.set(ticket, realNow() + TICKET_MS);
    return ticket;
  }

  /** A ticket opens one connection. */
  takeTicket(ticket: string): boolean {
    const expiresAt = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    return expiresAt !== undefined && expiresAt >= this.#options.realNow();
  }

  attach(connection: WebSocket): void {
    this.#connections.push(connection);
    connection.on("message", (data: RawData) => this.#hear(textOf(data)));
    connection.on("error", () => connection.terminate());
    connection.on("close", () => this.#detach(connection));
    this.#tell(connection, this.#hello());
    this.#keepAlive(connection);
    if (this.#connections.length > MOST_CONNECTIONS) this.#sayDisconnect(this.#connections[0], "too_many_websockets");
    if (this.#connections.length === 1) this.#options.connectedChanged(true);
  }

  send({ type, payload, retry }: Envelope): Promise<Delivery> {
    const connection = this.#newest();
    if (connection === undefined) return Promise.resolve({ kind: "dispatch_failed" });
    const id = envelopeId(this.#options.randomHex);
    const retryFields =
      type === "events_api" ? { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? "" } : {};
    const delivery = this.#awaitAnswer(id, connection);
    const accepts = type !== "events_api";
    connection.send(
      JSON.stringify({ envelope_id: id, payload, type, accepts_response_payload: accepts, ...retryFields }),
    );
    return delivery;
  }

  /** The newest connection is told to come again and closed, as Slack does every few hours; false: nobody is connected. */
  refresh(): boolean {
    const connection = this.#newest();
    if (connection === undefined) return false;
    this.#sayDisconnect(connection, "refresh_requested");
    connection.close(1000);
    return true;
  }

  /** Tells every connection to go, as Slack does before it takes a server away. */
  close(): void {
    for (const connection of this.#connections.slice()) {
      this.#sayDisconnect(connection, "link_disabled");
      connection.close(1000);
    }
    for (const { settle } of this.#waiting.values()) settle({ kind: "dispatch_failed" });
  }

  #newest(): WebSocket | undefined {
    return this.#connections.findLast((candidate) => candidate.readyState === candidate.OPEN);
  }

  #awaitAnswer(id: string, connection: WebSocket): Promise<Delivery> {
    return new Promise((resolve) => {
      const cancel = this.#options.after(ACKNOWLEDGE_MS, () => settle({ kind: "operation_timeout" }));
      const settle = (delivery: Delivery): void => {
        cancel();
        this.#waiting.delete(id);
        resolve(delivery);
      };
      this.#waiting.set(id, { connection, settle });
    });
  }

  #hear(text: string): void {
    const parsed = acknowledgement.safeParse(parseJson(text));
    if (!parsed.success) return;
    const { envelope_id: id, payload } = parsed.data;
    this.#waiting.get(id)?.settle({ kind: "acknowledged", payload: isObject(payload) ? payload : {} });
  }

  #detach(connection: WebSocket): void {
    const index = this.#connections.indexOf(connection);
    if (index < 0) return;
    this.#connections.splice(index, 1);
    for (const waiting of this.#waiting.values()) {
      if (waiting.connection === connection) waiting.settle({ kind: "dispatch_failed" });
    }
    if (this.#connections.length === 0) this.#options.connectedChanged(false);
  }

  #keepAlive(connection: WebSocket): void {
    this.#options.after(PING_MS, () => {
      if (connection.readyState !== connection.OPEN) return;
      connection.ping();
      this.#keepAlive(connection);
    });
  }

  #sayDisconnect(connection: WebSocket | undefined, reason: string): void {
    if (connection !== undefined)
      this.#tell(connection, { type: "disconnect", reason, debug_info: { host: "sandbox" } });
  }

  #tell(connection: WebSocket, frame: Fields): void {
    connection.send(JSON.stringify(frame));
    this.#options.told(frame);
  }

  #hello(): Fields {
    return {
      type: "hello",
      num_connections: this.#connections.length,
      debug_info: { host: "sandbox", build_number: 1, approximate_connection_time: 18_060 },
      connection_info: { app_id: this.#options.appId },
    };
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function envelopeId(randomHex: (bytes: number) => string): string {
  const digits = randomHex(16);
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    "-",
  );
}
