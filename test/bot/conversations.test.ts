/** Mentions, direct messages, the Home tab, and what Slack sends twice. */
import { describe, expect, test } from "vitest";
import { allText, bot } from "./bot-harness.ts";
import { directMessage, event, mention } from "./fake-slack.ts";
import { ways } from "./slack-delivery.ts";

describe.each(ways)("over %s", (way) => {
  test("a mention is answered in its thread with the command's words", async () => {
    const { receiver, slack } = await bot(way);
    await receiver.deliver(mention("<@UBOT> status"));
    expect(slack.of("chat.postMessage")).toMatchObject([{ channel: "C1", thread_ts: "200.1" }]);
    expect(allText(slack.of("chat.postMessage")[0] ?? {})).toContain("Nothing is running");
  });

  test("a mention in a thread stays in that thread; the bot's name may stand anywhere", async () => {
    const { receiver, slack } = await bot(way);
    await receiver.deliver(mention("help <@UBOT>", { thread_ts: "150.1" }));
    expect(slack.of("chat.postMessage")).toMatchObject([{ thread_ts: "150.1" }]);
    expect(allText(slack.of("chat.postMessage")[0] ?? {})).toContain("What works today");
  });

  test("a direct message is answered where it was written", async () => {
    const { receiver, slack } = await bot(way);
    await receiver.deliver(directMessage("rnu"));
    expect(slack.of("chat.postMessage")).toMatchObject([{ channel: "D1" }]);
    expect(slack.of("chat.postMessage")[0]).not.toHaveProperty("thread_ts");
    expect(allText(slack.of("chat.postMessage")[0] ?? {})).toContain("Did you mean `/revops run`?");
  });

  test("the same event twice is handled once, whatever the envelope", async () => {
    const { receiver, slack, engine } = await bot(way);
    const body = mention("<@UBOT> run renewal_management Acme Robotics");
    await receiver.deliver(body);
    await receiver.deliver(body, { num: 1, reason: "http_timeout" });
    expect(engine.of("start")).toHaveLength(1);
    expect(slack.of("chat.postMessage")).toHaveLength(1);
  });

  test("an event that Slack sends again is logged as such, though the first delivery never arrived", async () => {
    const { receiver, slack, logs } = await bot(way);
    await receiver.deliver(mention("<@UBOT> help"), { num: 2, reason: "http_timeout" });
    expect(slack.of("chat.postMessage")).toHaveLength(1);
    expect(logs).toMatchObject([{ level: "info", fields: { retryNum: 2, retryReason: "http_timeout" } }]);
    expect(JSON.stringify(logs)).not.toContain("help");
  });

  test("two events are two", async () => {
    const { receiver, slack } = await bot(way);
    await receiver.deliver(directMessage("help"));
    await receiver.deliver(directMessage("help"));
    expect(slack.of("chat.postMessage")).toHaveLength(2);
  });

  test.each([
    ["its own", { user: "UBOT", bot_id: "BBOT" }],
    ["another bot's", { bot_id: "BOTHER" }],
    ["an edit", { subtype: "message_changed", message: { text: "status" } }],
    ["in a channel", { channel_type: "channel" }],
  ])("a message that is %s is not answered", async (_what, fields) => {
    const { receiver, slack } = await bot(way);
    await receiver.deliver(directMessage("status", fields));
    expect(slack.calls).toEqual([]);
  });

  test("an engine that throws is told in the thread, by reference", async () => {
    const { receiver, engine, slack } = await bot(way);
    engine.fault = new Error("boom");
    await receiver.deliver(mention("<@UBOT> status"));
    expect(slack.of("chat.postMessage")).toMatchObject([{ thread_ts: "200.1" }]);
    expect(allText(slack.of("chat.postMessage")[0] ?? {})).toMatch(/reference [0-9a-f]{6}/);
  });

  test("where even the answer can't be posted, the log says so and nothing is thrown", async () => {
    const { receiver, slack, logs } = await bot(way);
    slack.answers.set("chat.postMessage", "not_in_channel");
    await receiver.deliver(mention("<@UBOT> status"));
    expect(logs.map(({ message }) => message)).toContain("an answer could not be given in Slack");
  });

  test("the Home tab is made for whoever opens it; the Messages tab reports itself and gets nothing", async () => {
    const { receiver, slack } = await bot(way);
    await receiver.deliver(
      event({ type: "app_home_opened", user: "UDANA", channel: "D1", tab: "messages", event_ts: "1" }),
    );
    expect(slack.calls).toEqual([]);
    await receiver.deliver(
      event({ type: "app_home_opened", user: "UDANA", channel: "D1", tab: "home", event_ts: "2" }),
    );
    expect(slack.of("views.publish")).toMatchObject([{ user_id: "UDANA", view: { type: "home" } }]);
    expect(JSON.stringify(slack.of("views.publish"))).toContain("/revops help");
  });

  test("an unknown shortcut and a menu that nobody fills are acknowledged", async () => {
    const { receiver, slack } = await bot(way);
    const team = { id: "T1", domain: "test" };
    const user = { id: "UDANA" };
    const shortcut = { type: "shortcut", callback_id: "old", trigger_id: "t", team, user };
    expect(await receiver.deliver(shortcut)).toBeUndefined();
    expect(JSON.stringify(slack.of("views.open"))).toContain("another version");
    const options = { type: "block_suggestion", action_id: "old", block_id: "b", value: "x", team, user };
    expect(await receiver.deliver(options)).toEqual({ options: [] });
  });

  test("a stop lets what is being answered end", async () => {
    const { receiver, engine, inFlight, slack } = await bot(way);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    engine.list = async () => {
      begin();
      await held;
      return [];
    };
    const delivered = receiver.deliver(directMessage("status"));
    await begun;
    let isSettled = false;
    const settled = inFlight.settled().then(() => (isSettled = true));
    await Promise.resolve();
    expect(isSettled).toBe(false);
    release();
    await settled;
    expect(slack.of("chat.postMessage")).toHaveLength(1);
    await delivered;
  });
});
