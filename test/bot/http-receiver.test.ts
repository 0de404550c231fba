/** Real requests on loopback: what is refused, what is answered, and when. */
import { describe, expect, test } from "vitest";
import { httpReceiver, words } from "./receiver-harness.ts";
import { event } from "./fake-slack.ts";
import { signed } from "./slack-delivery.ts";

const day = 86_400;

describe("a request that isn't Slack's reaches no listener and gets an empty answer", () => {
  test.each([
    ["without a signature", 401, () => ({})],
    ["signed with another secret", 401, () => signed(words, { secret: "guessed" })],
    ["signed for another body", 401, () => signed(`${words}&more=1`)],
    ["a day old", 401, () => signed(words, { timestamp: `${seconds() - day}` })],
    ["a day from the future", 401, () => signed(words, { timestamp: `${seconds() + day}` })],
    ["with a timestamp that is no number", 401, () => signed(words, { timestamp: "soon" })],
    ["of another signature version", 401, () => ({ ...signed(words), "x-slack-signature": `v1=${"0".repeat(64)}` })],
    ["of a type that Slack doesn't send", 415, () => ({ ...signed(words), "content-type": "text/plain" })],
  ])("%s", async (_what, status, headers) => {
    const { post, heard, logs } = await httpReceiver();
    const response = await post(words, headers());
    expect([response.status, await response.text()]).toEqual([status, ""]);
    expect(response.headers.get("connection")).toBe("close");
    expect(heard).toEqual([]);
    expect(logs).toHaveLength(1);
    expect(JSON.stringify(logs)).not.toMatch(/secret|guessed|v[01]=/);
  });

  test.each(["GET", "PUT", "HEAD", "DELETE"])("by %s", async (method) => {
    const { url, heard } = await httpReceiver();
    const response = await fetch(url, { method });
    expect([response.status, response.headers.get("allow"), await response.text()]).toEqual([405, "POST", ""]);
    expect(heard).toEqual([]);
  });

  test("a signed body that can't be read", async () => {
    const { post } = await httpReceiver();
    for (const body of ["{", "[]", "null", '"text"']) {
      const response = await post(body, { ...signed(body), "content-type": "application/json" });
      expect(response.status).toBe(400);
    }
    const form = "payload=%7B";
    expect((await post(form, signed(form))).status).toBe(400);
  });

  test("how far its clock is off is said, since it may be ours that is wrong", async () => {
    const { post, clock, logs } = await httpReceiver();
    const headers = signed(words);
    clock.now = Number(headers["x-slack-request-timestamp"]) * 1_000 + 301_000;
    expect((await post(words, headers)).status).toBe(401);
    expect(logs).toMatchObject([{ level: "warn", fields: { reason: "stale", off_by_seconds: 301 } }]);
  });

  test("a flood of them fills no log: a line at once, then a line a minute with their number", async () => {
    const { post, clock, logs } = await httpReceiver();
    for (let sent = 0; sent < 50; sent++) await post(words, {});
    expect(logs).toMatchObject([{ fields: { reason: "unsigned", unsaid_before: 0 } }]);
    await post(words, signed(words, { secret: "guessed" }));
    expect(logs).toMatchObject([{}, { fields: { reason: "wrong" } }]);
    clock.now += 60_000;
    await post(words, {});
    expect(logs).toMatchObject([{}, {}, { fields: { reason: "unsigned", unsaid_before: 49 } }]);
  });
});

describe("a body without an end", () => {
  test("announced: it is refused before a byte of it comes", async () => {
    const { socket } = await httpReceiver();
    const wire = await socket();
    wire.socket.write(head({ "content-length": "1000001" }));
    expect(await wire.closed).toMatch(/^HTTP\/1.1 413 .*\r\n(.*\r\n)*content-length: 0\r\n/);
  });

  test("not announced: it is refused at the limit, though more would come", async () => {
    const { socket } = await httpReceiver();
    const wire = await socket();
    wire.socket.write(head({ "transfer-encoding": "chunked" }));
    const chunk = "x".repeat(100_000);
    for (let sent = 0; sent < 11; sent++) wire.socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    expect(await wire.closed).toMatch(/^HTTP\/1.1 413 /);
  });

  test("of a sender who can't sign: not a byte of it is waited for", async () => {
    const { socket } = await httpReceiver();
    const wire = await socket();
    wire.socket.write(head({ "content-length": "1000", "x-slack-signature": "v0=00" }));
    expect(await wire.closed).toMatch(/^HTTP\/1.1 401 /);
  });

  test("that comes too slowly: Slack's three seconds are not waited out twice", async () => {
    const { socket, outOfTime, running, logs } = await httpReceiver();
    const wire = await socket();
    wire.socket.write(head({ "content-length": "1000" }));
    await expect.poll(running).toBe(1);
    outOfTime();
    expect(await wire.closed).toMatch(/^HTTP\/1.1 503 /);
    expect(logs).toMatchObject([{ fields: { reason: "slow" } }]);
  });

  test("whose sender hangs up: the next one is served", async () => {
    const { socket, running, post, logs } = await httpReceiver();
    const wire = await socket();
    wire.socket.write(head({ "content-length": "1000" }));
    await expect.poll(running).toBe(1);
    wire.socket.destroy();
    await expect.poll(running).toBe(0);
    expect((await post(words)).status).toBe(200);
    expect(logs.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("a megabyte is not too much", async () => {
    const { post, heard } = await httpReceiver();
    const body = `${words}&pad=`.padEnd(1_000_000, "x");
    expect((await post(body, signed(body))).status).toBe(200);
    expect(heard).toEqual(["secret words"]);
  });
});

describe("what Slack asks of an address", () => {
  test("its challenge is given back", async () => {
    const { post } = await httpReceiver();
    const body = JSON.stringify({ type: "url_verification", token: "x", challenge: "3eZbrw1aB" });
    const response = await post(body, { ...signed(body), "content-type": "application/json; charset=utf-8" });
    expect(await response.json()).toEqual({ challenge: "3eZbrw1aB" });
  });

  test("unsigned, the challenge of whoever asks isn't", async () => {
    const { post } = await httpReceiver();
    const body = JSON.stringify({ type: "url_verification", challenge: "3eZbrw1aB" });
    expect((await post(body, { "content-type": "application/json" })).status).toBe(401);
  });

  test("a look at the certificate is answered without a signature, and nothing that comes with it is done", async () => {
    const { post, heard } = await httpReceiver();
    expect((await post("ssl_check=1&token=x", {})).status).toBe(200);
    expect((await post(`ssl_check=1&${words}`, {})).status).toBe(200);
    expect((await post(`ssl_check=0&${words}`, {})).status).toBe(401);
    expect(heard).toEqual([]);
  });

  test("being told of too many events is answered and logged", async () => {
    const { post, logs } = await httpReceiver();
    const body = JSON.stringify({ type: "app_rate_limited", minute_rate_limited: 1, api_app_id: "A1" });
    expect((await post(body, { ...signed(body), "content-type": "application/json" })).status).toBe(200);
    expect(logs).toMatchObject([{ level: "warn" }]);
  });

  test("what Bolt knows nothing of is answered at once, not after three seconds", async () => {
    const { post } = await httpReceiver();
    const body = JSON.stringify({ type: "something_new" });
    expect((await post(body, { ...signed(body), "content-type": "application/json" })).status).toBe(500);
  });
});

describe("acknowledgement", () => {
  test.each([
    ["nothing", undefined, null, ""],
    ["words", "done", "text/plain; charset=utf-8", "done"],
    ["a message", { text: "done" }, "application/json", '{"text":"done"}'],
  ])("with %s", async (_what, payload, type, text) => {
    const { post, listener } = await httpReceiver();
    listener.run = async ({ ack }) => ack(payload);
    const response = await post(words);
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([200, type, text]);
  });

  test("comes before the listener has ended", async () => {
    const { post, listener, inFlight, running } = await httpReceiver();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    listener.run = async ({ ack }) => {
      await ack();
      await held;
    };
    expect((await post(words)).status).toBe(200);
    expect(running()).toBe(1);
    release();
    await inFlight.settled();
    expect(running()).toBe(0);
  });

  test("twice: the first stands, and nothing throws", async () => {
    const { post, listener, logs, inFlight } = await httpReceiver();
    listener.run = async ({ ack }) => {
      await ack("one");
      await ack("two");
    };
    expect(await (await post(words)).text()).toBe("one");
    await inFlight.settled();
    expect(logs).toMatchObject([{ level: "warn", fields: { request: "command" } }]);
  });

  test("too late: Slack has had its answer, the log says so, and nothing throws", async () => {
    const { post, listener, outOfTime, logs, inFlight } = await httpReceiver();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    listener.run = async ({ ack }) => {
      begin();
      await held;
      await ack("at last");
    };
    const answer = post(words);
    await begun;
    outOfTime();
    expect((await answer).status).toBe(503);
    release();
    await inFlight.settled();
    expect(logs.map(({ level }) => level)).toEqual(["error", "warn"]);
    expect(JSON.stringify(logs)).not.toContain("secret words");
  });

  test("never, by a listener that throws: Slack is told at once", async () => {
    const { post, listener, logs } = await httpReceiver();
    listener.run = async () => {
      throw new Error("boom");
    };
    expect((await post(words)).status).toBe(500);
    expect(logs.map(({ message }) => message)).toEqual(["app.error", "no listener acknowledged a request from Slack"]);
  });

  test("by a listener that throws after it: Slack has its answer, the log has the error", async () => {
    const { post, listener, logs, inFlight } = await httpReceiver();
    listener.run = async ({ ack }) => {
      await ack();
      throw new Error("boom");
    };
    expect((await post(words)).status).toBe(200);
    await inFlight.settled();
    expect(logs).toMatchObject([{ level: "error", message: "app.error", fields: { error: "boom" } }]);
  });

  test("of an event comes first, whatever its listeners do", async () => {
    const { post } = await httpReceiver();
    const body = JSON.stringify(event({ type: "app_mention", user: "U1", text: "x", channel: "C1" }));
    expect((await post(body, { ...signed(body), "content-type": "application/json" })).status).toBe(200);
  });
});

test("after a stop Slack is told to come again; what was being answered is answered", async () => {
  const { post, receiver, listener, heard } = await httpReceiver();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  listener.run = async ({ ack }) => {
    begin();
    await held;
    await ack("done");
  };
  const answer = post(words);
  await begun;
  await receiver.stop();
  expect((await post(words)).status).toBe(503);
  release();
  expect(await (await answer).text()).toBe("done");
  expect(heard).toHaveLength(1);
});

function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}

function head(headers: Record<string, string>): string {
  return ["POST /slack/events HTTP/1.1", "host: bot", "content-type: application/json"]
    .concat(Object.entries({ ...signed(""), ...headers }).map(([name, value]) => `${name}: ${value}`))
    .concat("", "")
    .join("\r\n");
}
