/**
 * Everything that goes to the app: by which way, what became of it, and events again when nobody acknowledged.
 * Non-job: how an envelope travels (`socket-mode.ts`, `http-delivery.ts`), what it says (`payload.ts`).
 */
import type { After } from "../after.ts";
import type { FaultName } from "../page-api.ts";
import type { Traffic } from "../traffic.ts";
import type { Delivery, Envelope, Retry, RetryReason, Transport } from "./delivery.ts";
import type { Identity } from "./identity.ts";
import { eventPayload } from "./payload.ts";
import { isObject, type Fields } from "./problems.ts";
import { randomId } from "./slack-id.ts";

/** At once, after a minute, after five: the same event under the same id. */
const RETRY_AFTER_MS = [0, 60_000, 300_000];

export type Way = { via: "socket" | "http"; transport: Transport };

export interface DispatcherOptions {
  way: Way;
  identity: Identity;
  traffic: Traffic;
  /** Of the sandbox's clock. */
  now: () => number;
  randomHex: (bytes: number) => string;
  after: After;
  connectedChanged: (connected: boolean) => void;
}

export class Dispatcher {
  readonly #options: DispatcherOptions;
  #way: Way;
  #lastEvent: Fields | null = null;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#way = options.way;
  }

  isConnected(): boolean {
    return this.#way.transport.isConnected();
  }

  via(): Way["via"] {
    return this.#way.via;
  }

  /** From now on. What is under way ends where it began. */
  setWay(way: Way): void {
    this.#way = way;
    this.#options.connectedChanged(way.transport.isConnected());
  }

  async send(envelope: Envelope, fault: FaultName | null = null): Promise<Delivery> {
    const { via, transport } = this.#way;
    const passage = this.#options.traffic.begin({
      direction: "to_app",
      via,
      name: nameOf(envelope),
      request: envelope.retry === undefined ? envelope.payload : { ...envelope.payload, retry: envelope.retry },
    });
    const delivery = await transport.send(envelope);
    passage.end({ ...outcomeOf(delivery), fault });
    return delivery;
  }

  /** Doesn't wait: an event has no answer. */
  sendEvent(event: Fields): void {
    const { identity, now, randomHex } = this.#options;
    const payload = eventPayload({ identity, eventId: randomId("Ev", randomHex), at: now(), event });
    this.#lastEvent = payload;
    void this.#attempt(payload, null);
  }

  /** The last event once more, as if its acknowledgement had been lost; false: there was none. */
  redeliver(): boolean {
    if (this.#lastEvent === null) return false;
    void this.send(eventEnvelope(this.#lastEvent, { attempt: 1, reason: "timeout" }), "redelivery");
    return true;
  }

  close(): void {
    this.#way.transport.close();
  }

  async #attempt(payload: Fields, retry: Retry | null): Promise<void> {
    const delivery = await this.send(eventEnvelope(payload, retry));
    const attempt = (retry?.attempt ?? 0) + 1;
    const wait = RETRY_AFTER_MS[attempt - 1];
    const reason = retryReason(delivery);
    if (reason === null || wait === undefined) return;
    this.#options.after(wait, () => void this.#attempt(payload, { attempt, reason }));
  }
}

function eventEnvelope(payload: Fields, retry: Retry | null): Envelope {
  return { type: "events_api", payload, ...(retry === null ? {} : { retry }) };
}

/** Null: it isn't sent again. */
function retryReason(delivery: Delivery): RetryReason | null {
  switch (delivery.kind) {
    case "acknowledged":
      return null;
    case "operation_timeout":
      return "timeout";
    case "dispatch_failed":
      return "connection_failed";
    case "http_client_error":
    case "http_service_error":
      return delivery.mayRetry ? "http_error" : null;
    default:
      return delivery satisfies never;
  }
}

/** As the Traffic pane calls it: the event's or the interaction's own type. */
function nameOf({ type, payload }: Envelope): string {
  const named = type === "events_api" ? payload["event"] : payload;
  return type !== "slash_commands" && isObject(named) ? String(named["type"]) : type;
}

function outcomeOf(delivery: Delivery): { status: string; answer?: unknown } {
  switch (delivery.kind) {
    case "acknowledged":
      return { status: "ok", answer: delivery.payload };
    case "http_client_error":
    case "http_service_error":
      return { status: String(delivery.status) };
    case "dispatch_failed":
    case "operation_timeout":
      return { status: delivery.kind };
    default:
      return delivery satisfies never;
  }
}
