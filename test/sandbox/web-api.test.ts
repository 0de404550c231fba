import { WebAPIPlatformError } from "@slack/web-api";
import { describe, expect, test } from "vitest";
import { botPosts, danaId, leadId, section, start, webClient } from "./sandbox-harness.ts";

/** The error's name, and what Slack says about it. */
async function refusal(call: Promise<unknown>): Promise<{ error: string; messages: string[] }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError)) throw error;
    return { error: error.data.error, messages: error.data.response_metadata?.messages ?? [] };
  }
  throw new Error("the call was not refused");
}

describe("who may call", () => {
  test("the bot's token opens the bot's methods, the app's token opens only connections", async () => {
    const { sandbox, client } = await start();
    const { settings } = sandbox;
    const whoami = await client.auth.test();
    expect(whoami).toMatchObject({ ok: true, team: "Sandbox" });
    expect(whoami.user_id).toMatch(/^U[A-Z2-7]{10}$/);
    const appClient = webClient(sandbox, settings.slackAppToken);
    expect((await appClient.apps.connections.open({})).url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/link\?ticket=/);
    expect((await refusal(appClient.auth.test())).error).toBe("not_allowed_token_type");
    expect((await refusal(client.apps.connections.open({}))).error).toBe("not_allowed_token_type");
  });

  test("no token and a wrong token are refused before anything is read", async () => {
    const { sandbox, page } = await start();
    const wrong = webClient(sandbox, "xoxb-wrong");
    expect((await refusal(botPosts(wrong, { channel: "#revops", text: "hello" }))).error).toBe("invalid_auth");
    const bare = await fetch(`${sandbox.settings.slackApiUrl}chat.postMessage`, {
      method: "POST",
      body: new URLSearchParams({ text: "x" }),
    });
    expect(await bare.json()).toEqual({ ok: false, error: "not_authed" });
    expect(await page.messages(await page.channel("revops"))).toEqual([]);
  });

  test("an unknown method is told so with 200, so that no client tries again for half an hour", async () => {
    const { sandbox, client } = await start();
    expect((await refusal(client.apiCall("chat.shout", {}))).error).toBe("unknown_method");
    const inherited = await fetch(`${sandbox.settings.slackApiUrl}constructor`, { method: "POST" });
    expect([inherited.status, await inherited.json()]).toEqual([
      200,
      { ok: false, error: "unknown_method", req_method: "constructor" },
    ]);
  });

  test("a JSON body is as good as a form", async () => {
    const { sandbox, page } = await start();
    const response = await fetch(`${sandbox.settings.slackApiUrl}chat.postMessage`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${sandbox.settings.slackBotToken}`,
        "content-type": "application/json; charset=utf-8",
      },
      body: JSON.stringify({ channel: "#revops", blocks: [section("from JSON")], text: "from JSON" }),
    });
    expect(await response.json()).toMatchObject({ ok: true });
    expect(await page.texts(await page.channel("revops"))).toEqual(["from JSON"]);
  });
});

describe("messages", () => {
  test("a channel is named by id, #name or name, a person by user id", async () => {
    const { client, page } = await start();
    const revops = await page.channel("revops");
    for (const channel of [revops, "#revops", "revops"]) {
      expect((await botPosts(client, { channel, text: channel })).channel).toBe(revops);
    }
    expect((await botPosts(client, { channel: danaId, text: "hi" })).channel).toBe(await page.direct(danaId));
    expect((await refusal(botPosts(client, { channel: "#nowhere", text: "x" }))).error).toBe("channel_not_found");
  });

  test("ts is unique and grows, even within a millisecond", async () => {
    const { client } = await start();
    const posted = await Promise.all(
      Array.from({ length: 20 }, () => botPosts(client, { channel: "#revops", text: "x" })),
    );
    const stamps = posted.map(({ ts }) => ts ?? "");
    expect(new Set(stamps).size).toBe(20);
    expect(stamps.every((ts) => /^\d{10}\.\d{6}$/.test(ts))).toBe(true);
  });

  test("an update without blocks keeps the old ones, an empty list drops them", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    const { ts = "" } = await botPosts(client, { channel, text: "one", blocks: [section("one")] });
    await client.chat.update({ channel, ts, text: "two" });
    const [kept] = await page.messages(channel);
    expect([kept?.text, kept?.blocks.length, kept?.edited]).toEqual(["two", 1, true]);
    await client.chat.update({ channel, ts, text: "three", blocks: [] });
    expect((await page.messages(channel))[0]?.blocks).toEqual([]);
    expect((await refusal(client.chat.update({ channel, ts, text: "ü".repeat(2_001) }))).error).toBe("msg_too_long");
  });

  test("nobody's message can be edited but the bot's own; an ephemeral one not at all", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    await page.say({ text: "mine" });
    const [mine] = await page.messages(channel);
    expect((await refusal(client.chat.update({ channel, ts: mine?.ts ?? "", text: "yours" }))).error).toBe(
      "cant_update_message",
    );
    const { message_ts: ts = "" } = await client.chat.postEphemeral({ channel, user: danaId, text: "psst" });
    expect((await refusal(client.chat.update({ channel, ts, text: "x" }))).error).toBe("message_not_found");
  });

  test("an ephemeral message is seen by one person and is in no history", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    await client.chat.postEphemeral({ channel, user: danaId, text: "psst" });
    expect(await page.texts(channel, danaId)).toEqual(["psst"]);
    expect(await page.texts(channel, leadId)).toEqual([]);
    expect((await client.conversations.history({ channel })).messages).toEqual([]);
    expect((await refusal(client.chat.postEphemeral({ channel, user: "UNOBODY", text: "x" }))).error).toBe(
      "user_not_in_channel",
    );
  });

  test("an empty message is refused, and one with a thread that isn't there", async () => {
    const { client } = await start();
    expect((await refusal(botPosts(client, { channel: "#revops", text: "" }))).error).toBe("no_text");
    const lost = botPosts(client, { channel: "#revops", text: "x", thread_ts: "1000000000.000001" });
    expect((await refusal(lost)).error).toBe("thread_not_found");
  });

  test("a deleted message is gone; the head of a thread leaves a tombstone", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    const { ts = "" } = await botPosts(client, { channel, text: "head" });
    const { ts: replyTs = "" } = await botPosts(client, { channel, text: "reply", thread_ts: ts });
    await client.chat.delete({ channel, ts });
    expect(await page.texts(channel)).toEqual(["This message was deleted.", "reply"]);
    await client.chat.delete({ channel, ts: replyTs });
    expect(await page.texts(channel)).toEqual(["This message was deleted."]);
    expect((await refusal(client.chat.delete({ channel, ts: replyTs }))).error).toBe("message_not_found");
  });

  test("broken blocks are refused with a pointer to each fault, and nothing is posted", async () => {
    const { client, page } = await start();
    const blocks = [{ type: "divider" as const }, section("x".repeat(3_001))];
    expect(await refusal(botPosts(client, { channel: "#revops", text: "x", blocks }))).toEqual({
      error: "invalid_blocks",
      messages: ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"],
    });
    expect(
      (await refusal(client.apiCall("chat.postMessage", { channel: "#revops", text: "x", blocks: "{no" }))).error,
    ).toBe("invalid_blocks_format");
    expect(await page.messages(await page.channel("revops"))).toEqual([]);
  });
});

const long = (length: number) => [{ type: "markdown", text: "x".repeat(length) }, section("x".repeat(1_100))];

describe("what is too large", () => {
  test("all blocks together are refused in a post, an update and an ephemeral message, and nothing is posted", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    const { ts = "" } = await botPosts(client, { channel, text: "fits", blocks: [section("x".repeat(3_000))] });
    const given = { channel, ts, user: danaId, text: "x", blocks: long(12_000) };
    for (const method of ["chat.postMessage", "chat.update", "chat.postEphemeral"]) {
      expect((await refusal(client.apiCall(method, given))).error).toBe("msg_blocks_too_long");
    }
    expect(await page.texts(channel, danaId)).toEqual(["fits"]);
    await client.apiCall("chat.update", { ...given, blocks: long(11_900) });
  });

  test("a text for an update counts in bytes; a new message is cut instead", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    const { ts = "" } = await botPosts(client, { channel, text: "é".repeat(40_001) });
    expect((await page.texts(channel))[0]).toHaveLength(40_000);
    expect((await refusal(client.chat.update({ channel, ts, text: "é".repeat(2_001) }))).error).toBe("msg_too_long");
    await client.chat.update({ channel, ts, text: "é".repeat(2_000) });
  });

  test("a view of more than 250 KB is refused", async () => {
    const { client } = await start();
    const publish = (count: number) => client.apiCall("views.publish", { user_id: danaId, view: viewOf(count) });
    expect((await refusal(publish(20))).error).toBe("view_too_large");
    await publish(15);
  });
});

/** A menu of a hundred choices is about 13 KB. */
const viewOf = (menus: number) => ({ type: "home", blocks: Array.from({ length: menus }, (_, index) => menu(index)) });
const menu = (id: number) => ({
  type: "actions",
  block_id: `b${id}`,
  elements: [{ type: "static_select", options: Array.from({ length: 100 }, (_, index) => option(index)) }],
});
const option = (value: number) => ({ text: { type: "plain_text", text: "x".repeat(75) }, value: String(value) });

describe("history", () => {
  const metadata = { event_type: "effect", event_payload: { key: "exec-1/notify" } };

  test("a lost receipt is found by its metadata, which comes only when asked for", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    const { ts } = await botPosts(client, { channel, text: "x", metadata });
    const [bare] = (await client.conversations.history({ channel })).messages ?? [];
    expect(bare?.metadata).toEqual({ event_type: "effect" });
    const [whole] = (await client.conversations.history({ channel, include_all_metadata: true })).messages ?? [];
    expect([whole?.ts, whole?.metadata]).toEqual([ts, metadata]);
    const broken = client.apiCall("chat.postMessage", { channel, text: "x", metadata: { event_payload: {} } });
    expect((await refusal(broken)).error).toBe("invalid_metadata_format");
  });

  test("pages cover every message once, newest first, without the replies", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    const { ts: head = "" } = await botPosts(client, { channel, text: "0" });
    await botPosts(client, { channel, text: "reply", thread_ts: head });
    for (const text of ["1", "2", "3", "4"]) await botPosts(client, { channel, text });
    const seen: (string | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const answer = await client.conversations.history({ channel, limit: 2, ...(cursor ? { cursor } : {}) });
      seen.push(...(answer.messages ?? []).map(({ text }) => text));
      cursor = answer.response_metadata?.next_cursor;
    } while (cursor);
    expect(seen).toEqual(["4", "3", "2", "1", "0"]);
  });

  test("oldest and latest leave their ends out unless inclusive", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    const stamps: string[] = [];
    for (const text of ["a", "b", "c"]) stamps.push((await botPosts(client, { channel, text })).ts ?? "");
    const [oldest = "", , latest = ""] = stamps;
    const texts = async (inclusive: boolean) =>
      ((await client.conversations.history({ channel, oldest, latest, inclusive })).messages ?? []).map(
        ({ text }) => text,
      );
    expect(await texts(false)).toEqual(["b"]);
    expect(await texts(true)).toEqual(["c", "b", "a"]);
  });

  test("a thread shows its head first; its head tells how many answered", async () => {
    const { client, page } = await start();
    const channel = await page.channel("revops");
    const { ts = "" } = await botPosts(client, { channel, text: "head" });
    const { ts: first = "" } = await botPosts(client, { channel, text: "first", thread_ts: ts });
    await botPosts(client, { channel, text: "answer to the first", thread_ts: first, metadata });
    const { messages = [] } = await client.conversations.replies({ channel, ts, include_all_metadata: true });
    expect(messages.map(({ text }) => text)).toEqual(["head", "first", "answer to the first"]);
    expect(messages[0]).toMatchObject({ reply_count: 2, thread_ts: ts });
    expect(messages[2]?.metadata).toEqual(metadata);
    expect((await page.messages(channel))[0]?.replyCount).toBe(2);
    expect((await refusal(client.conversations.replies({ channel, ts: "1000000000.000001" }))).error).toBe(
      "thread_not_found",
    );
  });
});

describe("people and channels", () => {
  test("people are found by id and by mail address, with their zone", async () => {
    const { client } = await start();
    expect((await client.users.lookupByEmail({ email: "Dana@Example.com" })).user?.id).toBe(danaId);
    const { user } = await client.users.info({ user: danaId });
    expect(user).toMatchObject({ real_name: "Dana Reyes", tz: "Europe/Berlin", is_bot: false });
    expect(user?.profile?.email).toBe("dana@example.com");
    expect((await refusal(client.users.lookupByEmail({ email: "no@example.com" }))).error).toBe("users_not_found");
    expect((await refusal(client.users.info({ user: "UNOBODY" }))).error).toBe("user_not_found");
  });

  test("users.list pages through everybody and the bot", async () => {
    const { client } = await start();
    const names: (string | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const answer = await client.users.list({ limit: 2, ...(cursor ? { cursor } : {}) });
      names.push(...(answer.members ?? []).map((member) => member.real_name));
      cursor = answer.response_metadata?.next_cursor;
    } while (cursor);
    expect(names).toEqual(["Lee Lead", "Dana Reyes", "Olga Out", "RevOps"]);
  });

  test("the bot sees every channel and is in all but one; a direct message has an id for each person", async () => {
    const { client, page } = await start();
    const { channels = [] } = await client.conversations.list({ types: "public_channel" });
    expect(channels.map(({ name, is_member }) => [name, is_member])).toEqual(
      ["revops", "renewals", "churn", "general", "finance"].map((name) => [name, name !== "finance"]),
    );
    const { channel } = await client.conversations.open({ users: danaId });
    expect(channel?.id).toBe(await page.direct(danaId));
    expect((await client.conversations.info({ channel: channel?.id ?? "" })).channel).toMatchObject({
      is_im: true,
      user: danaId,
    });
    expect((await refusal(client.conversations.open({ users: "UNOBODY" }))).error).toBe("user_not_found");
    expect((await refusal(client.conversations.info({ channel: "#revops" }))).error).toBe("channel_not_found");
  });

  test("where nobody invited the bot it can neither write nor read, until somebody does", async () => {
    const { client, page } = await start();
    const channel = await page.channel("finance");
    const calls = () => [
      botPosts(client, { channel: "#finance", text: "hello" }),
      client.chat.postEphemeral({ channel, user: danaId, text: "hello" }),
      client.conversations.history({ channel }),
      client.conversations.replies({ channel, ts: "1700000000.000100" }),
    ];
    for (const call of calls()) expect((await refusal(call)).error).toBe("not_in_channel");
    expect((await refusal(client.conversations.join({ channel }))).error).toBe("missing_scope");
    expect((await page.say({ channel, text: "/invite @Dana Reyes" })).error).toMatch(/^Say whom: \/invite @RevOps/);
    expect((await refusal(botPosts(client, { channel, text: "still not" }))).error).toBe("not_in_channel");
    expect(await page.say({ channel, text: "/invite @revops" })).toEqual({ ok: true });
    await botPosts(client, { channel, text: "here" });
    expect(await page.texts(channel)).toEqual(["here"]);
    expect((await client.conversations.info({ channel })).channel?.is_member).toBe(true);
    expect((await page.say({ channel, text: "/invite @RevOps" })).error).toMatch(/already in this channel/);
  });

  test("a group's handle leads to its people", async () => {
    const { client } = await start({
      groups: [{ handle: "csm", name: "Customer success", emails: ["dana@example.com"] }],
    });
    const { usergroups = [] } = await client.usergroups.list();
    expect(usergroups.map(({ handle }) => handle)).toEqual(["csm"]);
    expect((await client.usergroups.users.list({ usergroup: usergroups[0]?.id ?? "" })).users).toEqual([danaId]);
    expect((await refusal(client.usergroups.users.list({ usergroup: "S1" }))).error).toBe("no_such_subteam");
  });

  test("a permalink leads to the message in the page", async () => {
    const { client, page } = await start();
    const channel = await page.channel("renewals");
    const { ts = "" } = await botPosts(client, { channel, text: "x" });
    const { permalink = "" } = await client.chat.getPermalink({ channel, message_ts: ts });
    const response = await fetch(permalink, { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([302, `/#/c/renewals/${ts}`]);
  });
});
