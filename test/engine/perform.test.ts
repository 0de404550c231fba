/** E2: what a lost process may have sent is no failure that is tried again unasked. */
import { expect, test } from "vitest";
import { performEffect } from "../../src/engine/perform.ts";
import type { Receipt } from "../../src/flow/effect.ts";
import type { StepEffect } from "../../src/flow/execution.ts";
import { noTime } from "../../src/testing/virtual-clock.ts";
import { VirtualClock } from "./virtual-clock.ts";

const receipt: Receipt = { id: "1", summary: "sent", url: null };
const begun: StepEffect = {
  key: "e/notify/slack",
  planned: { target: "slack", effect: { kind: "slack_message", to: { kind: "channel", channel: "#x" }, text: "hi" } },
  generation: 1,
  state: { status: "begun", at: 0 },
  begunAt: 0,
  begunAttempt: 1,
  resolution: null,
};

function context({ leftMs, find }: { leftMs: number; find: () => Promise<Receipt | null> }) {
  const clock = new VirtualClock();
  const sent: string[] = [];
  const perform = ({ key }: { key: string }) => {
    sent.push(key);
    return Promise.resolve(receipt);
  };
  const slack = { kinds: ["slack_message" as const], idempotency: "lookup" as const, perform, find };
  const lease = { owner: "next", expiresAt: () => clock.now() + leftMs, release: () => Promise.resolve() };
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  return { sent, context: { notifiers: [slack], lease, realTime: noTime(clock), clock, logger: silent } };
}

test.each([
  ["isn't there", () => Promise.resolve(null)],
  ["can't be looked for", () => Promise.reject(new Error("Slack is away"))],
])("the lease runs out while a lost sender's message %s: a doubt, and nothing is sent", async (_what, find) => {
  const { context: next, sent } = context({ leftMs: 1_000, find });
  expect(await performEffect(next, { effect: begun, attempt: 2, isSenderLost: true })).toMatchObject({
    kind: "doubtful",
  });
  expect(sent).toEqual([]);
});

test("the lease runs out while a lost sender's message is there: it was performed", async () => {
  const { context: next, sent } = context({ leftMs: 1_000, find: () => Promise.resolve(receipt) });
  expect(await performEffect(next, { effect: begun, attempt: 2, isSenderLost: true })).toMatchObject({
    kind: "performed",
  });
  expect(sent).toEqual([]);
});
