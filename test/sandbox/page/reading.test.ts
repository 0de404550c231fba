/** The page's small pure parts: addresses, dates, places, completion, agenda, unread marks, presses. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agenda } from "../../../src/sandbox/page/agenda.ts";
import {
  completeCommand,
  isCommand,
  newHistory,
  recall,
  remember,
  suggestCommands,
} from "../../../src/sandbox/page/completion.ts";
import { dayName, format, slackDate } from "../../../src/sandbox/page/dates.ts";
import { parsePlace, placeHash, type Place } from "../../../src/sandbox/page/place.ts";
import { createPresses } from "../../../src/sandbox/page/presses.ts";
import { ownAddress, safeImage, safeLink } from "../../../src/sandbox/page/safe-url.ts";
import type { Answer } from "../../../src/sandbox/page/server.ts";
import { sidebarGroups } from "../../../src/sandbox/page/sidebar-groups.ts";
import { newWorkspace, replaceMessages } from "../../../src/sandbox/page/workspace.ts";
import { fakeState, LEAD, LEAD_DIRECT, message, NOW, RENEWALS, REVOPS } from "./fake-data.ts";

const reader = { zone: "America/New_York", now: NOW };

describe("which addresses may be followed?", () => {
  test.each([
    "javascript:alert(1)",
    " javascript:x",
    "java\nscript:x",
    "JAVASCRIPT:x",
    "data:text/html,x",
    "blob:x",
    "file:///etc",
    "",
    "/relative",
  ])("not %j", (address) => {
    expect(safeLink(address)).toBeNull();
    expect(safeImage(address)).toBeNull();
  });
  test.each(["https://a.example", "http://a.example", "mailto:a@b.example"])("%s", (address) => {
    expect(safeLink(address)).toBe(address);
  });
  test.each(["//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "/a b", "", "a"])(
    "%j is not on this server",
    (address) => {
      expect(ownAddress(address)).toBeNull();
    },
  );
  test.each(["/sandbox/files/F01/graph.png", "/sandbox/files/F01?size=2"])("%s is", (address) => {
    expect(ownAddress(address)).toBe(address);
  });
  test("a picture inside the message may be shown, a drawing with scripts may not", () => {
    expect(safeImage("data:image/png;base64,AA")).not.toBeNull();
    expect(safeImage("data:image/svg+xml;base64,AA")).toBeNull();
  });
});

describe("does the address bring one back?", () => {
  const places = fc.oneof(
    fc.record({
      kind: fc.constant("channel" as const),
      name: fc.string({ minLength: 1 }),
      thread: fc.constantFrom(null, "1795528800.000001"),
    }),
    fc.record({ kind: fc.constant("direct" as const), id: fc.string({ minLength: 1 }), thread: fc.constant(null) }),
    fc.record({ kind: fc.constant("inbox" as const), mail: fc.option(fc.string({ minLength: 1 }), { nil: null }) }),
    fc.constantFrom<Place>({ kind: "calendar" }, { kind: "home" }, { kind: "traffic" }),
  );
  test("every place survives it", () => {
    fc.assert(
      fc.property(places, (place) => {
        expect(parsePlace(placeHash(place))).toEqual(place);
      }),
    );
  });
  test.each(["", "#", "#/c", "#/nowhere/x", "#/%"])("%j is no place", (hash) => {
    expect(parsePlace(hash)).toBeNull();
  });
});

describe("are dates in the reader's zone?", () => {
  test("the same instant is another day in Tokyo", () => {
    expect(dayName(NOW, reader)).toBe("Today");
    expect(dayName(NOW, { zone: "Asia/Tokyo", now: NOW - 86_400_000 })).toBe("Tomorrow");
    expect(format(NOW, "time", "Asia/Tokyo")).toBe("23:00");
    expect(dayName(NOW - 400 * 86_400_000, reader)).toBe("Monday 20 October 2025");
  });
  test("a zone that nobody knows breaks nothing", () => {
    expect(format(NOW, "time", "Mars/Olympus")).toBe("14:00");
    expect(format(Number.NaN, "time", "UTC")).toBe("");
  });
  test.each([
    ["{date_short_pretty} at {time}", "today at 09:00"],
    ["{date_num}", "2026-11-24"],
    ["{date}", "24 November"],
    ["{date_long_full}", "24 November 2026"],
    ["{date_long}", "Tuesday 24 November 2026"],
    ["{ago}", "this minute"],
    ["{nonsense}", null],
  ])("Slack's %s", (pattern, expected) => {
    expect(slackDate(NOW / 1000, pattern, reader)).toBe(expected);
  });
});

describe("what does the composer offer?", () => {
  const { commands } = fakeState();
  test("commands while their name is typed, nothing behind it", () => {
    expect(suggestCommands("/", commands).map(({ command }) => command)).toEqual(["/revops", "/remind"]);
    expect(suggestCommands("/REV", commands).map(completeCommand)).toEqual(["/revops "]);
    expect(suggestCommands("/revops ", commands)).toEqual([]);
    expect(suggestCommands("see /rev", commands)).toEqual([]);
    expect([isCommand("/revops run", commands), isCommand("/foo", commands)]).toEqual([true, false]);
  });
  test("the draft comes back after a walk through what was sent", () => {
    const history = ["one", "one", "two"].reduce(remember, newHistory());
    const up = recall(history, -1, "draft");
    const upAgain = recall(up?.history ?? history, -1, "two");
    expect([up?.text, upAgain?.text]).toEqual(["two", "one"]);
    expect(recall(upAgain?.history ?? history, -1, "one")).toBeNull();
    const down = recall(recall(upAgain?.history ?? history, 1, "one")?.history ?? history, 1, "two");
    expect(down?.text).toBe("draft");
  });
});

describe("how does the agenda read?", () => {
  const event = { id: "e", status: "confirmed", summary: "x", description: "", attendees: [], organizer: "" };
  test("by day in the event's own zone, with the reader's time where it differs", () => {
    const days = agenda(
      [
        { ...event, id: "b", start: "2026-11-25T23:30:00Z", end: "2026-11-26T00:00:00Z", timezone: "Europe/Berlin" },
        { ...event, id: "a", start: "2026-11-23T15:00:00Z", end: "2026-11-23T15:30:00Z", timezone: "America/New_York" },
      ],
      reader,
    );
    expect(days.map(({ key, past }) => [key, past])).toEqual([
      ["2026-11-23", true],
      ["2026-11-26", false],
    ]);
    expect(days[1]?.events[0]).toMatchObject({ time: "00:30–01:00", zone: "Europe/Berlin", readerTime: "18:30–19:00" });
    expect(days[0]?.events[0]?.readerTime).toBeNull();
  });
});

test("does the sidebar say what is unread, and where one stands?", () => {
  const workspace = newWorkspace({ ...fakeState(), faults: ["lost_answer"] });
  const read = message();
  replaceMessages(workspace, REVOPS, [read]);
  replaceMessages(workspace, RENEWALS, [message({ channel: RENEWALS })]);
  replaceMessages(workspace, LEAD_DIRECT, [message({ channel: LEAD_DIRECT }), message({ channel: LEAD_DIRECT })]);
  const place: Place = { kind: "channel", name: "revops", thread: null };
  const groups = sidebarGroups({
    workspace,
    acting: LEAD,
    place,
    readTs: (channel) => (channel === REVOPS ? read.ts : null),
  });
  const links = groups.flatMap((group) => group.links);
  expect(links.map(({ text, unread, badge, current }) => [text, unread, badge, current])).toEqual([
    ["#revops", 0, null, true],
    ["#renewals", 1, null, false],
    ["RevOps Flows", 2, "2", false],
    ["Inbox", 0, null, false],
    ["Calendar", 0, null, false],
    ["Traffic", 0, "1 armed", false],
  ]);
});

test("is a press pending until it is answered, and its refusal kept with the message?", async () => {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const settled = Promise.withResolvers<void>();
  let changes = 0;
  const presses = createPresses({
    send: () => promise,
    changed: () => {
      changes += 1;
      if (changes === 2) settled.resolve();
    },
  });
  const card = message();
  presses.press(card, { blockId: "b", actionId: "a", value: "" });
  expect([presses.isPending(card, "b", "a"), presses.isPending(card, "b", "other")]).toEqual([true, false]);
  resolve({ ok: false, error: "dispatch_failed", errors: {} });
  await settled.promise;
  expect(presses.isPending(card, "b", "a")).toBe(false);
  expect(presses.errorOf(card)).toContain("dispatch_failed");
  presses.forget();
  expect(presses.errorOf(card)).toBeNull();
});
