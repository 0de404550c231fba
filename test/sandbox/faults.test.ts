import type { App } from "@slack/bolt";
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api";
import { describe, expect, test } from "vitest";
import { botPosts, start, startBolt, startHttpBolt } from "./sandbox-harness.ts";

async function thrownBy(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => null,
    (error: unknown) => error,
  );
}

describe("a fault", () => {
  test("429: the next chat call alone does nothing and says when to come again", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    await page.post("fault", { name: "rate_limited" });
    await client.users.list({});
    const error = await thrownBy(botPosts(client, { channel, text: "first" }));
    expect(error).toBeInstanceOf(WebAPIRateLimitedError);
    expect(error).toMatchObject({ retryAfter: 2 });
    await botPosts(client, { channel, text: "second" });
    expect(await page.texts(channel)).toEqual(["second"]);
    expect(await page.traffic("chat.postMessage")).toMatchObject([
      { status: "429", fault: "rate_limited" },
      { status: "ok", fault: null },
    ]);
  });

  test("500: nothing is done, once", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    await page.post("fault", { name: "server_error" });
    const error = await thrownBy(botPosts(client, { channel, text: "first" }));
    expect(error).toBeInstanceOf(WebAPIHTTPError);
    expect(error).toMatchObject({ statusCode: 500 });
    await botPosts(client, { channel, text: "second" });
    expect(await page.texts(channel)).toEqual(["second"]);
  });

  test("a lost answer: the message is there once, and the client knows nothing of it", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    await page.post("fault", { name: "lost_answer" });
    const refused = await thrownBy(botPosts(client, { channel: "#nowhere", text: "no message, no lost answer" }));
    expect(refused).toBeInstanceOf(WebAPIPlatformError);
    expect(await thrownBy(botPosts(client, { channel, text: "first" }))).toBeInstanceOf(WebAPIRequestError);
    expect(await page.texts(channel)).toEqual(["first"]);
    const { ts = "" } = await botPosts(client, { channel, text: "second" });
    await page.post("fault", { name: "lost_answer" });
    expect(await thrownBy(client.chat.update({ channel, ts, text: "changed" }))).toBeInstanceOf(WebAPIRequestError);
    expect(await page.texts(channel)).toEqual(["first", "changed"]);
    expect(await page.traffic("chat.update")).toMatchObject([{ status: "cut", fault: "lost_answer" }]);
  });

  test("a socket refresh: the app is told to go and let go, and what comes after finds nobody or the new connection", async () => {
    const { sandbox, page } = await start();
    await startBolt(sandbox, (app) => app.command("/revops", async ({ ack }) => ack("here")));
    expect(await page.post("fault", { name: "socket_refresh" })).toEqual({ ok: true });
    const told = { via: "socket", direction: "to_app", status: "ok", fault: "socket_refresh" };
    expect(await page.traffic("disconnect")).toMatchObject([told]);
    await expect.poll(async () => (await page.state()).bot.connected).toBe(false);
    await startBolt(sandbox, (app) => app.command("/revops", async ({ ack }) => ack("here again")));
    await page.say({ text: "/revops" });
    expect(await page.texts(await page.channel("revops"))).toEqual(["here again"]);
  });

  test.each([
    ["socket", startBolt],
    ["HTTP", startHttpBolt],
  ] as const)("redelivery over %s: the same event under the same id, marked as a retry", async (_way, startApp) => {
    const { sandbox, page } = await start();
    const heard: unknown[] = [];
    const register = (app: App): void =>
      app.event("app_mention", async ({ body, context }) => {
        heard.push([body.event_id, context.retryNum ?? 0, context.retryReason ?? ""]);
      });
    await startApp(sandbox, register);
    await page.say({ text: "@RevOps hello" });
    await expect.poll(() => heard).toHaveLength(1);
    expect(await page.post("fault", { name: "redelivery" })).toEqual({ ok: true });
    await expect.poll(() => heard).toHaveLength(2);
    const [first, second] = await page.traffic("app_mention");
    expect(second).toMatchObject({ fault: "redelivery", status: "ok" });
    const id = JSON.parse(first?.detail ?? "").request.event_id;
    expect(heard).toEqual([
      [id, 0, ""],
      [id, 1, _way === "HTTP" ? "http_timeout" : "timeout"],
    ]);
  });

  test("there is no socket to refresh where the app gets requests by HTTP", async () => {
    const { sandbox, page } = await start();
    await startHttpBolt(sandbox, () => {});
    expect((await page.post("fault", { name: "socket_refresh" })).error).toMatch(/there is no socket/);
  });
});
