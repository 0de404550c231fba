/** T2: can any text from outside ping, link, format or break out of its line? */
import { assert as assertProperty, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeApproval,
  decodeEffect,
  decodeExecution,
  encodeApproval,
  encodeEffect,
  encodeExecution,
} from "../../../src/notify/slack/action-ids.ts";
import { escapeMrkdwn, oneLine, piece } from "../../../src/notify/slack/escape.ts";
import { limits } from "../../../src/notify/slack/limits.ts";

describe("escapeMrkdwn", () => {
  it.each([
    ["<!channel>", "&lt;!channel&gt;"],
    ["A & B", "A &amp; B"],
    ["&amp;", "&amp;amp;"],
    ["*bold*", "∗bold∗"],
    ["_x_ ~y~ `z`", "ˍxˍ ∼y∼ ˋzˋ"],
    ["dana_reyes@example.com", "dana_reyes@example.com"],
    ["5*3", "5*3"],
  ])("shows %s as %s", (given, shown) => {
    expect(escapeMrkdwn(given)).toBe(shown);
  });

  it("leaves no < or > and no bare & of any text", () => {
    const law = property(string({ unit: "binary" }), (text) => !/[<>]|&(?!(?:amp|lt|gt);)/.test(escapeMrkdwn(text)));
    expect(() => assertProperty(law)).not.toThrow();
  });
});

describe("piece and oneLine", () => {
  it("are one line without control characters or turned direction", () => {
    expect(oneLine("a\r\nb\u0000c\u202Ed")).toBe("a b c d");
    expect(piece("  a\n\n> b  ")).toBe("a &gt; b");
  });

  it("set a name written from right to left apart from the figures beside it", () => {
    expect(oneLine("שלום")).toBe("\u2068שלום\u2069");
    expect(oneLine("Acme")).toBe("Acme");
  });
});

describe("what a button carries", () => {
  it("comes back as it went, within Slack's limit", () => {
    const approval = { executionId: "e".repeat(80), stepId: "s".repeat(64), version: 12 };
    expect(decodeApproval(encodeApproval(approval))).toEqual(approval);
    expect(decodeEffect(encodeEffect({ effectKey: "e/s/email:a@b.com#2" }))).toEqual({
      effectKey: "e/s/email:a@b.com#2",
    });
    expect(decodeExecution(encodeExecution({ executionId: "e" }))).toEqual({ executionId: "e" });
    expect(encodeApproval(approval).length).toBeLessThan(limits.buttonValue);
  });

  it.each([
    "",
    "null",
    "{",
    "[]",
    '{"e":"x"}',
    '{"e":"x","s":"y","v":0}',
    '{"e":"x","s":"y","v":1,"amount":5}',
    '{"e":1}',
  ])("%s is no approval of ours", (text) => {
    expect(decodeApproval(text)).toBeNull();
  });

  it("of one kind is not read as another", () => {
    expect(decodeEffect(encodeExecution({ executionId: "e" }))).toBeNull();
    expect(decodeExecution(encodeEffect({ effectKey: "k" }))).toBeNull();
  });
});
