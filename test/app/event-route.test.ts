/** Real requests on loopback for `/events/NAME`: who is heard, what a hostile one gets, and what the sender is told. */
import { connect } from "node:net";
import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventRoutes, type EventRouteOptions } from "../../src/app/event-route.ts";
import { listen } from "../../src/app/http-server.ts";
import { RequestError, type Engine, type EventStart } from "../../src/engine/engine.ts";
import { webhookHeaders, webhookSecret } from "./webhook.ts";

type Received = Parameters<Engine["receiveEvent"]>[0];

const now = Date.parse("2026-11-26T09:00:00Z");
const timestamp = now / 1_000;
const input = '{"customer_id":"C-1"}';

interface Options extends Partial<Pick<EventRouteOptions, "secret" | "app">> {
  receive?: (received: Received) => Promise<EventStart[]>;
}

async function serve({ secret = webhookSecret, receive = async () => [], ...rest }: Options = {}) {
  const received: Received[] = [];
  const logged: string[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => logged.push(line) });
  const receiveEvent = (event: Received) => {
    received.push(event);
    return receive(event);
  };
  const routes = eventRoutes({ secret, app: () => ({ engine: { receiveEvent } }), logger, now: () => now, ...rest });
  const server = await listen({ host: "127.0.0.1", port: 0, routes, logger });
  onTestFinished(() => server.close());
  const post = async (
    body: string | Buffer = input,
    headers: Record<string, string> = {},
    name = "customer.created",
  ) => {
    const signed = webhookHeaders({ id: "evt_1", timestamp, body });
    const response = await fetch(`${server.url}/events/${name}`, {
      method: "POST",
      headers: { ...signed, ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });
    const answer: unknown = await response.json();
    return { status: response.status, body: answer, headers: response.headers };
  };
  return { url: server.url, post, received, logged };
}

describe("a signed event", () => {
  it("reaches the engine, and the sender is told in snake case what it started and what it didn't", async () => {
    const starts: EventStart[] = [
      { flowId: "a", kind: "started", executionId: "x-1" },
      { flowId: "b", kind: "known", executionId: "x-2" },
      { flowId: "c", kind: "already_running", executionId: "x-3" },
      { flowId: "d", kind: "paused" },
      { flowId: "e", kind: "filtered" },
      { flowId: "f", kind: "refused", message: "f needs colour: give colour=…." },
    ];
    const { post, received } = await serve({ receive: async () => starts });
    const { status, body } = await post();
    expect(status).toBe(202);
    expect(body).toEqual({
      event: "customer.created",
      event_id: "evt_1",
      started: [{ flow_id: "a", kind: "started", execution_id: "x-1" }],
      not_started: [
        { flow_id: "b", kind: "known", execution_id: "x-2" },
        { flow_id: "c", kind: "already_running", execution_id: "x-3" },
        { flow_id: "d", kind: "paused" },
        { flow_id: "e", kind: "filtered" },
        { flow_id: "f", kind: "refused", message: "f needs colour: give colour=…." },
      ],
    });
    expect(received).toEqual([{ event: "customer.created", eventId: "evt_1", input: { customer_id: "C-1" } }]);
  });

  it("that nobody waits for is no error", async () => {
    const { post } = await serve();
    expect(await post("{}", {}, "nobody.cares")).toMatchObject({
      status: 202,
      body: { started: [], not_started: [] },
    });
  });

  it("is answered once its starts are durable, not before", async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<EventStart[]>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { post } = await serve({
      receive: () => {
        begin();
        return held;
      },
    });
    const order: string[] = [];
    const answered = post().then(() => order.push("answered"));
    await begun;
    order.push("durable");
    release([]);
    await answered;
    expect(order).toEqual(["durable", "answered"]);
  });

  it.each([
    ["customer%2Fcreated", "customer/created"],
    ["%C3%BCber", "über"],
    ["a.b?query=1", "a.b"],
  ])("named %s in the address is %s", async (address, name) => {
    const { post, received } = await serve();
    expect((await post(input, {}, address)).status).toBe(202);
    expect(received.map(({ event }) => event)).toEqual([name]);
  });

  it("may be as long as a mebibyte, and nested as deep as that allows", async () => {
    const { post, received } = await serve();
    const long = `{"note":"${"x".repeat(1_048_576 - 11)}"}`;
    const deep = `{"note":${"[".repeat(500_000)}${"]".repeat(500_000)}}`;
    expect([(await post(long)).status, (await post(deep)).status]).toEqual([202, 202]);
    expect(received).toHaveLength(2);
  });
});

describe("what isn't signed reaches nobody, and isn't told why", () => {
  const sentence = { error: "This needs webhook-id, webhook-timestamp and a valid webhook-signature." };
  const signed = (changes: object) => webhookHeaders({ id: "evt_1", timestamp, body: input, ...changes });

  it.each<[string, Record<string, string>]>([
    ["with another secret", signed({ key: "guessed" })],
    ["for another body", signed({ body: "{}" })],
    ["for another id", { ...signed({}), "webhook-id": "evt_2" }],
    ["five minutes and a second ago", signed({ timestamp: timestamp - 301 })],
    ["five minutes and a second ahead", signed({ timestamp: timestamp + 301 })],
    ["with no number for a time", signed({ timestamp: "soon" })],
    ["by another version", { ...signed({}), "webhook-signature": `v2,${"A".repeat(43)}=` }],
    ["with an empty signature", { ...signed({}), "webhook-signature": "" }],
    ["with an id of spaces", { ...signed({ id: "a b" }) }],
  ])("signed %s", async (_what, headers) => {
    const { post, received, logged } = await serve();
    const answer = await post(input, headers);
    expect(answer).toMatchObject({ status: 401, body: sentence });
    expect(answer.headers.get("connection")).toBe("close");
    expect(received).toEqual([]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain("a request for an event's address was refused");
    expect(logged[0]).not.toMatch(/v1,|guessed|customer_id|C-1/);
  });

  it("not signed at all", async () => {
    const { url, received } = await serve();
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/events/customer.created`, { method: "POST", headers, body: input });
    expect([response.status, await response.json()]).toEqual([401, sentence]);
    expect(received).toEqual([]);
  });

  it("a flood of them is a line of the log, not a thousand", async () => {
    const { post, logged } = await serve();
    for (let sent = 0; sent < 50; sent += 1) await post(input, { "webhook-signature": `v1,${"A".repeat(43)}=` });
    expect(logged).toHaveLength(1);
  });

  it("one that is too long is refused before it is heard, announced or not", async () => {
    const { url, post, received } = await serve();
    const long = " ".repeat(1_048_577);
    expect(await post(long)).toMatchObject({
      status: 413,
      body: { error: "The body of an event has at most 1048576 bytes." },
    });
    const { hostname, port } = new URL(url);
    const head = Object.entries(webhookHeaders({ id: "evt_1", timestamp, body: long }));
    const socket = connect(Number(port), hostname);
    let answer = "";
    socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
    // The server closes while the rest is still being sent.
    socket.on("error", () => {});
    const closed = new Promise((resolve) => socket.once("close", resolve));
    const lines = [
      "POST /events/a HTTP/1.1",
      "host: app",
      "transfer-encoding: chunked",
      ...head.map((one) => one.join(": ")),
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    socket.write(`${(1_048_577).toString(16)}\r\n${long}\r\n`);
    await expect.poll(() => answer).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
    await closed;
    expect(received).toEqual([]);
  });
});

describe("what is signed but no event", () => {
  it.each<[string, string | Buffer]>([
    ["nothing", ""],
    ["half of it", '{"customer_id":'],
    ["a list", "[]"],
    ["a text", '"customer"'],
    ["null", "null"],
    ["a number", "7"],
    ["something that is no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])("a body with %s is told to be an object", async (_what, body) => {
    const { post, received } = await serve();
    expect(await post(body)).toMatchObject({
      status: 400,
      body: { error: "The body of an event is a JSON object in UTF-8: the input of the flows." },
    });
    expect(received).toEqual([]);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])(
    "of type %j",
    async (type) => {
      const { post, received } = await serve();
      expect(await post(input, { "content-type": type })).toMatchObject({
        status: 415,
        body: { error: "The body of an event is application/json." },
      });
      expect(received).toEqual([]);
    },
  );

  it("a charset beside the type does no harm", async () => {
    const { post } = await serve();
    expect((await post(input, { "content-type": "Application/JSON; charset=utf-8" })).status).toBe(202);
  });

  it.each(["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])("by %s", async (method) => {
    const { url } = await serve();
    const response = await fetch(`${url}/events/customer.created`, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it.each(["", "%00", "%", "%ff", "x".repeat(201)])("without a name, as in /events/%s", async (name) => {
    const { post, received } = await serve();
    expect(await post(input, {}, name)).toMatchObject({
      status: 404,
      body: { error: "An event has a name of at most 200 characters: /events/NAME." },
    });
    expect(received).toEqual([]);
  });

  it.each(["/events", "/events/a/b", "/event/a", "//events/a"])("at %s, which is nobody's", async (path) => {
    const { url } = await serve();
    const headers = webhookHeaders({ id: "evt_1", timestamp, body: input });
    const response = await fetch(`${url}${path}`, { method: "POST", headers, body: input });
    expect([response.status, await response.text()]).toEqual([404, "not found\n"]);
  });
});

describe("when the app can't take it", () => {
  it("without a secret the setting is named, whatever comes", async () => {
    const { post, url, received } = await serve({ secret: null });
    const answer = await post();
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({ error: expect.stringContaining("Set REVOPS_EVENTS_SECRET") });
    expect((await fetch(`${url}/events/a`)).status).toBe(404);
    expect(received).toEqual([]);
  });

  it.each<[string, Options, string]>([
    ["while it starts", { app: () => null }, "The app is starting; please send this again."],
    [
      "while it stops",
      { receive: () => Promise.reject(new RequestError("The app is stopping; please try again in a minute.")) },
      "The app is stopping; please try again in a minute.",
    ],
    [
      "while its store is away",
      { receive: () => Promise.reject(new Error("SQLITE_FULL at /data/revops.db")) },
      "This event could not be recorded; please send it again.",
    ],
  ])("%s the sender is told to come again", async (_what, options, error) => {
    const { post } = await serve(options);
    const answer = await post();
    expect(answer).toMatchObject({ status: 503, body: { error } });
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("a sender that hangs up in the middle harms nobody", async () => {
    const { url, post, received } = await serve();
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const head = Object.entries({
      ...webhookHeaders({ id: "evt_1", timestamp, body: input }),
      "content-length": "500",
    });
    const lines = ["POST /events/a HTTP/1.1", "host: app", ...head.map((one) => one.join(": "))];
    socket.write(`${lines.join("\r\n")}\r\n\r\n{"half":`, () => socket.destroy());
    await new Promise((resolve) => socket.once("close", resolve));
    expect((await post()).status).toBe(202);
    expect(received).toHaveLength(1);
  });
});
