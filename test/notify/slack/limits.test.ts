/** Is what was cut still whole: no half character, no half entity, and never longer than allowed? */
import { assert as assertProperty, constantFrom, nat, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeMrkdwn } from "../../../src/notify/slack/escape.ts";
import { fitLines, truncate, truncateEscaped } from "../../../src/notify/slack/limits.ts";

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
