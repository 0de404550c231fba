import type { BlockAction } from "@slack/bolt";
import { describe, expect, test } from "vitest";
import { botPosts, button, danaId, leadId, section, start, startBolt, type Started } from "./sandbox-harness.ts";

async function post(url: string, body: unknown): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

/** The address that came with a command of the lead's. */
async function fromCommand(): Promise<Started & { url: string; channel: string }> {
  const started = await start();
  const urls: string[] = [];
  await startBolt(started.sandbox, (app) =>
    app.command("/revops", async ({ command, ack }) => {
      urls.push(command.response_url);
      await ack();
    }),
  );
  await started.page.say({ text: "/revops" });
  return { ...started, url: urls[0] ?? "", channel: await started.page.channel("revops") };
}

/** The address that came with Dana's press on a public message. */
async function fromPress(): Promise<Started & { url: string; channel: string }> {
  const started = await start();
  const urls: string[] = [];
  await startBolt(started.sandbox, (app) =>
    app.action<BlockAction>("go", async ({ body, ack }) => {
      urls.push(body.response_url ?? "");
      await ack();
    }),
  );
  const channel = await started.page.channel("renewals");
  const blocks = [section("card"), { type: "actions" as const, elements: [button("go")] }];
  await botPosts(started.client, { channel, text: "card", blocks });
  const [message] = await started.page.messages(channel);
  if (message === undefined) throw new Error("no message");
  await started.page.press({ as: danaId, message, actionId: "go" });
  return { ...started, url: urls[0] ?? "", channel };
}

describe("an answer through the response address", () => {
  test("is for the one who asked, unless it says in_channel", async () => {
    const { page, url, channel } = await fromCommand();
    expect(await post(url, { text: "private" })).toEqual({ status: 200, text: "ok" });
    await post(url, { text: "public", response_type: "in_channel" });
    expect(await page.texts(channel, leadId)).toEqual(["private", "public"]);
    expect(await page.texts(channel, danaId)).toEqual(["public"]);
  });

  test("is taken five times and no more", async () => {
    const { page, url, channel } = await fromCommand();
    for (const text of ["1", "2", "3", "4", "5"]) expect((await post(url, { text })).status).toBe(200);
    expect(await post(url, { text: "6" })).toEqual({ status: 404, text: '{"ok":false,"error":"used_url"}' });
    expect(await page.messages(channel)).toHaveLength(5);
  });

  test("is taken for thirty minutes of real time, wherever the sandbox's clock stands", async () => {
    const { time, sandbox, url } = await fromCommand();
    sandbox.clock.set(sandbox.clock.now() + 86_400_000);
    expect((await post(url, { text: "in time" })).status).toBe(200);
    time.pass(30 * 60_000 + 1);
    expect(await post(url, { text: "late" })).toEqual({ status: 404, text: '{"ok":false,"error":"expired_url"}' });
  });

  test("replaces the pressed message with exactly what is given, or deletes it", async () => {
    const { page, url, channel } = await fromPress();
    await post(url, { replace_original: true, text: "decided" });
    const [replaced] = await page.messages(channel);
    expect([replaced?.text, replaced?.blocks, replaced?.edited]).toEqual(["decided", [], true]);
    await post(url, { delete_original: true });
    expect(await page.messages(channel)).toEqual([]);
  });

  test("without replace_original stands beside the pressed message, for the presser alone", async () => {
    const { page, url, channel } = await fromPress();
    await post(url, { text: "only you" });
    expect(await page.texts(channel, danaId)).toEqual(["card", "only you"]);
    expect(await page.texts(channel, leadId)).toEqual(["card"]);
  });

  test("replaces a command's own earlier answer", async () => {
    const { page, url, channel } = await fromCommand();
    await post(url, { text: "working" });
    await post(url, { replace_original: true, text: "ready" });
    expect(await page.texts(channel, leadId)).toEqual(["ready"]);
  });

  test("broken content is refused with its error's name and costs no use", async () => {
    const { page, url, channel } = await fromCommand();
    expect(await post(url, { text: "x", blocks: [section("")] })).toEqual({ status: 400, text: "invalid_blocks" });
    expect(await post(url, { text: "" })).toEqual({ status: 400, text: "no_text" });
    expect((await post(url, "{no")).status).toBe(400);
    for (let use = 0; use < 5; use += 1) expect((await post(url, { text: "fine" })).status).toBe(200);
    expect(await page.messages(channel)).toHaveLength(5);
  });

  test("an address that nobody gave out leads nowhere", async () => {
    const { url } = await fromCommand();
    expect((await post(url.replace(/[^/]+$/, "made-up"), { text: "x" })).status).toBe(404);
  });
});
