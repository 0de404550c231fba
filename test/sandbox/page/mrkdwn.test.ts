import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMrkdwn, plainText, type Token } from "../../../src/sandbox/page/mrkdwn.ts";

const text = (value: string): Token => ({ kind: "text", text: value });

describe("does markup read as in Slack?", () => {
  test.each<[string, Token[]]>([
    [
      "*bold* _it_ ~no~",
      [
        { kind: "bold", children: [text("bold")] },
        text(" "),
        { kind: "italic", children: [text("it")] },
        text(" "),
        { kind: "strike", children: [text("no")] },
      ],
    ],
    ["*_both_*", [{ kind: "bold", children: [{ kind: "italic", children: [text("both")] }] }]],
    ["`a *b*`", [{ kind: "code", children: [text("a *b*")] }]],
    ["before\n```x\n y```\nafter", [text("before\n"), { kind: "pre", children: [text("x\n y")] }, text("after")]],
    ["&gt; one\n> two\nthree", [{ kind: "quote", children: [text("one\ntwo")] }, text("three")]],
    [
      "<https://a.example/?x=1&amp;y=2|A &amp; B>",
      [{ kind: "link", url: "https://a.example/?x=1&y=2", label: "A & B" }],
    ],
    ["<mailto:d@a.example>", [{ kind: "link", url: "mailto:d@a.example", label: "d@a.example" }]],
    [
      "<@U012|dana> in <#C34>",
      [{ kind: "user", id: "U012", label: "dana" }, text(" in "), { kind: "channel", id: "C34", label: "C34" }],
    ],
    [
      "<!date^1795615200^{date_short} at {time}|Thu>",
      [{ kind: "date", seconds: 1795615200, format: "{date_short} at {time}", url: null, fallback: "Thu" }],
    ],
    ["<!here>", [{ kind: "broadcast", name: "here" }]],
    [":wave: &lt;b&gt;", [text(":wave: <b>")]],
  ])("%s", (source, tokens) => {
    expect(parseMrkdwn(source)).toEqual(tokens);
  });
});

describe("does what only looks like markup stay text?", () => {
  test.each([
    "2 * 3 * 4 = 24",
    "renewal_management_v2",
    "a*b*c",
    "* not bold *",
    "**",
    "~",
    "`",
    "```",
    "*open",
    "_one\ntwo_",
    "a < b > c",
  ])("%s", (source) => {
    expect(parseMrkdwn(source)).toEqual([text(source)]);
  });

  test.each([
    "<javascript:alert(1)|click>",
    "<data:text/html,x|y>",
    "<java\tscript:x|y>",
    "<#/c/x|y>",
    "<vbscript:x>",
    "<//evil.example|y>",
  ])("no link comes of %s", (source) => {
    expect(parseMrkdwn(source)).toEqual([text(source)]);
  });

  test("a customer called <!channel>, escaped as it must be, calls nobody", () => {
    expect(parseMrkdwn("*&lt;!channel&gt;*")).toEqual([{ kind: "bold", children: [text("<!channel>")] }]);
  });
});

describe("can any text break the parser?", () => {
  const pieces = fc.constantFrom(
    "*",
    "_",
    "~",
    "`",
    "```",
    "<",
    ">",
    "|",
    "!",
    "@",
    "\n",
    "&gt;",
    "date^1^x",
    "https://a.b",
    "javascript:x",
    "U1",
    " ",
    "word",
    "é",
    "😀",
  );
  const hostile = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(""));

  test("every link it finds is one that cannot run code", () => {
    fc.assert(
      fc.property(hostile, (source) => {
        const links = flatten(parseMrkdwn(source)).filter((token) => token.kind === "link");
        expect(links.filter(({ url }) => !/^(https?|mailto):/.test(url))).toEqual([]);
      }),
    );
  });

  test("text without marks comes out as it went in", () => {
    const words = fc.string({ unit: fc.constantFrom("a", "é", "😀", " ", ".", ":", "-", "1") });
    fc.assert(
      fc.property(words, (source) => {
        expect(plainText(parseMrkdwn(source))).toBe(source);
      }),
    );
  });

  test("ten thousand opening marks are read in time", () => {
    const tokens = parseMrkdwn("*a _b ~c `d <e ".repeat(700));
    expect(plainText(tokens)).toContain("*a _b");
  });
});

function flatten(tokens: Token[]): Token[] {
  return tokens.flatMap((token) => ("children" in token ? [token, ...flatten(token.children)] : [token]));
}
