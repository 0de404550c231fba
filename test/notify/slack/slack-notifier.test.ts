/** E2: after each way in which a call of Slack can end, is what is said of the message true? Real WebClient, loopback server. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SlackMessageEffect } from "../../../src/flow/effect.ts";
import { FailureError } from "../../../src/flow/failure.ts";
import { DoubtError, type Notifier } from "../../../src/notify/notifier.ts";
import { directMessageInstead } from "../../../src/notify/slack/direct-message-instead.ts";
import { createSlackNotifier } from "../../../src/notify/slack/slack-notifier.ts";
import { sampleApproval, dana, now } from "./sample-cards.ts";
import { openQueue } from "./open-queue.ts";
import { startSlack, type SlackStandIn } from "./slack-stand-in.ts";

let slack: SlackStandIn;
let notifier: Notifier;
beforeEach(async () => {
  slack = await startSlack();
  const people = {
    find: async (who: { email: string } | { userId: string }) =>
      "email" in who && who.email === dana.email ? dana : null,
  };
  notifier = createSlackNotifier({ client: slack.client, people, queue: openQueue() });
});
afterEach(() => slack.close());

const toDana: SlackMessageEffect = { kind: "slack_message", to: { kind: "person", email: dana.email }, text: "Hello" };
const toChannel: SlackMessageEffect = {
  kind: "slack_message",
  to: { kind: "channel", channel: "#renewals" },
  text: "Hi",
};
const never = new AbortController().signal;

function perform(effect: SlackMessageEffect = toDana, key = "exec/step/slack", signal = never) {
  return notifier.perform({ key, effect, now, signal });
}

function find(effect: SlackMessageEffect = toDana, key = "exec/step/slack", since = now) {
  return notifier.find?.({ key, effect, since, signal: never });
}

async function endOf(attempt: Promise<unknown> | undefined): Promise<FailureError | DoubtError> {
  const error: unknown = await attempt?.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof FailureError || error instanceof DoubtError) return error;
  throw new Error("neither a failure nor a doubt", { cause: error });
}

async function wordOf(attempt: Promise<unknown> | undefined): Promise<string> {
  const error = await endOf(attempt);
  return error instanceof DoubtError ? "doubt" : error.failure.error;
}

function said(error: string): string {
  return JSON.stringify({ ok: false, error });
}

describe("a message", () => {
  it("to a person goes to their direct messages, with the key in its metadata", async () => {
    const receipt = await perform();
    expect(slack.messages).toEqual([
      expect.objectContaining({
        channel: "D0U01",
        text: "Hello",
        metadata: { event_type: "revops_effect", event_payload: { key: "exec/step/slack" } },
      }),
    ]);
    expect(receipt).toEqual({ id: "D0U01:1794578400.000100", summary: "message to dana.reyes@example.com", url: null });
  });

  it("to a channel goes there by its name, which is looked up once", async () => {
    await perform(toChannel);
    await perform(toChannel, "another");
    expect(slack.messages.map(({ channel }) => channel)).toEqual(["C0RENEWALS", "C0RENEWALS"]);
    expect(slack.called("conversations.list")).toBe(1);
  });

  it("to nobody of this workspace names the address", async () => {
    const error = await endOf(perform({ ...toDana, to: { kind: "person", email: "who@example.com" } }));
    expect(error.message).toContain(
      "Recipient.Missing: Nobody in this Slack workspace has the mail address who@example.com",
    );
  });

  it("to no channel says where to look", async () => {
    const effect = { ...toChannel, to: { kind: "channel", channel: "#nowhere" } } as const;
    expect((await endOf(perform(effect))).message).toContain(
      "Slack knows no channel #nowhere. Check the channels in revops.yml",
    );
  });
});

describe("a post that goes wrong", () => {
  const method = "chat.postMessage";

  it.each([
    ["is throttled", { status: 429, headers: { "retry-after": "30" } }, "Agent.Throttled"],
    ["is throttled in Slack's words", { body: said("ratelimited") }, "Agent.Throttled"],
    ["is refused: the app isn't in the channel", { body: said("not_in_channel") }, "Effect.Refused"],
    ["is refused: no such channel", { body: said("channel_not_found") }, "Effect.Refused"],
    ["is refused: the layout", { body: said("invalid_blocks") }, "Effect.Refused"],
    ["is refused: the token", { body: said("invalid_auth") }, "Effect.Refused"],
    ["is refused for a reason not known here", { body: said("some_new_reason") }, "Effect.Refused"],
    ["finds no API there", { status: 404 }, "Effect.Refused"],
    ["gets an HTTP 500", { status: 500 }, "doubt"],
    ["gets Slack's own fatal error", { body: said("fatal_error") }, "doubt"],
    ["gets half an answer", { body: '{"ok":tr' }, "doubt"],
    ["gets a page instead of an answer", { body: "<html>Bad gateway</html>" }, "doubt"],
    ["gets an answer without a message", { body: '{"ok":true}' }, "doubt"],
    ["is cut off", { cut: true }, "doubt"],
  ])("and %s", async (_name, trouble, word) => {
    slack.troubles.push({ method, ...trouble });
    expect(await wordOf(perform())).toBe(word);
    expect(slack.called(method)).toBe(1);
  });

  it("says when to come again, and what to do about a refusal", async () => {
    slack.troubles.push(
      { method, status: 429, headers: { "retry-after": "30" } },
      { method, body: said("not_in_channel") },
    );
    const throttled = await endOf(perform(toChannel));
    expect(throttled instanceof FailureError ? throttled.retryAfterMs : null).toBe(30_000);
    expect((await endOf(perform(toChannel))).message).toContain(
      "The app isn't in #renewals. Invite it there with /invite",
    );
  });

  it("and finds nobody listening was never sent", async () => {
    await slack.close();
    expect(await wordOf(perform({ ...toChannel, to: { kind: "channel", channel: "C0RENEWALS" } }))).toBe(
      "Agent.Unavailable",
    );
  });

  it("by its deadline is a doubt, and the request is given up", async () => {
    slack.troubles.push({ method, hang: true });
    const deadline = new AbortController();
    const attempt = wordOf(perform(toDana, "k", deadline.signal));
    await slack.whenCalled(method);
    deadline.abort();
    expect(await attempt).toBe("doubt");
  });

  it("before it was posted is no doubt: what only asks may be asked again", async () => {
    slack.troubles.push({ method: "conversations.open", cut: true });
    expect(await wordOf(perform())).toBe("Agent.Unavailable");
    expect(slack.called(method)).toBe(0);
  });

  it("never shows the token", async () => {
    slack.troubles.push({ method, body: said("invalid_auth") });
    expect((await endOf(perform())).message).not.toContain("xoxb");
  });
});

describe("a message whose answer was lost", () => {
  it("is found by its key, over as many pages as it takes, and nothing else is", async () => {
    slack.troubles.push({ method: "chat.postMessage", happens: true, cut: true });
    expect(await wordOf(perform())).toBe("doubt");
    for (const key of ["a", "b", "c", "d"]) await perform(toDana, key);
    expect(await find()).toEqual({
      id: "D0U01:1794578400.000100",
      summary: "message to dana.reyes@example.com",
      url: null,
    });
    expect(await find(toDana, "exec/step/other")).toBeNull();
    expect(slack.called("conversations.history")).toBeGreaterThan(3);
  });

  it("is found though the engine's clock runs ahead of Slack's", async () => {
    await perform();
    expect(await find(toDana, "exec/step/slack", now + 86_400_000)).not.toBeNull();
  });

  it("isn't said to be missing when Slack can't be asked", async () => {
    slack.troubles.push({ method: "conversations.history", status: 500 });
    expect(await wordOf(find())).toBe("Agent.Unavailable");
  });
});

describe("a mail where no mail server is set up", () => {
  it("comes as a direct message, escaped, under the same key", async () => {
    const instead = directMessageInstead({ slack: notifier, kind: "email" });
    const email = { kind: "email", to: dana.email, subject: "<!channel>", html: "", text: "a & b" } as const;
    await instead.perform({ key: "k", effect: email, now, signal: never });
    expect(slack.messages[0]?.text).toBe("*&lt;!channel&gt;*\na &amp; b");
    expect(await instead.find?.({ key: "k", effect: email, since: now, signal: never })).not.toBeNull();
  });

  it("and an event asks the first guest to book it", async () => {
    const instead = directMessageInstead({ slack: notifier, kind: "calendar_event" });
    const event = sampleApproval().plans[1]?.effects[0]?.effect ?? toDana;
    await instead.perform({ key: "k", effect: event, now, signal: never });
    expect(slack.messages[0]?.text).toContain(
      "please book it yourself: event on Mon 16 Nov 10:00 (America/New_York), 30 min",
    );
  });
});
