/** What goes to the app, whichever way, and what became of it. */
import type { Fields } from "./problems.ts";

export type EnvelopeType = "slash_commands" | "interactive" | "events_api";

export interface Envelope {
  type: EnvelopeType;
  payload: Fields;
  /** Of an event that is sent again. */
  retry?: Retry;
}

export interface Retry {
  /** From 1. */
  attempt: number;
  reason: RetryReason;
}

export type RetryReason = "timeout" | "connection_failed" | "http_error";

export type Delivery =
  | { kind: "acknowledged"; payload: Fields }
  /** Nobody is there, or the connection went away before it answered. */
  | { kind: "dispatch_failed" }
  | { kind: "operation_timeout" }
  /** A request was answered with 4xx, or with 5xx and everything else. `mayRetry`: the answer doesn't forbid it. */
  | { kind: "http_client_error" | "http_service_error"; status: number; mayRetry: boolean };

/** How the app is reached: by the socket that it opens, or at its request URL. */
export type DeliverySetting = { kind: "socket" } | { kind: "http"; url: string; signingSecret: string };

export interface Transport {
  isConnected(): boolean;
  send(envelope: Envelope): Promise<Delivery>;
  /** What is unanswered has failed. */
  close(): void;
}
