/**
 * Issue 4, "Limits": would Slack take every surface, whatever stands in it? Asked twice: of the builders' own module, and of the
 * sandbox's, which was written from Slack's pages alone.
 */
import type { KnownBlock } from "@slack/types";
import { assert, constantFrom, integer, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { checkBlocks, checkMessage, checkView } from "../../../src/notify/slack/check-blocks.ts";
import { blockProblems } from "../../../src/sandbox/slack/block-check.ts";
import { isTooLarge } from "../../../src/sandbox/slack/message-size.ts";
import { viewProblems } from "../../../src/sandbox/slack/view-check.ts";
import { asRead, type Shown } from "./golden-reader.ts";
import { ofMessage, type Surfaces } from "./golden-facts.ts";
import { surfacesOfText } from "./golden-hostile.ts";
import { executionOfSteps, surfacesOfMany } from "./golden-many.ts";
import { threadOf } from "./golden-thread.ts";
import { hostileTexts } from "./golden-texts.ts";
import { surfacesOfVerbs } from "./golden-verbs.ts";

function problemsOf(shown: Shown): string[] {
  if (shown.kind === "message")
    return [
      ...checkMessage(shown),
      ...blockProblems(shown.blocks, "message"),
      ...(isTooLarge(shown.blocks) ? ["msg_blocks_too_long"] : []),
    ];
  const { view } = shown;
  return [...checkView(view), ...viewProblems({ ...view }, view.type)];
}

/** By surface; those without problems aren't there. */
function allProblems(surfaces: Surfaces): Record<string, string[]> {
  const found = Object.entries(surfaces).map(([name, shown]): [string, string[]] => [name, problemsOf(shown)]);
  return Object.fromEntries(found.filter(([, problems]) => problems.length > 0));
}

/** Where a text from outside would ring, link or draw: `asRead` has read what was escaped, and marks what wasn't. */
function unescaped(surfaces: Surfaces): string[] {
  return Object.values(surfaces).flatMap((shown) => asRead(shown).match(/‼ UNESCAPED .*/g) ?? []);
}

describe("Slack takes every surface", () => {
  test.each([0, 1, 2, 10, 11, 50, 500, 501, 5000])("of %i customers", (customers) => {
    expect(allProblems(surfacesOfMany(customers))).toEqual({});
  });

  test.each([0, 1, 2, 10, 50, 500])("of verbs about %i", (count) => {
    expect(allProblems(surfacesOfVerbs({ count, text: "Acme Robotics" }))).toEqual({});
  });

  test.each(Object.entries(hostileTexts))("with %s wherever a text can stand, and nobody is called", (_name, text) => {
    const surfaces = { ...surfacesOfText(text), ...threadOf(text), ...surfacesOfVerbs({ count: 50, text }) };
    expect(allProblems(surfaces)).toEqual({});
    expect(unescaped(surfaces)).toEqual([]);
  });

  test.each([1, 49, 50, 200, 1000])("of an execution with %i steps", (steps) => {
    expect(allProblems({ steps: ofMessage(executionOfSteps(steps)) })).toEqual({});
  });

  test("with any text of any length", { timeout: 30_000 }, () => {
    const units = constantFrom("a", " ", "&", "<", ">", "*", "`", "\n", "א", "😀", "e\u0301", "👩‍👧", "|", "!");
    const texts = string({ unit: units, maxLength: 40 }).chain((text) =>
      integer({ min: 0, max: 100 }).map((times) => text.repeat(times).slice(0, 4000)),
    );
    assert(
      property(texts, (text) => {
        const surfaces = { ...surfacesOfText(text), ...threadOf(text), ...surfacesOfVerbs({ count: 3, text }) };
        expect(allProblems(surfaces)).toEqual({});
        expect(unescaped(surfaces)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});

describe("the two checks agree", () => {
  test.each([
    ["a long section", { type: "section", text: { type: "mrkdwn", text: "x".repeat(3001) } }],
    ["a long header", { type: "header", text: { type: "plain_text", text: "x".repeat(151) } }],
    ["an empty context", { type: "context", elements: [] }],
  ] satisfies [string, KnownBlock][])("on %s", (_name, block) => {
    expect(checkBlocks([block])).toHaveLength(1);
    expect(blockProblems([block], "message")).toHaveLength(1);
  });
});
