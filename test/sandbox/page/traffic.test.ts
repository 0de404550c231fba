import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { putSorted } from "../../../src/sandbox/page/sorted-items.ts";
import {
  filterEntries,
  isLate,
  lastStrike,
  newTraffic,
  putEntry,
  replaceEntries,
} from "../../../src/sandbox/page/traffic-log.ts";
import { detailParts, durationText, FAULT_NAMES, FAULTS, statusText } from "../../../src/sandbox/page/traffic-words.ts";
import { exchange, NOW } from "./fake-data.ts";

describe("is the list in order whatever comes when?", () => {
  test("calls that were answered out of order, and twice, stand once in their order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (numbers) => {
        const items: { at: number; version: number }[] = [];
        for (const [version, at] of numbers.entries()) putSorted(items, { at, version }, (a, b) => a.at - b.at);
        const expected = Array.from(new Set(numbers))
          .toSorted((a, b) => a - b)
          .map((at) => ({ at, version: numbers.lastIndexOf(at) }));
        expect(items).toEqual(expected);
      }),
    );
  });

  test("only the last five hundred are kept", () => {
    const traffic = newTraffic();
    const entries = Array.from({ length: 600 }, () => exchange());
    for (const entry of entries) putEntry(traffic, entry);
    expect(traffic.entries.map(({ seq }) => seq)).toEqual(entries.slice(100).map(({ seq }) => seq));
  });

  test("an acknowledgement takes the waiting envelope's place", () => {
    const traffic = newTraffic();
    const waiting = exchange({ direction: "to_app", status: "waiting", ms: null });
    replaceEntries(traffic, [waiting]);
    putEntry(traffic, { ...waiting, status: "ok", ms: 40 });
    expect(traffic.entries).toEqual([{ ...waiting, status: "ok", ms: 40 }]);
  });
});

describe("which envelopes stand out?", () => {
  const waiting = exchange({ direction: "to_app", status: "waiting", ms: null });
  test("those that Slack's three seconds are over for, and no others", () => {
    expect(isLate(waiting, NOW + 3_000)).toBe(false);
    expect(isLate(waiting, NOW + 3_001)).toBe(true);
    expect(isLate({ ...waiting, ms: 3_000, status: "operation_timeout" }, NOW + 9_000)).toBe(false);
    expect(isLate({ ...waiting, direction: "from_app" }, NOW + 9_000)).toBe(false);
  });
  test("and say for how long", () => {
    expect(statusText(waiting, true, NOW + 4_900)).toBe("not acknowledged for 4 s");
    expect(statusText(waiting, false, NOW)).toBe("waiting");
    expect(statusText({ ...waiting, ms: 3, status: "ok" }, false, NOW)).toBe("acknowledged");
    expect(statusText(exchange({ status: "429" }), false, NOW)).toBe("429");
  });
});

describe("does the filter find what one looks for?", () => {
  const post = exchange();
  const limited = exchange({ status: "429", fault: "rate_limited" });
  const click = exchange({ direction: "to_app", via: "socket", name: "block_actions", detail: '{"value":"a1:1"}' });
  const all = [post, limited, click];
  test.each([
    ["", all],
    ["POSTMESSAGE 429", [limited]],
    ["injected", [limited]],
    ["rate limited", [limited]],
    ["a1:1", [click]],
    ["nothing like it", []],
  ])("%j", (text, expected) => {
    expect(filterEntries(all, { text, via: null })).toEqual(expected);
  });
  test("by the way that it went", () => {
    expect(filterEntries(all, { text: "", via: "socket" })).toEqual([click]);
    expect(filterEntries(all, { text: "429", via: "socket" })).toEqual([]);
  });
});

describe("can a detail be read?", () => {
  test("request and answer apart", () => {
    expect(detailParts(JSON.stringify({ request: { a: 1 }, answer: "late" }))).toEqual([
      { title: "Request", json: '{\n  "a": 1\n}' },
      { title: "Answer", json: "late" },
    ]);
  });
  test.each(['{ "request": { "text": "cut in the mid', "[]", "7", ""])(
    "what was cut off is shown as it is: %j",
    (cut) => {
      expect(detailParts(cut)).toEqual([{ title: "Request and answer", json: cut }]);
    },
  );
});

test("is every fault explained by what happens and by what a good bot does?", () => {
  for (const name of FAULT_NAMES) expect(FAULTS[name].goodBot).toMatch(/^A good bot .+\.$/);
  expect(Object.keys(FAULTS).toSorted()).toEqual(FAULT_NAMES.toSorted());
});

test("when did a fault last strike?", () => {
  const traffic = newTraffic();
  const strikes = [exchange({ fault: "lost_answer" }), exchange(), exchange({ fault: "lost_answer" })];
  replaceEntries(traffic, strikes);
  expect(lastStrike(traffic, "lost_answer")).toBe(strikes[2]);
  expect(lastStrike(traffic, "server_error")).toBeNull();
});

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1_400, "1.4 s"],
])("%d ms reads %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
