/** Regular expressions: what JSONata's functions make of them, and whether any can hang the process. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateValue } from "../../../src/flow/expression.ts";
import { FailureError } from "../../../src/flow/failure.ts";
import type { Json } from "../../../src/flow/json.ts";

function evaluate(source: string, text: Json = null): Promise<Json> {
  return evaluateValue({ value: `\${${source}}`, roots: { text }, now: 0 });
}

async function causeOf(source: string, text: Json): Promise<string> {
  const error: unknown = await evaluate(source, text).then(
    () => expect.unreachable(),
    (reason: unknown) => reason,
  );
  if (!(error instanceof FailureError)) throw error;
  return error.failure.cause;
}

describe("what they find", () => {
  test.for<[string, Json]>([
    ["$contains('Acme Robotics GmbH', /gmbh$/i)", true],
    ["$contains('Acme', /^me/)", false],
    ["$contains('a\\nb', /^b$/m)", true],
    ["$replace('2026-11-26', /(\\d+)-(\\d+)-(\\d+)/, '$3.$2.$1')", "26.11.2026"],
    ["$replace('a1b22', /\\d+/, function($m) { '<' & $m.match & '>' })", "a<1>b<22>"],
    ["$split('a, b;c', /[,;] */)", ["a", "b", "c"]],
    [
      "$match('ab12cd3', /([a-z]+)(\\d)/).{ 'all': match, 'at': index, 'letters': groups[0] }",
      [
        { all: "ab1", at: 0, letters: "ab" },
        { all: "cd3", at: 4, letters: "cd" },
      ],
    ],
    ["$match('😀b', /b/).index", 2],
    ["$count($match('abc', /./, 2))", 2],
    ["$match('x', /y/)[0].match ? 'found' : 'none'", "none"],
    ["['x1', 'y2'][$contains($, /x/)]", "x1"],
    ["$replace('a/b', /\\//, '-')", "a-b"],
    ["$replace('aa}', /a{2}\\}/, '-')", "-"],
    ["$pad('7', -3, '0') & $pad('x', 3)", "007x  "],
  ])("%s", async ([source, value]) => {
    expect(await evaluate(source)).toEqual(value);
  });

  const pattern = fc.stringMatching(/^(?:(?:[abc.]|\[ab\]|\(a\|b\)|\(c\))[*+?]?){1,5}$/);
  test("the same as JavaScript's own, where both can", async () => {
    await fc.assert(
      fc.asyncProperty(pattern, fc.stringMatching(/^[abcd]{0,12}$/), async (source, text) => {
        const first = new RegExp(source).exec(text);
        // An empty match fails: JSONata would find it again and again.
        fc.pre(first !== null && !new RegExp(source).test(""));
        const [found] = [await evaluate(`$match(text, /${source}/, 1)`, text)].flat();
        expect(found).toMatchObject({ match: first?.[0], index: first?.index });
      }),
      { numRuns: 300, seed: 26 },
    );
  });
});

describe("what they can't do", () => {
  test.for<[string, Json]>([
    ["$contains(text, /(a+)+$/)", `${"a".repeat(50_000)}b`],
    ["$contains(text, /(a|aa)+$/)", `${"a".repeat(50_000)}b`],
    ["$contains(text, /(x+x+)+y/)", "x".repeat(50_000)],
  ])("%s goes through a long text as through a short one", async ([source, text]) => {
    const before = process.threadCpuUsage();
    expect(await evaluate(source, text)).toBe(false);
    const { user, system } = process.threadCpuUsage(before);
    expect(user + system).toBeLessThan(2_000_000);
  });

  test.for<[string, Json, string]>([
    ["$count($match(text, /a(.*b)?/))", "a".repeat(60_000), "it takes too"],
    ["$replace(text, /a/, 'b')", "a".repeat(200_000), "it takes too"],
    ["$contains(text, /(a{100}){10}/)", "a".repeat(20_000), "too long for this regular expression"],
    ["$replace('aaa', /x*/, 'b')", null, "zero length|matches nothing"],
    ["/a/", null, "gives a function"],
    ["$pad('a', 2000000)", null, "a text becomes too long"],
    ["$pad('a', 1/0)", null, "failed"],
    ["$pad('a', 5000, text)", "x".repeat(1_000), "a text becomes too long"],
  ])("%s ends as a failure", async ([source, text, cause]) => {
    const before = process.threadCpuUsage();
    expect(await causeOf(source, text)).toMatch(new RegExp(cause));
    const { user, system } = process.threadCpuUsage(before);
    expect(user + system).toBeLessThan(3_000_000);
  });
});
