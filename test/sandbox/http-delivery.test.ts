import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http";
import type { App, BlockAction, SlackCommandMiddlewareArgs } from "@slack/bolt";
import { describe, expect, test, vi } from "vitest";
import { requestSignature } from "../../src/sandbox/slack/request-signature.ts";
import {
  botPosts,
  button,
  danaId,
  later,
  leadId,
  portOf,
  section,
  signingSecret,
  start,
  startHttpBolt,
  type Started,
} from "./sandbox-harness.ts";

interface Heard {
  headers: IncomingHttpHeaders;
  body: string;
}

/** An app of the test's own: keeps what it is sent and answers as told. */
async function startListener(
  answer: (response: ServerResponse, heard: Heard) => void,
): Promise<{ url: string; heard: Heard[] }> {
  const heard: Heard[] = [];
  const url = await serve((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const one = { headers: request.headers, body };
      if (body.includes("url_verification")) return void response.end(JSON.parse(body).challenge);
      heard.push(one);
      answer(response, one);
    });
  });
  return { url, heard };
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  later(async () => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${portOf(server.address())}/slack/events`;
}

async function withListener(
  answer: (response: ServerResponse, heard: Heard) => void,
): Promise<Started & { heard: Heard[] }> {
  const started = await start();
  const { url, heard } = await startListener(answer);
  await started.sandbox.deliverBy({ kind: "http", url, signingSecret });
  return { ...started, heard };
}

test("a signature is Slack's own, by its documented example", () => {
  const body =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
  expect(requestSignature({ signingSecret, timestamp: 1_531_420_618, body })).toBe(
    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
  );
});

describe("over HTTP, the real Bolt", () => {
  test("gets a command with its text unharmed, and its acknowledgement is shown", async () => {
    const { sandbox, page } = await start();
    const texts: string[] = [];
    await startHttpBolt(sandbox, (app) =>
      app.command("/revops", async ({ command, ack }: SlackCommandMiddlewareArgs) => {
        texts.push(command.text);
        await (command.text === "loud" ? ack({ response_type: "in_channel", text: "to all" }) : ack("to you"));
      }),
    );
    const channel = await page.channel("revops");
    expect(await page.say({ text: "/revops a+b & 50% <!channel> été" })).toEqual({ ok: true });
    await page.say({ text: "/revops loud" });
    expect(texts[0]).toBe("a+b &amp; 50% &lt;!channel&gt; été");
    expect(await page.texts(channel, leadId)).toEqual(["to you", "to all"]);
    expect(await page.texts(channel, danaId)).toEqual(["to all"]);
  });

  test("a press opens a modal, whose submission is refused under its field and then taken", async () => {
    const { sandbox, page, client } = await start();
    await startHttpBolt(sandbox, registerModal);
    const channel = await page.channel("renewals");
    const blocks = [section("card"), { type: "actions" as const, elements: [button("open")] }];
    await botPosts(client, { channel, text: "card", blocks });
    const [card] = await page.messages(channel);
    if (card === undefined) throw new Error("no card");
    expect(await page.press({ as: danaId, message: card, actionId: "open" })).toEqual({ ok: true });
    const opened = await page.view(danaId);
    const submit = (value: string) =>
      page.post("view-submit", {
        as: danaId,
        viewId: opened?.id,
        values: { reason: { text: { type: "plain_text_input", value } } },
      });
    expect(await submit("no")).toEqual({ ok: false, errors: { reason: "Say why." } });
    expect(await submit("because")).toEqual({ ok: true });
    expect(await page.view(danaId)).toBeNull();
  });

  test("hears of mentions and direct messages once each", async () => {
    const { sandbox, page } = await start();
    const heard: string[] = [];
    await startHttpBolt(sandbox, (app) => {
      app.event("app_mention", async ({ event }) => void heard.push(event.text));
      app.message(async ({ message }) => void heard.push(message.channel_type));
    });
    const { bot } = await page.state();
    await page.say({ text: "@RevOps status" });
    await page.say({ text: "status", channel: await page.direct(leadId) });
    await expect.poll(() => heard).toEqual([`<@${bot.userId}> status`, "im"]);
  });
});

function registerModal(app: App): void {
  app.action<BlockAction>("open", async ({ ack, body, client }) => {
    await ack();
    await client.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: "modal",
        callback_id: "why",
        title: { type: "plain_text", text: "Why" },
        submit: { type: "plain_text", text: "Send" },
        blocks: [
          {
            type: "input",
            block_id: "reason",
            label: { type: "plain_text", text: "Reason" },
            element: { type: "plain_text_input", action_id: "text" },
          },
        ],
      },
    });
  });
  app.view("why", async ({ ack, view }) => {
    const value = view.state.values["reason"]?.["text"]?.value;
    await (value === "no" ? ack({ response_action: "errors", errors: { reason: "Say why." } }) : ack());
  });
}

describe("a request URL", () => {
  test("is taken only where the challenge comes back; else everything stays as it was", async () => {
    const { sandbox, page } = await start();
    await startHttpBolt(sandbox, (app) => app.command("/revops", async ({ ack }) => ack("by the first")));
    const other = await serve((_request, response) => response.end("ok"));
    await expect(sandbox.deliverBy({ kind: "http", url: other, signingSecret })).rejects.toThrow(
      /challenge \(HTTP 200\)/,
    );
    const nobody = "http://127.0.0.1:9/";
    await expect(sandbox.deliverBy({ kind: "http", url: nobody, signingSecret })).rejects.toThrow(
      /Nothing answers at http:\/\/127\.0\.0\.1:9\//,
    );
    await page.say({ text: "/revops" });
    expect(await page.texts(await page.channel("revops"))).toEqual(["by the first"]);
  });

  test("of an app with another signing secret is refused", async () => {
    const { sandbox } = await start();
    const url = await startHttpBolt(sandbox, () => {});
    await expect(sandbox.deliverBy({ kind: "http", url, signingSecret: "another" })).rejects.toThrow(
      /didn't answer with the challenge \(HTTP 401\)/,
    );
  });

  test("that is silent is given up after three seconds", async () => {
    const { sandbox, time } = await start();
    const asked = vi.fn<() => void>();
    const refused = sandbox.deliverBy({ kind: "http", url: await serve(asked), signingSecret });
    refused.catch(() => {});
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    time.pass(3_000);
    await expect(refused).rejects.toThrow(/didn't answer within three seconds/);
  });

  test("changes back to Socket Mode while everything runs", async () => {
    const { sandbox, page, heard } = await withListener((response) => response.end());
    await page.say({ text: "/revops" });
    expect((await page.state()).bot.connected).toBe(true);
    await sandbox.deliverBy({ kind: "socket" });
    expect((await page.state()).bot.connected).toBe(false);
    expect((await page.say({ text: "/revops" })).error).toMatch(/dispatch_failed/);
    expect(heard).toHaveLength(1);
  });
});

describe("a request", () => {
  test("is a signed form for commands and presses, signed JSON for events, by the real time", async () => {
    const { sandbox, page, client, time, heard } = await withListener((response) => response.end());
    sandbox.clock.set(sandbox.clock.now() + 86_400_000);
    const channel = await page.channel("revops");
    await page.say({ text: "/revops help" });
    await botPosts(client, { channel, text: "x", blocks: [{ type: "actions", elements: [button("go")] }] });
    const [card] = await page.messages(channel);
    if (card === undefined) throw new Error("no card");
    await page.press({ as: danaId, message: card, actionId: "go" });
    await page.say({ text: "@RevOps hello" });
    await vi.waitFor(() => expect(heard).toHaveLength(3));
    expect(heard.map(({ headers }) => headers["content-type"])).toEqual([
      "application/x-www-form-urlencoded",
      "application/x-www-form-urlencoded",
      "application/json",
    ]);
    expect(new URLSearchParams(heard[0]?.body).get("text")).toBe("help");
    expect(JSON.parse(new URLSearchParams(heard[1]?.body).get("payload") ?? "")).toMatchObject({
      type: "block_actions",
      user: { id: danaId },
    });
    expect(JSON.parse(heard[2]?.body ?? "")).toMatchObject({ type: "event_callback", event: { type: "app_mention" } });
    for (const { headers, body } of heard) {
      const timestamp = Number(headers["x-slack-request-timestamp"]);
      expect(Math.abs(timestamp - time.now() / 1_000)).toBeLessThan(60);
      expect(headers["x-slack-signature"]).toBe(requestSignature({ signingSecret, timestamp, body }));
      expect(headers["x-slack-retry-num"]).toBeUndefined();
    }
  });

  test.each([
    [404, "http_client_error"],
    [500, "http_service_error"],
    [302, "http_service_error"],
  ])("of a command that is answered with %d fails as %s", async (status, error) => {
    const { page, heard } = await withListener((response) => {
      response.writeHead(status, { location: "/elsewhere" }).end();
    });
    expect((await page.say({ text: "/revops" })).error).toBe(`/revops failed with the error "${error}"`);
    expect(heard).toHaveLength(1);
  });

  test("that isn't answered within three seconds has failed, and nobody there is told apart", async () => {
    const { page, heard, time, sandbox } = await withListener(() => {});
    const answer = page.say({ text: "/revops" });
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    time.pass(3_000);
    expect((await answer).error).toBe('/revops failed with the error "operation_timeout"');
    expect((await page.state()).bot.connected).toBe(true);
    const gone = await start({ delivery: { kind: "http", url: "http://127.0.0.1:9/", signingSecret } });
    expect((await gone.page.say({ text: "/revops" })).error).toBe('/revops failed with the error "dispatch_failed"');
    expect((await gone.page.state()).bot.connected).toBe(false);
    await sandbox.close();
  });
});

describe("an event that the app doesn't take", () => {
  test("comes three times more under the same id, and says why", async () => {
    const { page, time, heard } = await withListener((response) => response.writeHead(500).end());
    await page.say({ text: "@RevOps hello" });
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    for (const [wait, count] of [
      [0, 2],
      [60_000, 3],
      [300_000, 4],
    ] as const) {
      await vi.waitFor(() => {
        time.pass(0);
        if (wait > 0 && heard.length === count - 1) time.pass(wait);
        expect(heard).toHaveLength(count);
      });
    }
    time.pass(3_600_000);
    const retries = heard.map(({ headers }) => [headers["x-slack-retry-num"], headers["x-slack-retry-reason"]]);
    expect(retries).toEqual([
      [undefined, undefined],
      ["1", "http_error"],
      ["2", "http_error"],
      ["3", "http_error"],
    ]);
    expect(new Set(heard.map(({ body }) => JSON.parse(body).event_id)).size).toBe(1);
  });

  test("comes no more where the app says so", async () => {
    const { page, time, heard } = await withListener((response) =>
      response.writeHead(500, { "x-slack-no-retry": "1" }).end(),
    );
    await page.say({ text: "@RevOps first" });
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    await page.say({ text: "@RevOps second" });
    time.pass(0);
    time.pass(60_000);
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(await page.traffic("app_mention")).toHaveLength(2);
  });
});
