import { WebAPIRateLimitedError, WebClient } from "@slack/web-api";
import { describe, expect, test } from "vitest";
import { RateLimits } from "../../src/sandbox/slack/rate-limits.ts";
import { botPosts, leadId, section, silent, start } from "./sandbox-harness.ts";

const oneASecond = { perMinute: 60, burst: 3 };
const ample = { perMinute: 1_000, burst: 1_000 };

function limited(): { limits: RateLimits; wait: (ms: number) => void } {
  let now = 1_000_000;
  const limits = new RateLimits({ rates: { post: oneASecond, update: ample, publish: ample }, realNow: () => now });
  return { limits, wait: (ms) => (now += ms) };
}

describe("a message a second for each channel", () => {
  test("a burst is taken, then one for each second, and no more than a burst after a quiet hour", () => {
    const { limits, wait } = limited();
    const ask = () => limits.secondsToWait("post", "C1");
    expect([ask(), ask(), ask(), ask()]).toEqual([null, null, null, 1]);
    wait(999);
    expect(ask()).toBe(1);
    wait(1);
    expect([ask(), ask()]).toEqual([null, 1]);
    wait(3_600_000);
    expect([ask(), ask(), ask(), ask()]).toEqual([null, null, null, 1]);
  });

  test("one channel's crowd holds up no other", () => {
    const { limits } = limited();
    for (let post = 0; post < 10; post += 1) limits.secondsToWait("post", "C1");
    expect(limits.secondsToWait("post", "C2")).toBeNull();
  });

  test("who comes when it was told gets through, and who keeps asking loses nothing by it", () => {
    const { limits, wait } = limited();
    for (let post = 0; post < 50; post += 1) limits.secondsToWait("post", "C1");
    wait(1_000);
    expect(limits.secondsToWait("post", "C1")).toBeNull();
  });

  test("a clock that goes back gives nothing away and takes nothing", () => {
    const { limits, wait } = limited();
    for (let post = 0; post < 3; post += 1) limits.secondsToWait("post", "C1");
    wait(-60_000);
    expect(limits.secondsToWait("post", "C1")).toBe(1);
  });
});

describe("over the wire", () => {
  test("the message too many gets 429 with Retry-After and isn't posted; ids and names are one channel", async () => {
    const { client, page, sandbox, time } = await start({ rates: { post: { perMinute: 60, burst: 2 } } });
    const channel = await page.channel("revops");
    await botPosts(client, { channel, text: "1" });
    await botPosts(client, { channel: "#revops", text: "2" });
    const post = (text: string) =>
      fetch(`${sandbox.settings.slackApiUrl}chat.postMessage`, {
        method: "POST",
        headers: { authorization: `Bearer ${sandbox.settings.slackBotToken}` },
        body: new URLSearchParams({ channel: "revops", text }),
      });
    const refused = await post("3");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await refused.json()).toEqual({ ok: false, error: "ratelimited" });
    await botPosts(client, { channel: "#churn", text: "elsewhere" });
    time.pass(1_000);
    expect((await post("4")).status).toBe(200);
    expect(await page.texts(channel)).toEqual(["1", "2", "4"]);
    expect((await page.traffic("chat.postMessage")).map(({ status, fault }) => [status, fault])).toEqual([
      ["ok", null],
      ["ok", null],
      ["429", null],
      ["ok", null],
      ["ok", null],
    ]);
  });

  test("Slack's client waits by itself and loses no message", async () => {
    const { page, sandbox } = await start({ now: Date.now, rates: { post: { perMinute: 60, burst: 1 } } });
    const patient = new WebClient(sandbox.settings.slackBotToken, {
      slackApiUrl: sandbox.settings.slackApiUrl,
      retryConfig: { retries: 3, minTimeout: 1, maxTimeout: 1 },
      logger: silent,
    });
    await botPosts(patient, { channel: "#revops", text: "1" });
    await botPosts(patient, { channel: "#revops", text: "2" });
    expect(await page.texts(await page.channel("revops"))).toEqual(["1", "2"]);
    expect((await page.traffic("chat.postMessage")).some(({ status }) => status === "429")).toBe(true);
  });

  test("updates and Homes have their own", async () => {
    const once = { perMinute: 1, burst: 1 };
    const { client, page } = await start({ rates: { update: once, publish: once } });
    const channel = await page.channel("revops");
    const { ts = "" } = await botPosts(client, { channel, text: "1" });
    const view = { type: "home" as const, blocks: [section("home")] };
    await client.chat.update({ channel, ts, text: "2" });
    await client.views.publish({ user_id: leadId, view });
    await expect(client.chat.update({ channel, ts, text: "3" })).rejects.toBeInstanceOf(WebAPIRateLimitedError);
    await expect(client.views.publish({ user_id: leadId, view })).rejects.toBeInstanceOf(WebAPIRateLimitedError);
    expect(await page.texts(channel)).toEqual(["2"]);
    expect((await page.traffic("chat.update")).map(({ status }) => status)).toEqual(["ok", "429"]);
  });
});
