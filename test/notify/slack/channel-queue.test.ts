/** Slack's pace: who waits, for how long, and who doesn't. */
import { describe, expect, test } from "vitest";
import { FailureError } from "../../../src/flow/failure.ts";
import { ChannelQueue } from "../../../src/notify/slack/channel-queue.ts";

/** Until all that can go on by itself has. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A clock that moves when everybody waits: what was asked for is noted with the instant at which it went out. */
function paced() {
  let now = 0;
  const waiting: { at: number; resolve: () => void }[] = [];
  const sent: string[] = [];
  const queue = new ChannelQueue({
    now: () => now,
    pause: (ms) => new Promise((resolve) => waiting.push({ at: now + ms, resolve })),
  });
  const post = (channel: string, name: string, faults: (number | null)[] = []) =>
    queue.post(channel, async () => {
      const fault = faults.shift();
      if (fault !== undefined) throw throttled(fault);
      sent.push(`${now / 1000} ${name}`);
      return name;
    });
  const runTo = async (until: number) => {
    await settle();
    for (;;) {
      const next = waiting.toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined || next.at > until) break;
      waiting.splice(waiting.indexOf(next), 1);
      now = next.at;
      next.resolve();
      await settle();
    }
    now = until;
  };
  return { queue, sent, post, runTo };
}

function throttled(seconds: number | null): FailureError {
  const options = seconds === null ? {} : { retryAfterMs: seconds * 1000 };
  return new FailureError({ error: "Agent.Throttled", cause: "slow down" }, options);
}

describe("one channel", () => {
  test("takes a short burst, then a message a second, in the order asked for", async () => {
    const { sent, post, runTo } = paced();
    for (let index = 1; index <= 10; index += 1) void post("C1", `m${index}`);
    await runTo(60_000);
    expect(sent).toEqual(["0 m1", "0 m2", "0 m3", "0 m4", "0 m5", "0 m6", "1 m7", "2 m8", "3 m9", "4 m10"]);
  });

  test("that was quiet for a while takes a burst again, and no larger one", async () => {
    const { sent, post, runTo } = paced();
    for (let index = 1; index <= 6; index += 1) void post("C1", `a${index}`);
    await runTo(3_600_000);
    sent.length = 0;
    for (let index = 1; index <= 8; index += 1) void post("C1", `b${index}`);
    await runTo(3_700_000);
    expect(sent.map((line) => line.split(" ")[0])).toEqual([
      "3600",
      "3600",
      "3600",
      "3600",
      "3600",
      "3600",
      "3601",
      "3602",
    ]);
  });

  test("throttled, waits as long as Slack asks, repeats that one and keeps the order; the others go on", async () => {
    const { sent, post, runTo } = paced();
    void post("C1", "first", [30, null]);
    void post("C1", "second");
    void post("C2", "elsewhere");
    await runTo(60_000);
    expect(sent).toEqual(["0 elsewhere", "31 first", "31 second"]);
  });

  test("a message that fails for another reason isn't repeated and holds nobody up", async () => {
    const { queue, sent, post, runTo } = paced();
    const failing = queue.post("C1", () => Promise.reject(new Error("no answer")));
    const answer = failing.catch((error: unknown) => String(error));
    void post("C1", "next");
    await runTo(1_000);
    expect(await answer).toBe("Error: no answer");
    expect(sent).toEqual(["0 next"]);
  });

  test("throttled for ever, it is handed back with the time to come again", async () => {
    const { post, runTo } = paced();
    const stubborn = post(
      "C1",
      "never",
      Array.from({ length: 9 }, () => 2),
    );
    const answer = stubborn.catch((error: unknown) => error);
    await runTo(60_000);
    expect(await answer).toMatchObject({ retryAfterMs: 2_000 });
    const long = post("C2", "too long", [600]).catch((error: unknown) => error);
    await runTo(61_000);
    expect(await long).toMatchObject({ retryAfterMs: 600_000 });
  });
});

test("edits are held together when Slack throttles their method, and posts go on", async () => {
  const { queue, sent, post, runTo } = paced();
  const edit = (name: string, faults: number[] = []) =>
    queue.call("chat.update", async () => {
      const fault = faults.shift();
      if (fault !== undefined) throw throttled(fault);
      sent.push(name);
    });
  void edit("one", [5]);
  await runTo(1_000);
  void edit("two");
  void post("C1", "post");
  await runTo(2_000);
  expect(sent).toEqual(["1 post"]);
  await runTo(10_000);
  expect(sent.toSorted()).toEqual(["1 post", "one", "two"]);
});
