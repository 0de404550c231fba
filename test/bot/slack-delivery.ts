/** Slack's side of both receivers, on loopback: real frames over a socket, or real requests with real signatures. */
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { RequestHandler } from "../../src/bot/http-receiver.ts";
import type { SlackAccess, SlackReceiver } from "../../src/bot/receiver.ts";
import { FakeSocketMode } from "./fake-socket-mode.ts";

export const ways = ["socket", "http"] as const;
export type Way = (typeof ways)[number];

export const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const tokens = { botToken: "xoxb-secret", apiUrl: "https://slack.test/api/" };

type Body = Record<string, unknown>;

export interface SlackDelivery {
  access: SlackAccess;
  /** Of `apps.connections.open`. */
  socketUrl: string | null;
  /** Before the bot starts. */
  connect(receiver: SlackReceiver): Promise<void>;
  /** Resolves with what was acknowledged; undefined: nothing but the fact. */
  send(body: Body, retry?: { num: number; reason: string }): Promise<unknown>;
  close(): Promise<void>;
}

export async function slackDelivery(way: Way): Promise<SlackDelivery> {
  return way === "socket" ? new SocketDelivery(await FakeSocketMode.listen()) : new HttpDelivery();
}

class SocketDelivery implements SlackDelivery {
  readonly access = { kind: "socket" as const, appToken: "xapp-secret", ...tokens };
  readonly #slack: FakeSocketMode;
  #sent = 0;

  constructor(slack: FakeSocketMode) {
    this.#slack = slack;
  }

  get socketUrl(): string {
    return `${this.#slack.url.replace("http", "ws")}/socket`;
  }

  async connect(): Promise<void> {}

  async send(body: Body, retry?: { num: number; reason: string }): Promise<unknown> {
    this.#sent += 1;
    const envelope_id = `envelope-${this.#sent}`;
    const retries = { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? "" };
    const type = typeOf(body);
    this.#slack.send({ type, envelope_id, accepts_response_payload: type !== "events_api", payload: body, ...retries });
    const acknowledged = () => this.#slack.acks.find((ack) => ack.envelope_id === envelope_id);
    await this.#slack.until(() => acknowledged() !== undefined);
    const payload = acknowledged()?.payload;
    // The library says nothing by an empty object.
    return JSON.stringify(payload) === "{}" ? undefined : payload;
  }

  close(): Promise<void> {
    return this.#slack.close();
  }
}

class HttpDelivery implements SlackDelivery {
  readonly access = { kind: "http" as const, signingSecret, ...tokens };
  readonly socketUrl = null;
  #bot: { url: string; server: Server } | null = null;

  async connect({ requests }: SlackReceiver): Promise<void> {
    if (requests === null) throw new Error("this bot takes no requests");
    this.#bot = await serve(requests);
  }

  async send(body: Body, retry?: { num: number; reason: string }): Promise<unknown> {
    const isEvent = typeOf(body) === "events_api";
    const text = isEvent ? JSON.stringify(body) : form(body);
    const response = await fetch(this.#bot?.url ?? "", {
      method: "POST",
      headers: {
        "content-type": isEvent ? "application/json" : "application/x-www-form-urlencoded",
        ...(retry === undefined ? {} : { "x-slack-retry-num": `${retry.num}`, "x-slack-retry-reason": retry.reason }),
        ...signed(text),
      },
      body: text,
    });
    const answer = await response.text();
    if (response.status !== 200) throw new Error(`the bot answered ${response.status} ${answer}`);
    if (answer === "") return undefined;
    return response.headers.get("content-type") === "application/json" ? JSON.parse(answer) : answer;
  }

  async close(): Promise<void> {
    this.#bot?.server.closeAllConnections();
    await new Promise((resolve) => (this.#bot === null ? resolve(null) : this.#bot.server.close(resolve)));
  }
}

export async function serve(requests: RequestHandler): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => void requests(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  return { url: `http://127.0.0.1:${address.port}/slack/events`, server };
}

/** As Slack signs: written out here, so that it doesn't share a mistake with the code that checks it. */
export function signed(
  body: string | Buffer,
  fields: { timestamp?: string; secret?: string } = {},
): Record<string, string> {
  const { timestamp = `${Math.floor(Date.now() / 1_000)}`, secret = signingSecret } = fields;
  const base = Buffer.concat([Buffer.from(`v0:${timestamp}:`), Buffer.from(body)]);
  const signature = createHmac("sha256", secret).update(base).digest("hex");
  return { "x-slack-request-timestamp": timestamp, "x-slack-signature": `v0=${signature}` };
}

export function form(body: Body): string {
  const fields = typeOf(body) === "slash_commands" ? body : { payload: JSON.stringify(body) };
  return new URLSearchParams(
    Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

function typeOf(body: Body): "slash_commands" | "events_api" | "interactive" {
  if ("command" in body) return "slash_commands";
  return body["type"] === "event_callback" ? "events_api" : "interactive";
}
