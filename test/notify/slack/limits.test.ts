/** Is what was cut still whole: no half character, no half entity, and never longer than allowed? */
import { assert as assertProperty, constantFrom, nat, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeMrkdwn } from "../../../src/notify/slack/escape.ts";
import { checkBlocks, fitLines, truncate, truncateEscaped } from "../../../src/notify/slack/limits.ts";

const units = constantFrom("a", "&", "<", "😀", "e\u0301", "👩‍👧", "❤️", " ");
const text = string({ unit: units, maxLength: 40 });

describe("truncate", () => {
  it("keeps what fits and says by an ellipsis what doesn't", () => {
    expect(truncate("abc", 3)).toBe("abc");
    expect(truncate("abcd", 3)).toBe("ab…");
    expect(truncate("abcd", 0)).toBe("");
  });

  it("never parts a surrogate pair, an accent or a joined emoji", () => {
    expect(truncate("a😀b", 3)).toBe("a…");
    expect(truncate("ae\u0301b", 3)).toBe("a…");
    expect(truncate("a👩‍👧b", 5)).toBe("a…");
  });

  it("of any text is no longer than allowed, well-formed, and a beginning of it", () => {
    const law = property(text, nat({ max: 30 }), (given, most) => {
      const cut = truncate(given, most);
      return cut.length <= most && cut.isWellFormed() && given.startsWith(cut.replace(/…$/, ""));
    });
    expect(() => assertProperty(law)).not.toThrow();
  });
});

describe("truncateEscaped", () => {
  it("drops an entity or a token that would be cut", () => {
    expect(truncateEscaped("ab&amp;cd", 5)).toBe("ab…");
    expect(truncateEscaped("ab <!date^1^{time}|x> cd", 9)).toBe("ab …");
  });

  it("of any escaped text leaves every & the beginning of an entity", () => {
    const law = property(text, nat({ max: 60 }), (given, most) => {
      const cut = truncateEscaped(escapeMrkdwn(given), most);
      return cut.length <= most && !/&(?!(?:amp|lt|gt);)/.test(cut);
    });
    expect(() => assertProperty(law)).not.toThrow();
  });
});

describe("fitLines", () => {
  it("leaves out whole lines and says how many", () => {
    expect(fitLines(["one", "two", "three"], 100, (left) => `${left} more`)).toBe("one\ntwo\nthree");
    expect(fitLines(["one", "two", "three"], 11, (left) => `${left} more`)).toBe("one\n2 more");
  });
});

function section(words: string) {
  return { type: "section", text: { type: "mrkdwn", text: words } } as const;
}

describe("checkBlocks", () => {
  it("names what Slack would refuse", () => {
    expect(checkBlocks([section("ok")])).toEqual([]);
    expect(checkBlocks([section("")])).toEqual(["blocks[0]: text is empty"]);
    expect(checkBlocks([section("x".repeat(3001))])).toEqual(["blocks[0]: text has 3001 characters, 3000 allowed"]);
    expect(checkBlocks(Array.from({ length: 51 }, () => section("x")))).toContain("51 blocks, 50 allowed");
    expect(checkBlocks(Array.from({ length: 5 }, () => section("x".repeat(2900)))).join()).toContain(
      "characters together",
    );
    expect(checkBlocks([{ type: "section" }])).toEqual(["blocks[0]: neither text nor fields"]);
    const button = {
      type: "button",
      text: { type: "plain_text", text: "x".repeat(76) },
      value: "x".repeat(2001),
      action_id: "a",
    } as const;
    expect(checkBlocks([{ type: "actions", elements: [button] }])).toHaveLength(2);
    const block = { ...section("x"), block_id: "same" };
    expect(checkBlocks([block, block])).toEqual(["two blocks have one block_id"]);
  });
});
