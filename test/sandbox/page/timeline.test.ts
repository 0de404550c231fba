import { describe, expect, test } from "vitest";
import { channelTimeline, threadTimeline, unreadOf, type TimelineItem } from "../../../src/sandbox/page/timeline.ts";
import { newWorkspace, replaceMessages, type Workspace } from "../../../src/sandbox/page/workspace.ts";
import type { PageMessage } from "../../../src/sandbox/page-api.ts";
import { BOT, fakeState, LEAD, LEAD_DIRECT, MANAGER, message, NOW, REVOPS } from "./fake-data.ts";

const reader = { zone: "America/New_York", now: NOW };

function workspaceWith(messages: PageMessage[]): Workspace {
  const workspace = newWorkspace(fakeState());
  const byChannel = Map.groupBy(messages, ({ channel }) => channel);
  for (const [channel, own] of byChannel) replaceMessages(workspace, channel, own);
  return workspace;
}

function lines(items: TimelineItem[]): string[] {
  return items.map((item) => (item.kind === "day" ? item.name : item.kind === "new" ? "New" : item.message.text));
}

describe("what stands in a channel?", () => {
  test("days stand between messages, in the reader's zone", () => {
    const workspace = workspaceWith([message({ minutes: -600, text: "late" }), message({ text: "now" })]);
    const items = channelTimeline({ workspace, channel: REVOPS, as: LEAD, reader, readTs: null });
    expect(lines(items)).toEqual(["Yesterday", "late", "Today", "now"]);
  });

  test("what only another sees isn't there", () => {
    const workspace = workspaceWith([
      message({ text: "mine", ephemeralFor: LEAD }),
      message({ text: "hers", ephemeralFor: MANAGER }),
    ]);
    const items = channelTimeline({ workspace, channel: REVOPS, as: LEAD, reader, readTs: null });
    expect(lines(items)).toEqual(["Today", "mine"]);
  });

  test("replies stand in the thread, and are counted even before the server counted them", () => {
    const parent = message({ text: "card" });
    const workspace = workspaceWith([
      parent,
      message({ minutes: 1, text: "why", threadTs: parent.ts }),
      message({ minutes: 2, text: "so", threadTs: parent.ts }),
    ]);
    const items = channelTimeline({ workspace, channel: REVOPS, as: LEAD, reader, readTs: null });
    expect(items.at(-1)).toMatchObject({ replies: { count: 2, lastAt: NOW + 120_000 } });
    const thread = threadTimeline({ workspace, channel: REVOPS, as: LEAD, reader, thread: parent.ts });
    expect(lines(thread)).toEqual(["card", "why", "so"]);
  });

  test("the line above what is new stands once, and not above what one wrote oneself", () => {
    const read = message({ text: "read" });
    const workspace = workspaceWith([
      read,
      message({ minutes: 1, user: LEAD, text: "mine" }),
      message({ minutes: 2, text: "new" }),
      message({ minutes: 3, text: "newer" }),
    ]);
    const items = channelTimeline({ workspace, channel: REVOPS, as: LEAD, reader, readTs: read.ts });
    expect(lines(items)).toEqual(["Today", "read", "mine", "New", "new", "newer"]);
  });

  test("a card has its own name above it, plain lines share one", () => {
    const workspace = workspaceWith([
      message({ text: "a" }),
      message({ text: "b" }),
      message({ text: "card", blocks: [{ type: "divider" }] }),
    ]);
    const items = channelTimeline({ workspace, channel: REVOPS, as: LEAD, reader, readTs: null });
    expect(items.map((item) => item.kind === "message" && item.compact)).toEqual([false, false, true, false]);
  });
});

describe("what is unread?", () => {
  test("others' messages after the last one read; replies and one's own don't count", () => {
    const read = message({ text: "read" });
    const workspace = workspaceWith([
      read,
      message({ minutes: 1, text: `for <@${LEAD}>` }),
      message({ minutes: 1, text: "all" }),
      message({ minutes: 2, user: LEAD }),
      message({ minutes: 3, threadTs: read.ts }),
    ]);
    expect(unreadOf({ workspace, channel: REVOPS, as: LEAD, readTs: read.ts })).toEqual({ count: 2, calls: 1 });
  });

  test("each direct message calls", () => {
    const workspace = workspaceWith([
      message({ channel: LEAD_DIRECT, user: BOT }),
      message({ channel: LEAD_DIRECT, user: BOT }),
    ]);
    expect(unreadOf({ workspace, channel: LEAD_DIRECT, as: LEAD, readTs: null })).toEqual({ count: 2, calls: 2 });
  });
});
