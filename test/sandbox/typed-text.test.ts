import { assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { typedMessage } from "../../src/sandbox/slack/typed-text.ts";

const people = [
  { name: "Dana", id: "U1" },
  { name: "Dana Reyes", id: "U2" },
  { name: "A.C. (R&D)", id: "U3" },
];
const channels = [{ name: "renewals", id: "C1" }];
const typed = (text: string) => typedMessage(text, people, channels);

describe("what a person types", () => {
  test.each([
    ["<!channel> & <@U2>", "&lt;!channel&gt; &amp; &lt;@U2&gt;"],
    ["&lt;", "&amp;lt;"],
    ["@dana reyes and @Dana, please", "<@U2> and <@U1>, please"],
    ["@A.C. (R&D) hello", "<@U3> hello"],
    ["@Danas", "@Danas"],
    ["see #renewals", "see <#C1|renewals>"],
    ["#renewals2", "#renewals2"],
    ["https://a.example/?x=1&y=2 now", "<https://a.example/?x=1&amp;y=2> now"],
    ["mail dana@example.com", "mail <mailto:dana@example.com|dana@example.com>"],
    ["run Acme.com now", "run <http://Acme.com|Acme.com> now"],
    ["version 2.0 of a.b", "version 2.0 of a.b"],
  ])("%s", (text, expected) => expect(typed(text)).toBe(expected));

  test("no text of anybody's makes a token that Slack obeys", () => {
    assert(
      property(string({ unit: constantFrom(...Array.from("<>&!@#|a.c:/ U2")) }), (text) => {
        expect(typed(text)).not.toMatch(/<[!]|<(?!@U|#C|http|mailto)/);
      }),
    );
  });

  test("without mentions and links, unescaping gives back what was typed", () => {
    assert(
      property(string({ unit: constantFrom(...Array.from("<>&;lgtamp x")) }), (text) => {
        const back = typed(text).replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
        expect(back).toBe(text);
      }),
    );
  });
});
