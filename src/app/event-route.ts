/**
 * `POST /events/NAME`: an event from outside, whose body is the input of the flows that wait for it (DESIGN §6).
 *
 * 1. What isn't signed reaches nobody, and its answer doesn't say what is wrong with it (T1).
 * 2. 202 once all that it starts is durable. After any other answer the sender may send it again: its id starts nothing twice.
 * 3. Nothing of a body reaches the log (T3).
 */
import type { IncomingMessage } from "node:http";
import { mediaType, readBody } from "../bot/http-body.ts";
import { HttpRefusals, type RefusalReason } from "../bot/http-refusals.ts";
import { HttpReply, type HttpAnswer } from "../bot/http-reply.ts";
import type { Logger } from "../engine/context.ts";
import { RequestError, type Engine, type EventStart } from "../engine/engine.ts";
import type { JsonObject } from "../flow/json.ts";
import type { Routes } from "./http-server.ts";
import { refuseWebhook, refuseWebhookHeaders, webhookKeys, type WebhookHeaders } from "./webhook-signature.ts";

const longestBodyBytes = 1_048_576;
const longestName = 200;
const againSeconds = "10";

export interface EventRouteOptions {
  /** Null: nobody may send events. */
  secret: string | null;
  /** Null while the app starts. */
  app: () => { engine: Pick<Engine, "receiveEvent"> } | null;
  logger: Logger;
  /** Real time, in milliseconds: the age of a signature doesn't follow a moved clock. */
  now: () => number;
}

export function eventRoutes(options: EventRouteOptions): Routes {
  const { secret } = options;
  const receiver = secret === null ? null : new EventReceiver(options, webhookKeys(secret));
  return {
    "/events/": async (request, response) => {
      const answer = receiver === null ? notTaken : await receiver.answer(request);
      new HttpReply(response).send(answer);
    },
  };
}

const notTaken = refusal(404, "No events are taken here. Set REVOPS_EVENTS_SECRET, as docs/configuration.md says.");
const unsigned = refusal(401, "This needs webhook-id, webhook-timestamp and a valid webhook-signature.");

type Read = { kind: "event"; event: string; eventId: string; input: JsonObject } | { kind: "no"; answer: HttpAnswer };

class EventReceiver {
  readonly #options: EventRouteOptions;
  readonly #keys: readonly Buffer[];
  readonly #refusals: HttpRefusals;

  constructor(options: EventRouteOptions, keys: readonly Buffer[]) {
    this.#options = options;
    this.#keys = keys;
    this.#refusals = new HttpRefusals({ ...options, message: "a request for an event's address was refused" });
  }

  async answer(request: IncomingMessage): Promise<HttpAnswer> {
    const app = this.#options.app();
    if (app === null) return later("The app is starting; please send this again.");
    const read = await this.#read(request);
    if (read.kind === "no") return read.answer;
    const { event, eventId, input } = read;
    try {
      const starts = await app.engine.receiveEvent({ event, eventId, input });
      return { status: 202, content: { event, event_id: eventId, ...told(starts) } };
    } catch (error) {
      if (error instanceof RequestError) return later(error.message);
      this.#options.logger.error({ err: error, event, event_id: eventId }, "an event could not be recorded");
      return later("This event could not be recorded; please send it again.");
    }
  }

  async #read(request: IncomingMessage): Promise<Read> {
    const event = eventName(request);
    if (event === null) return no(404, `An event has a name of at most ${longestName} characters: /events/NAME.`);
    if (request.method !== "POST") return this.#refuse(request, "method", notPosted);
    if (mediaType(request) !== "application/json") {
      return this.#refuse(request, "media_type", refusal(415, "The body of an event is application/json."));
    }
    const headers = webhookHeaders(request);
    const early = refuseWebhookHeaders({ headers, now: this.#options.now() });
    if (early !== null) return this.#refuse(request, early, unsigned);
    const body = await readBody(request, longestBodyBytes).catch(() => undefined);
    // The sender has gone away: nobody is left to be told.
    if (body === undefined) return this.#refuse(request, "unreadable", refusal(400, "The body has no end."));
    if (body === null) {
      const longest = `The body of an event has at most ${longestBodyBytes} bytes.`;
      return this.#refuse(request, "too_long", refusal(413, longest));
    }
    const wrong = refuseWebhook({ headers, body, keys: this.#keys, now: this.#options.now() });
    if (wrong !== null) return this.#refuse(request, wrong, unsigned);
    const input = jsonObject(body);
    if (input === null) return no(400, "The body of an event is a JSON object in UTF-8: the input of the flows.");
    return { kind: "event", event, eventId: headers.id ?? "", input };
  }

  #refuse(request: IncomingMessage, reason: RefusalReason, answer: HttpAnswer): Read {
    const isOff = reason === "stale" || reason === "future";
    const offBy = Math.floor(this.#options.now() / 1_000) - Number(webhookHeaders(request).timestamp);
    const remote = request.socket.remoteAddress;
    this.#refusals.note(reason, { remote, ...(isOff ? { off_by_seconds: offBy } : {}) });
    return { kind: "no", answer };
  }
}

/** What is still on its way of a body is not read. */
function refusal(status: number, error: string, headers: Record<string, string> = {}): HttpAnswer {
  return { status, content: { error }, close: true, headers };
}

function no(status: number, error: string): Read {
  return { kind: "no", answer: refusal(status, error) };
}

function later(error: string): HttpAnswer {
  return refusal(503, error, { "retry-after": againSeconds });
}

const notPosted = refusal(405, "An event is sent with POST.", { allow: "POST" });

function told(starts: readonly EventStart[]): { started: object[]; not_started: object[] } {
  const inWords = starts.map((start) => ({ kind: start.kind, told: inSnakeCase(start) }));
  return {
    started: inWords.flatMap(({ kind, told: one }) => (kind === "started" ? [one] : [])),
    not_started: inWords.flatMap(({ kind, told: one }) => (kind === "started" ? [] : [one])),
  };
}

function inSnakeCase(start: EventStart): object {
  return {
    flow_id: start.flowId,
    kind: start.kind,
    ...("executionId" in start ? { execution_id: start.executionId } : {}),
    ...("message" in start ? { message: start.message } : {}),
  };
}

/** Null: it has none that a flow could name. */
function eventName({ url = "" }: IncomingMessage): string | null {
  const path = url.split("?", 1)[0] ?? "";
  try {
    const name = decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
    return name !== "" && name.length <= longestName && !/\p{Cc}/u.test(name) ? name : null;
  } catch {
    return null;
  }
}

function webhookHeaders({ headers }: IncomingMessage): WebhookHeaders {
  const one = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(" ") : value;
  };
  return { id: one("webhook-id"), timestamp: one("webhook-timestamp"), signature: one("webhook-signature") };
}

/** Null: it is none. */
function jsonObject(body: Buffer): JsonObject | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** What JSON.parse gives is JSON all the way down. */
function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
