/**
 * Slack's other mode: signed requests to the app's request URL, each answered within three seconds of real time.
 *
 * Job: form and signature of a request, what its answer means. Non-job: when an event is sent again.
 *
 * 1. Commands and interactions are forms, events are JSON; the signature is over the body's very bytes.
 * 2. Slack doesn't follow where an answer to a command or a press redirects; no redirect is followed here.
 */
import type { After } from "../after.ts";
import type { Delivery, Envelope, Retry, RetryReason, Transport } from "./delivery.ts";
import { isObject, type Fields } from "./problems.ts";
import { requestSignature } from "./request-signature.ts";

const ANSWER_MS = 3_000;
const LONGEST_ANSWER = 1_000_000;
const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";

const RETRY_REASONS: Record<RetryReason, string> = {
  timeout: "http_timeout",
  connection_failed: "connection_failed",
  http_error: "http_error",
};

export interface HttpDeliveryOptions {
  /** The app's request URL, one for commands, interactions and events. */
  url: string;
  signingSecret: string;
  verificationToken: string;
  realNow: () => number;
  after: After;
  connectedChanged: (connected: boolean) => void;
}

type Answer =
  | { kind: "answered"; status: number; type: string; text: string; noRetry: boolean }
  | { kind: "timeout" }
  | { kind: "unreachable" };

export class HttpDelivery implements Transport {
  readonly #options: HttpDeliveryOptions;
  readonly #open = new Set<AbortController>();
  /** A setting is believed until a request shows otherwise. */
  #connected = true;

  constructor(options: HttpDeliveryOptions) {
    this.#options = options;
  }

  isConnected(): boolean {
    return this.#connected;
  }

  async send({ type, payload, retry }: Envelope): Promise<Delivery> {
    const answer = await this.#post(
      type === "events_api"
        ? { type: JSON_TYPE, body: JSON.stringify(payload), headers: retryHeaders(retry) }
        : { type: FORM, body: form(type === "interactive" ? { payload: JSON.stringify(payload) } : payload) },
    );
    this.#setConnected(answer.kind !== "unreachable");
    return deliveryOf(answer);
  }

  /** What Slack asks before it accepts a request URL; null: it is the app's, else a sentence. */
  async verify(challenge: string): Promise<string | null> {
    const body = JSON.stringify({ token: this.#options.verificationToken, challenge, type: "url_verification" });
    const answer = await this.#post({ type: JSON_TYPE, body });
    if (answer.kind === "unreachable") return `Nothing answers at ${this.#options.url}.`;
    if (answer.kind === "timeout") return `${this.#options.url} didn't answer within three seconds.`;
    if (answer.status === 200 && challengeIn(answer.text) === challenge) return null;
    return `${this.#options.url} didn't answer with the challenge (HTTP ${answer.status}). Is the signing secret right?`;
  }

  close(): void {
    for (const controller of this.#open) controller.abort();
  }

  async #post(request: { type: string; body: string; headers?: Record<string, string> }): Promise<Answer> {
    const { url, signingSecret, realNow, after } = this.#options;
    const timestamp = Math.floor(realNow() / 1_000);
    const controller = new AbortController();
    let isLate = false;
    const cancel = after(ANSWER_MS, () => {
      isLate = true;
      controller.abort();
    });
    this.#open.add(controller);
    try {
      const response = await fetch(url, {
        method: "POST",
        redirect: "manual",
        signal: controller.signal,
        body: request.body,
        headers: {
          "content-type": request.type,
          "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
          accept: "application/json,*/*",
          "x-slack-request-timestamp": String(timestamp),
          "x-slack-signature": requestSignature({ signingSecret, timestamp, body: request.body }),
          ...request.headers,
        },
      });
      return await answered(response);
    } catch {
      return isLate ? { kind: "timeout" } : { kind: "unreachable" };
    } finally {
      cancel();
      this.#open.delete(controller);
    }
  }

  #setConnected(connected: boolean): void {
    if (this.#connected === connected) return;
    this.#connected = connected;
    this.#options.connectedChanged(connected);
  }
}

async function answered(response: Response): Promise<Answer> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    // Longer than anything that Slack would take: the rest isn't read.
    if (text.length > LONGEST_ANSWER) break;
  }
  return {
    kind: "answered",
    status: response.status,
    type: response.headers.get("content-type") ?? "",
    text,
    noRetry: response.headers.get("x-slack-no-retry") === "1",
  };
}

function deliveryOf(answer: Answer): Delivery {
  if (answer.kind === "timeout") return { kind: "operation_timeout" };
  if (answer.kind === "unreachable") return { kind: "dispatch_failed" };
  const { status, noRetry } = answer;
  if (status >= 200 && status < 300) return { kind: "acknowledged", payload: payloadOf(answer) };
  const kind = status >= 400 && status < 500 ? "http_client_error" : "http_service_error";
  return { kind, status, mayRetry: !noRetry };
}

/** A command may be answered with plain text, which is its message. */
function payloadOf({ type, text }: { type: string; text: string }): Fields {
  if (text.trim() === "") return {};
  if (!type.startsWith(JSON_TYPE)) return { text };
  const value = parsed(text);
  return isObject(value) ? value : {};
}

function retryHeaders(retry: Retry | undefined): Record<string, string> {
  if (retry === undefined) return {};
  return { "x-slack-retry-num": String(retry.attempt), "x-slack-retry-reason": RETRY_REASONS[retry.reason] };
}

function form(fields: Fields): string {
  const entries = Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]);
  return new URLSearchParams(entries).toString();
}

/** As text, as JSON, or as a form: Slack takes all three. */
function challengeIn(text: string): unknown {
  const value = parsed(text);
  if (isObject(value)) return value["challenge"];
  return new URLSearchParams(text).get("challenge") ?? text.trim();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
