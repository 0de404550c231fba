/** Are cards posted once, edited in place, found again by their key, and patient with Slack's limits? */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FailureError } from "../../../src/flow/failure.ts";
import { DoubtError, type Presenter } from "../../../src/notify/notifier.ts";
import { createSlackPresenter } from "../../../src/notify/slack/slack-presenter.ts";
import { now, sampleApproval, sampleBatch } from "./sample-cards.ts";
import { openQueue } from "./open-queue.ts";
import { startSlack, type SlackStandIn } from "./slack-stand-in.ts";

let slack: SlackStandIn;
let presenter: Presenter;
let paused: number[];
beforeEach(async () => {
  slack = await startSlack();
  paused = [];
  presenter = createSlackPresenter({
    client: slack.client,
    people: nobody,
    queue: openQueue(paused),
  });
});
afterEach(() => slack.close());

const nobody = { resolve: () => Promise.resolve([]) };
const card = sampleApproval();
const post = () => presenter.postCard({ key: "exec/step#card", card, channel: "#renewals", under: null });
const throttled = { method: "chat.postMessage", status: 429, headers: { "retry-after": "3" } };

describe("a card", () => {
  it("is posted with its blocks, its fallback and its key, and says where it stands", async () => {
    expect(await post()).toEqual({ channel: "C0RENEWALS", ts: "1794578400.000100" });
    const [message] = slack.messages;
    expect(message?.text).toContain("Approval needed: Acme Robotics");
    expect(message?.metadata).toEqual({ event_type: "revops_card", event_payload: { key: "exec/step#card" } });
    expect(message?.blocks).toHaveLength(5);
  });

  it("is edited in place", async () => {
    const place = await post();
    await presenter.updateCard({ key: "exec/step#card", card: sampleBatch(), place });
    expect(slack.messages).toHaveLength(1);
    expect(slack.messages[0]?.text).toContain("12 of 40 customers match");
  });

  it("that is gone is no error to edit", async () => {
    const place = { channel: "C0RENEWALS", ts: "1.1" };
    await expect(presenter.updateCard({ key: "k", card, place })).resolves.toBeUndefined();
  });

  it("is found again by its key after a restart, in the channel's name or id", async () => {
    const place = await post();
    const restarted = createSlackPresenter({ client: slack.client, people: nobody, queue: openQueue() });
    expect(await restarted.findCard({ key: "exec/step#card", channel: "#renewals", under: null, since: now })).toEqual(
      place,
    );
    expect(await restarted.findCard({ key: "exec/step#card", channel: "C0RENEWALS", under: null, since: now })).toEqual(
      place,
    );
    expect(await restarted.findCard({ key: "other", channel: "#renewals", under: null, since: now })).toBeNull();
  });

  it("whose post got no answer is a doubt, for findCard to settle", async () => {
    slack.troubles.push({ method: "chat.postMessage", happens: true, cut: true });
    await expect(post()).rejects.toBeInstanceOf(DoubtError);
    expect(
      await presenter.findCard({ key: "exec/step#card", channel: "#renewals", under: null, since: now }),
    ).not.toBeNull();
  });

  it("whose edit got no answer is simply edited again by who asked", async () => {
    const place = await post();
    slack.troubles.push({ method: "chat.update", cut: true });
    const attempt = presenter.updateCard({ key: "k", card, place });
    await expect(attempt).rejects.toMatchObject({ failure: { error: "Agent.Unavailable" } });
  });
});

describe("a reply", () => {
  it("stands in the thread of its card, and is found there and nowhere else", async () => {
    const place = await post();
    const details = { kind: "details" as const, approval: card };
    const reply = await presenter.postCard({ key: "d", card: details, channel: "#renewals", under: place });
    expect(slack.messages[1]).toMatchObject({ channel: "C0RENEWALS", thread_ts: place.ts });
    const find = (under: typeof place | null) =>
      presenter.findCard({ key: "d", channel: "#renewals", under, since: now });
    expect(await find(place)).toEqual(reply);
    expect(await find(null)).toBeNull();
  });

  it("that reminds people names them, so that Slack tells them, but not who may not decide", async () => {
    const waitingFor = [{ reference: "dana@example.com", label: "Dana Reyes" }];
    const dana = { user_id: "UDANA", email: "dana@example.com", name: "Dana" };
    const people = { resolve: () => Promise.resolve([dana, { ...dana, user_id: "ULEE", name: "Lee" }]) };
    const telling = createSlackPresenter({ client: slack.client, people, queue: openQueue() });
    const note = { type: "reminded" as const, waitingFor, requesterId: "ULEE", expiresAt: null };
    const { executionId, stepId, timezone } = card;
    const reminder = { kind: "note" as const, executionId, stepId, timezone, at: now, note };
    await telling.postCard({ key: "r", card: reminder, channel: "#renewals", under: await post() });
    expect(JSON.stringify(slack.messages[1]?.blocks)).toContain("<@UDANA>");
    expect(JSON.stringify(slack.messages[1]?.blocks)).not.toContain("ULEE");
  });
});

describe("a presenter that is throttled", () => {
  it("waits as long as Slack asks and posts once", async () => {
    slack.troubles.push(throttled, throttled);
    await post();
    expect(paused).toEqual([3000, 3000]);
    expect(slack.messages).toHaveLength(1);
  });

  it("lets other channels go on meanwhile", async () => {
    const waiting = Promise.withResolvers<void>();
    const patient = createSlackPresenter({
      client: slack.client,
      people: nobody,
      queue: openQueue([], () => waiting.promise),
    });
    slack.troubles.push(throttled);
    const held = patient.postCard({ key: "a", card, channel: "#renewals", under: null });
    await slack.whenCalled("chat.postMessage");
    await patient.postCard({ key: "b", card, channel: "C0OTHER", under: null });
    expect(slack.messages.map(({ channel }) => channel)).toEqual(["C0OTHER"]);
    waiting.resolve();
    await held;
  });

  it("gives up after some waits, or at one that is too long, and says when to come again", async () => {
    slack.troubles.push(...Array.from({ length: 6 }, () => throttled));
    await expect(post()).rejects.toMatchObject({ retryAfterMs: 3000 });
    expect(paused).toHaveLength(5);
    slack.troubles.push({ ...throttled, headers: { "retry-after": "600" } });
    const attempt = post();
    await expect(attempt).rejects.toBeInstanceOf(FailureError);
    await expect(attempt).rejects.toMatchObject({ retryAfterMs: 600_000 });
    // What Slack asked for last still counts; ten minutes are not waited for.
    expect(paused).toEqual([3000, 3000, 3000, 3000, 3000, 3000]);
  });
});
