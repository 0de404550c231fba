import { describe, expect, test } from "vitest";
import { blockProblems } from "../../src/sandbox/slack/block-check.ts";
import { fillBlocks } from "../../src/sandbox/slack/block-fill.ts";
import { viewProblems } from "../../src/sandbox/slack/view-check.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const markdown = (text: string) => ({ type: "mrkdwn", text });
const divider = { type: "divider" };
const button = (over: Record<string, unknown> = {}) => ({ type: "button", action_id: "a", text: plain("Go"), ...over });
const actions = (...elements: unknown[]) => ({ type: "actions", elements });
const option = (value: string) => ({ text: plain("x"), value });

describe("blocks that Slack takes", () => {
  test.each([
    [
      "as long as allowed",
      [
        { type: "section", text: markdown("x".repeat(3_000)) },
        { type: "header", text: plain("x".repeat(150)) },
      ],
    ],
    ["fifty of them", Array.from({ length: 50 }, () => divider)],
    [
      "a button as full as allowed",
      [actions(button({ value: "x".repeat(2_000), text: plain("x".repeat(75)), style: "primary" }))],
    ],
    [
      "what the page doesn't draw",
      [
        { type: "table", rows: [] },
        { type: "rich_text", elements: [] },
      ],
    ],
    ["fields without a text", [{ type: "section", fields: [markdown("a"), plain("b")] }]],
    [
      "a context with a picture",
      [
        {
          type: "context",
          elements: [markdown("a"), { type: "image", image_url: "https://a.example/b.png", alt_text: "b" }],
        },
      ],
    ],
  ])("%s", (_name, blocks) => expect(blockProblems(blocks, "message")).toEqual([]));
});

describe("blocks that Slack refuses, and where", () => {
  test.each<[string, unknown, string]>([
    ["no list", {}, "must be an array [json-pointer:/blocks]"],
    ["51 blocks", Array.from({ length: 51 }, () => divider), "no more than 50 items allowed [json-pointer:/blocks]"],
    ["an unknown type", [{ type: "banner" }], "unsupported type: banner [json-pointer:/blocks/0/type]"],
    ["an alert outside a modal", [{ type: "alert" }], "unsupported type: alert [json-pointer:/blocks/0/type]"],
    [
      "an inherited name as type",
      [{ type: "constructor" }],
      "unsupported type: constructor [json-pointer:/blocks/0/type]",
    ],
    [
      "a section of 3001",
      [{ type: "section", text: markdown("x".repeat(3_001)) }],
      "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "an empty section",
      [{ type: "section", text: markdown("") }],
      "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "a section without anything",
      [{ type: "section" }],
      "must define either `text` or `fields` [json-pointer:/blocks/0]",
    ],
    [
      "eleven fields",
      [{ type: "section", fields: Array.from({ length: 11 }, () => plain("x")) }],
      "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ],
    [
      "a header in mrkdwn",
      [{ type: "header", text: markdown("x") }],
      "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ],
    [
      "a header of 151",
      [{ type: "header", text: plain("x".repeat(151)) }],
      "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "a value of 2001",
      [actions(button({ value: "x".repeat(2_001) }))],
      "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ],
    [
      "a button's style",
      [actions(button({ style: "red" }))],
      "must be one of `primary`, `danger` [json-pointer:/blocks/0/elements/0/style]",
    ],
    ["no elements", [actions()], "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"],
    [
      "26 elements",
      [actions(...Array.from({ length: 26 }, () => button()))],
      "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ],
    [
      "an unknown element",
      [actions({ type: "lever" })],
      "unsupported type: lever [json-pointer:/blocks/0/elements/0/type]",
    ],
    [
      "101 options",
      [actions({ type: "static_select", options: Array.from({ length: 101 }, (_, index) => option(String(index))) })],
      "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ],
    [
      "one block_id twice",
      [
        { ...divider, block_id: "d" },
        { ...divider, block_id: "d" },
      ],
      "block_id `d` already exists [json-pointer:/blocks/1/block_id]",
    ],
    [
      "a confirm without text",
      [actions(button({ confirm: {} }))],
      "missing required field: text [json-pointer:/blocks/0/elements/0/confirm/text]",
    ],
  ])("%s", (_name, blocks, problem) => expect(blockProblems(blocks, "message")).toEqual([problem]));
});

describe("views that Slack refuses", () => {
  const modal = { type: "modal", title: plain("Title"), blocks: [divider] };
  const input = { type: "input", label: plain("Why"), element: { type: "plain_text_input" } };
  test.each<[string, Record<string, unknown>, string]>([
    [
      "a title of 25",
      { ...modal, title: plain("x".repeat(25)) },
      "must be less than 25 characters [json-pointer:/view/title/text]",
    ],
    ["no title", { type: "modal", blocks: [] }, "missing required field: title [json-pointer:/view/title]"],
    ["an input without submit", { ...modal, blocks: [input] }, "missing required field: submit [json-pointer:/view]"],
    [
      "metadata of 3001",
      { ...modal, private_metadata: "x".repeat(3_001) },
      "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ],
    ["a home as modal", { ...modal, type: "home" }, "must be `modal` [json-pointer:/view/type]"],
    [
      "101 blocks",
      { ...modal, blocks: Array.from({ length: 101 }, () => divider) },
      "no more than 100 items allowed [json-pointer:/view/blocks]",
    ],
  ])("%s", (_name, view, problem) => expect(viewProblems(view, "modal")).toEqual([problem]));

  test("a modal with an input and a submit is fine", () => {
    expect(viewProblems({ ...modal, submit: plain("Go"), blocks: [input] }, "modal")).toEqual([]);
  });
});

describe("what Slack adds", () => {
  test("ids where none were given, none of them twice, given ones kept", () => {
    const filled = fillBlocks(
      [divider, divider, { ...divider, block_id: "mine" }, actions({ type: "button", text: plain("Go") }, button())],
      "seed",
    );
    const ids = filled.map((block) => String(block["block_id"]));
    expect(new Set(ids).size).toBe(4);
    expect(ids[2]).toBe("mine");
    expect(filled[3]?.["elements"]).toMatchObject([
      { action_id: expect.stringMatching(/^\w{5}$/) },
      { action_id: "a" },
    ]);
  });
});
