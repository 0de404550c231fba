/**
 * Slack's requests, one by one: looked at, answered in time, handed to Bolt. Bolt's own HTTP receiver is not used: it takes
 * timestamps from the future, lets an unanswered request hang until it says 404, and throws where something answers twice.
 *
 * 1. What isn't Slack's never reaches Bolt, gets an empty answer at once, and its connection is closed (T1).
 * 2. Every request is answered within the three seconds that Slack waits; what comes later is logged, not sent.
 * 3. Nothing of a body reaches the log (T3).
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { App, Receiver } from "@slack/bolt";
import { mediaType, readBody } from "./http-body.ts";
import { HttpRefusals, type RefusalReason } from "./http-refusals.ts";
import { HttpReply, type HttpAnswer } from "./http-reply.ts";
import { formType, jsonType, readSlackRequest, type SlackRequest } from "./http-request.ts";
import { refuseHeaders, refuseSignature, type SignatureHeaders } from "./http-signature.ts";
import type { InFlight } from "./in-flight.ts";
import { loggable } from "./loggable.ts";
import type { BotLogger } from "./services.ts";
import type { Pause } from "./socket-connection.ts";

/** Slack's largest payloads are views of 250 KB. */
const longestBodyBytes = 1_000_000;
/** A certificate check carries a token and a flag. */
const longestUnsignedBytes = 1_000;
const answerMs = 3_000;

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

type Read = Exclude<SlackRequest, { kind: "unreadable" }> | { kind: "refused"; status: number; reason: RefusalReason };

export interface HttpReceiverOptions {
  signingSecret: string;
  logger: BotLogger;
  inFlight: InFlight;
  /** Real time, in milliseconds: signatures and Slack's patience don't follow a moved clock. */
  now: () => number;
  pause: Pause;
}

export class HttpReceiver implements Receiver {
  readonly #options: HttpReceiverOptions;
  readonly #refusals: HttpRefusals;
  #app: App | null = null;
  #isOpen = false;

  constructor(options: HttpReceiverOptions) {
    this.#options = options;
    this.#refusals = new HttpRefusals(options);
  }

  init(app: App): void {
    this.#app = app;
  }

  async start(): Promise<void> {
    this.#isOpen = true;
  }

  /** From now on Slack is told to come again. */
  async stop(): Promise<void> {
    this.#isOpen = false;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Resolves when what the request asked for is done, which may be long after its answer. Never rejects. */
  readonly handle: RequestHandler = async (request, response) => {
    await this.#options.inFlight.track(() => this.#take(request, new HttpReply(response)));
  };

  async #take(request: IncomingMessage, reply: HttpReply): Promise<void> {
    const app = this.#app;
    if (app === null || !this.#isOpen) return void reply.send({ status: 503, close: true });
    let late = (): void => this.#refuse(request, "slow");
    void this.#options.pause(answerMs, reply.sent).then(() => {
      if (reply.send({ status: 503, close: true })) late();
    });
    const read = await this.#read(request);
    switch (read.kind) {
      case "refused":
        if (reply.send(refusal(read.status))) this.#refuse(request, read.reason);
        return;
      case "ssl_check":
        return void reply.send({ status: 200 });
      case "url_verification":
        return void reply.send({ status: 200, content: { challenge: read.challenge } });
      case "app_rate_limited":
        this.#options.logger.warn({}, "Slack holds events back: there were more in an hour than it delivers");
        return void reply.send({ status: 200 });
      case "payload":
        late = () => this.#options.logger.error(about(read.body), "a request from Slack wasn't acknowledged in time");
        return this.#process({ app, request, reply, body: read.body });
      default:
        return read satisfies never;
    }
  }

  async #read(request: IncomingMessage): Promise<Read> {
    try {
      return await this.#readRequest(request);
    } catch {
      // The sender has gone away: nobody is left to be told.
      return { kind: "refused", status: 400, reason: "unreadable" };
    }
  }

  async #readRequest(request: IncomingMessage): Promise<Read> {
    const type = mediaType(request);
    if (request.method !== "POST") return { kind: "refused", status: 405, reason: "method" };
    if (type !== formType && type !== jsonType) return { kind: "refused", status: 415, reason: "media_type" };
    const headers = signatureHeaders(request);
    const now = this.#options.now();
    const early = refuseHeaders({ headers, now });
    if (early === "unsigned" && type === formType) return readUnsigned(request);
    if (early !== null) return { kind: "refused", status: 401, reason: early };
    const body = await readBody(request, longestBodyBytes);
    if (body === null) return { kind: "refused", status: 413, reason: "too_long" };
    const { signingSecret } = this.#options;
    const wrong = refuseSignature({ headers, body, signingSecret, now });
    if (wrong !== null) return { kind: "refused", status: 401, reason: wrong };
    const read = readSlackRequest({ mediaType: type, text: body.toString("utf8") });
    return read.kind === "unreadable" ? { kind: "refused", status: 400, reason: "unreadable" } : read;
  }

  async #process(parameters: {
    app: App;
    request: IncomingMessage;
    reply: HttpReply;
    body: Record<string, unknown>;
  }): Promise<void> {
    const { app, request, reply, body } = parameters;
    const { logger } = this.#options;
    const ack = async (payload?: unknown): Promise<void> => {
      // An empty string is how Bolt says "nothing".
      const isSent = reply.send({ status: 200, ...(payload ? { content: payload } : {}) });
      if (!isSent) logger.warn(about(body), "a second or late answer to Slack was dropped: the first stands");
    };
    try {
      await app.processEvent({ body, ack, ...retry(request) });
    } catch (error) {
      logger.error({ ...about(body), ...loggable(error) }, "a request from Slack failed");
    }
    if (reply.send({ status: 500 })) logger.error(about(body), "no listener acknowledged a request from Slack");
  }

  #refuse(request: IncomingMessage, reason: RefusalReason): void {
    const remote = request.socket.remoteAddress;
    // Where many are stale, this machine's clock is wrong.
    const offBy = Math.floor(this.#options.now() / 1_000) - Number(signatureHeaders(request).timestamp);
    const isOff = reason === "stale" || reason === "future";
    this.#refusals.note(reason, { remote, ...(isOff ? { off_by_seconds: offBy } : {}) });
  }
}

function refusal(status: number): HttpAnswer {
  return { status, close: true, ...(status === 405 ? { headers: { allow: "POST" } } : {}) };
}

/** Only Slack's look at the certificate comes without a signature, and it asks for nothing. */
async function readUnsigned(request: IncomingMessage): Promise<Read> {
  const body = await readBody(request, longestUnsignedBytes);
  const read = readSlackRequest({ mediaType: formType, text: body?.toString("utf8") ?? "" });
  return read.kind === "ssl_check" ? read : { kind: "refused", status: 401, reason: "unsigned" };
}

function signatureHeaders({ headers }: IncomingMessage): SignatureHeaders {
  return { signature: one(headers["x-slack-signature"]), timestamp: one(headers["x-slack-request-timestamp"]) };
}

function retry({ headers }: IncomingMessage): { retryNum?: number; retryReason?: string } {
  const retryNum = Number(one(headers["x-slack-retry-num"]));
  const retryReason = one(headers["x-slack-retry-reason"]);
  return {
    ...(Number.isInteger(retryNum) ? { retryNum } : {}),
    ...(retryReason === undefined ? {} : { retryReason }),
  };
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(",") : value;
}

/** What kind of request it was, for the log, and no more of it. */
function about(body: Record<string, unknown>): { request: string } {
  return { request: typeof body["type"] === "string" ? body["type"] : "command" };
}
