import { createTransport } from "nodemailer";
import { describe, expect, test, vi } from "vitest";
import type { FaultName, TrafficEntry } from "../../src/sandbox/page-api.ts";
import { PageFeed } from "../../src/sandbox/page-server/page-feed.ts";
import { Traffic } from "../../src/sandbox/traffic.ts";
import { botPosts, signingSecret, start, startBolt, startHttpBolt, type Started } from "./sandbox-harness.ts";

async function everything({ page }: Started): Promise<TrafficEntry[]> {
  return (await page.get<{ entries: TrafficEntry[] }>("traffic")).entries;
}

describe("traffic", () => {
  test("shows each call with its answer: taken, refused, unknown", async () => {
    const { client, page } = await start();
    await botPosts(client, { channel: "#revops", text: "hello" });
    await expect(botPosts(client, { channel: "#nowhere", text: "lost" })).rejects.toThrow("channel_not_found");
    await expect(client.apiCall("chat.shout", {})).rejects.toThrow("unknown_method");
    const posts = await page.traffic("chat.postMessage");
    expect(posts.map(({ direction, via, status }) => [direction, via, status])).toEqual([
      ["from_app", "web_api", "ok"],
      ["from_app", "web_api", "channel_not_found"],
    ]);
    expect(JSON.parse(posts[0]?.detail ?? "")).toMatchObject({
      request: { channel: "#revops", text: "hello" },
      answer: { ok: true, message: { text: "hello" } },
    });
    expect((await page.traffic("chat.shout")).map(({ status }) => status)).toEqual(["unknown_method"]);
  });

  test("an envelope waits until it is acknowledged, and then says how long that took", async () => {
    const { sandbox, page, time } = await start();
    const { promise, resolve } = Promise.withResolvers<void>();
    await startBolt(sandbox, (app) =>
      app.command("/revops", async ({ ack }) => {
        await promise;
        await ack("done");
      }),
    );
    const said = page.say({ text: "/revops status" });
    await vi.waitFor(async () =>
      expect(await page.traffic("slash_commands")).toMatchObject([{ via: "socket", status: "waiting", ms: null }]),
    );
    time.shiftMs += 1_200;
    resolve();
    await said;
    const [entry, ...others] = await page.traffic("slash_commands");
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ direction: "to_app", status: "ok", fault: null });
    expect(entry?.ms).toBeGreaterThanOrEqual(1_200);
    expect(JSON.parse(entry?.detail ?? "")).toMatchObject({ request: { text: "status" }, answer: { text: "done" } });
  });

  test("one that nobody acknowledges ends with Slack's word, over either way", async () => {
    const { page } = await start();
    await page.say({ text: "/revops" });
    expect(await page.traffic("slash_commands")).toMatchObject([{ via: "socket", status: "dispatch_failed" }]);
    const other = await start({ delivery: { kind: "http", url: "http://127.0.0.1:9/", signingSecret } });
    await other.page.say({ text: "/revops" });
    expect(await other.page.traffic("slash_commands")).toMatchObject([{ via: "http", status: "dispatch_failed" }]);
  });

  test("carries no token, secret, ticket or answering address, whatever way they came", async () => {
    const started = await start();
    const { sandbox, page, client } = started;
    const urls: string[] = [];
    const register = (app: Parameters<Parameters<typeof startBolt>[1]>[0]): void =>
      app.command("/revops", async ({ ack, command }) => {
        urls.push(command.response_url);
        await ack();
      });
    await startBolt(sandbox, register);
    await page.say({ text: "/revops" });
    await startHttpBolt(sandbox, register);
    await page.say({ text: "/revops" });
    await fetch(`${sandbox.settings.slackApiUrl}auth.test`, {
      method: "POST",
      body: new URLSearchParams({ token: sandbox.settings.slackBotToken }),
    });
    await botPosts(client, { channel: "#revops", text: `my token is ${sandbox.settings.slackBotToken}` });
    await fetch(`${sandbox.url}/token`, { method: "POST", body: new URLSearchParams({ assertion: "a.secret.claim" }) });
    const shown = JSON.stringify(await everything(started));
    const { slackBotToken, slackAppToken, googleCredentials } = sandbox.settings;
    const ids = urls.map((url) => url.split("/").at(-1) ?? "");
    expect(ids).toHaveLength(2);
    for (const secret of [slackBotToken, slackAppToken, googleCredentials.private_key, "a.secret.claim", ...ids]) {
      expect(shown).not.toContain(secret);
    }
    expect(shown).toContain("my token is [hidden]");
    expect(shown).toContain("ticket=[hidden]");
  });

  test("is cut after a few thousand characters", async () => {
    const { client, page } = await start();
    await botPosts(client, { channel: "#revops", text: "x".repeat(39_000) });
    const [entry] = await page.traffic("chat.postMessage");
    expect(entry?.detail.length).toBeLessThan(4_100);
    expect(entry?.detail).toMatch(/… and \d+ more characters$/);
  });

  test("keeps the last five hundred, and drops a late answer to what has gone", () => {
    const traffic = new Traffic({ feed: new PageFeed(), realNow: () => 0, secrets: () => [] });
    const begin = (name: string) => traffic.begin({ direction: "from_app", via: "web_api", name, request: {} });
    const slow = begin("slow");
    for (let call = 0; call < 600; call += 1) begin(`call ${call}`).end({ status: "ok" });
    slow.end({ status: "ok" });
    const names = traffic.list().map(({ name }) => name);
    expect(names).toHaveLength(500);
    expect([names[0], names.at(-1)]).toEqual(["call 100", "call 599"]);
  });

  test("a mail and a calendar's calls are shown too", async () => {
    const { sandbox, page } = await start();
    const transport = createTransport(sandbox.settings.smtpUrl);
    await transport.sendMail({ from: "a@example.com", to: "b@example.com", subject: "Renewal", text: "x" });
    transport.close();
    await fetch(`${sandbox.url}/calendar/v3/calendars/primary/events`, { method: "POST", body: "{}" });
    const [mail] = await page.traffic("mail");
    expect(mail).toMatchObject({ via: "smtp", direction: "from_app", status: "ok" });
    expect(mail?.detail).toContain("Renewal");
    expect(await page.traffic("events.insert")).toMatchObject([{ via: "google", status: "401" }]);
  });

  test("the page hears of it as it happens", async () => {
    const { sandbox, client } = await start();
    const stream = await fetch(`${sandbox.url}/sandbox/events`);
    const reader = stream.body?.getReader();
    await client.auth.test();
    let told = "";
    while (!told.includes('"auth.test"')) told += Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(told).toContain('"type":"traffic"');
    await reader?.cancel();
  });
});

describe("the page's fault buttons", () => {
  test.each<FaultName>(["rate_limited", "server_error", "lost_answer", "mail_lost_answer", "calendar_server_error"])(
    "%s is armed until it fits or is taken back",
    async (name) => {
      const { page } = await start();
      expect(await page.post("fault", { name })).toEqual({ ok: true });
      expect((await page.state()).faults).toEqual([name]);
      expect(await page.post("fault-clear", { name })).toEqual({ ok: true });
      expect((await page.state()).faults).toEqual([]);
    },
  );

  test("one that nobody knows is refused", async () => {
    const { page } = await start();
    expect(await page.post("fault", { name: "earthquake" })).toMatchObject({ ok: false });
    expect((await page.state()).faults).toEqual([]);
  });

  test("without an app or an event there is nothing to refresh or to send again", async () => {
    const { page } = await start();
    expect(await page.post("fault", { name: "socket_refresh" })).toEqual({
      ok: false,
      error: "No app is connected by Socket Mode.",
    });
    expect((await page.post("fault", { name: "redelivery" })).error).toMatch(/^No event has been sent yet/);
  });
});
