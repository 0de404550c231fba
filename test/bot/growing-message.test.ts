/** How often an answer that comes is shown: not before a second, then every two seconds at most, however many words arrive; and whole at the end. */
import { WebClient } from "@slack/web-api";
import { expect, test } from "vitest";
import { GrowingMessage } from "../../src/bot/questions/growing-message.ts";
import { InOrder } from "../../src/bot/questions/in-order.ts";
import { sentence } from "../../src/bot/views/message.ts";
import { ChannelQueue } from "../../src/notify/slack/channel-queue.ts";
import { FakeSlack } from "./fake-slack.ts";

/** On a clock that stands until the test moves it. */
function growing() {
  const slack = new FakeSlack();
  slack.answers.set("chat.postMessage", { ts: "1.1" });
  const time = { now: 0 };
  const waiting: { until: number; over: () => void }[] = [];
  const wait = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      waiting.push({ until: time.now + ms, over: resolve });
      signal?.addEventListener("abort", () => resolve());
    });
  const queue = new ChannelQueue({ now: () => time.now, pause: (ms) => wait(ms) });
  const stopping = new AbortController().signal;
  const tools = { queue, inOrder: new InOrder(), realNow: () => time.now, pause: wait, stopping };
  const options = { slackApiUrl: "https://slack.test/api/", fetch: slack.fetch, retryConfig: { retries: 0 } };
  const client = new WebClient("xoxb-1", options);
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  const message = new GrowingMessage({ client, channel: "C1", threadTs: "1.0", tools, logger });
  const moveTo = async (at: number) => {
    time.now = at;
    for (const { until, over } of waiting) if (until <= at) over();
    // What follows from it crosses a (fake) wire.
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const shown = () => slack.calls.map(({ method, args }) => `${method} ${String(args["text"])}`);
  return { slack, message, moveTo, shown };
}

test("a hundred pieces within five seconds are shown three times, and once more at the end", async () => {
  const { message, moveTo, shown } = growing();
  for (let piece = 1; piece <= 100; piece += 1) {
    message.show(sentence(`piece ${piece}`));
    await moveTo(piece * 50);
  }
  expect(shown()).toEqual(["chat.postMessage piece 20", "chat.update piece 60", "chat.update piece 100"]);
  await message.end(sentence("all of it"), { about: "cust-1" });
  expect(shown().at(-1)).toBe("chat.update all of it");
});

test("an answer that is there within a second is posted whole, once", async () => {
  const { message, moveTo, shown } = growing();
  message.show(sentence("a beginning"));
  await moveTo(900);
  await message.end(sentence("all of it"), { about: null });
  await moveTo(5_000);
  expect(shown()).toEqual(["chat.postMessage all of it"]);
});

test("Slack asks to wait: the whole answer comes afterwards, and nothing older after it", async () => {
  const { slack, message, moveTo, shown } = growing();
  message.show(sentence("a beginning"));
  await moveTo(1_000);
  slack.answers.set("chat.update", "ratelimited");
  message.show(sentence("more"));
  await moveTo(3_000);
  const ended = message.end(sentence("all of it"), { about: null });
  slack.answers.delete("chat.update");
  await moveTo(60_000);
  await moveTo(120_000);
  await ended;
  expect(shown().at(-1)).toBe("chat.update all of it");
});
