import { describe, expect, test } from "vitest";
import { blockProblems } from "../../src/sandbox/slack/block-check.ts";
import { fillBlocks } from "../../src/sandbox/slack/block-fill.ts";
import { isTooLarge } from "../../src/sandbox/slack/message-size.ts";
import { viewProblems } from "../../src/sandbox/slack/view-check.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const markdown = (text: string) => ({ type: "mrkdwn", text });
const divider = { type: "divider" };
const button = (over: Record<string, unknown> = {}) => ({ type: "button", action_id: "a", text: plain("Go"), ...over });
const actions = (...elements: unknown[]) => ({ type: "actions", elements });
const option = (value: string) => ({ text: plain("x"), value });
const select = (over: Record<string, unknown>) => [actions({ type: "static_select", ...over })];
/** A problem of that menu. */
const at = (place: string, sentence: string) =>
  `${sentence} [json-pointer:/blocks/0/elements/0${place === "" ? "" : `/${place}`}]`;

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
        { type: "table", rows: [[{ type: "raw_text", text: "a" }]] },
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
      [actions(...Array.from({ length: 26 }, (_, index) => button({ action_id: `a${index}` })))],
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
      "one action_id twice in a block",
      [actions(button(), button())],
      "action_id `a` already exists [json-pointer:/blocks/0/elements/1/action_id]",
    ],
    [
      "a text field among buttons",
      [actions({ type: "plain_text_input" })],
      "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ],
    [
      "a text field beside a section",
      [{ type: "section", text: plain("x"), accessory: { type: "plain_text_input" } }],
      "unsupported type: plain_text_input [json-pointer:/blocks/0/accessory/type]",
    ],
    [
      "a button as an input",
      [{ type: "input", label: plain("x"), element: button() }],
      "unsupported type: button [json-pointer:/blocks/0/element/type]",
    ],
    [
      "a menu's choice in mrkdwn",
      select({ options: [{ ...option("a"), text: markdown("x") }] }),
      at("options/0/text/type", "unsupported type: mrkdwn"),
    ],
    [
      "a choice's value of 76",
      select({ options: [option("x".repeat(76))] }),
      at("options/0/value", "must be less than 76 characters"),
    ],
    [
      "a choice's text of 76",
      select({ options: [{ ...option("a"), text: plain("x".repeat(76)) }] }),
      at("options/0/text/text", "must be less than 76 characters"),
    ],
    [
      "a description of 76",
      select({ options: [{ ...option("a"), description: plain("x".repeat(76)) }] }),
      at("options/0/description/text", "must be less than 76 characters"),
    ],
    [
      "choices and groups",
      select({ options: [option("a")], option_groups: [] }),
      at("", "must define either `options` or `option_groups`"),
    ],
    [
      "a group without a label",
      select({ option_groups: [{ options: [option("a")] }] }),
      at("option_groups/0/label", "missing required field: label"),
    ],
    [
      "101 groups",
      select({ option_groups: Array.from({ length: 101 }, () => ({ label: plain("x"), options: [option("a")] })) }),
      at("option_groups", "no more than 100 items allowed"),
    ],
    ["no choices", select({}), at("options", "missing required field: options")],
    [
      "a first choice that isn't offered",
      select({ options: [option("a")], initial_option: option("b") }),
      at("initial_option", "must be one of the provided options"),
    ],
    [
      "eleven radio buttons",
      select({ type: "radio_buttons", options: Array.from({ length: 11 }, (_, index) => option(`${index}`)) }),
      at("options", "no more than 10 items allowed"),
    ],
    [
      "six in an overflow menu",
      select({ type: "overflow", options: Array.from({ length: 6 }, (_, index) => option(`${index}`)) }),
      at("options", "no more than 5 items allowed"),
    ],
    [
      "a placeholder of 151",
      select({ options: [option("a")], placeholder: plain("x".repeat(151)) }),
      at("placeholder/text", "must be less than 151 characters"),
    ],
    [
      "an action_id of 256",
      select({ options: [option("a")], action_id: "x".repeat(256) }),
      at("action_id", "must be less than 256 characters"),
    ],
    [
      "a first date that is none",
      select({ type: "datepicker", initial_date: "tomorrow" }),
      at("initial_date", "must be a date: YYYY-MM-DD"),
    ],
    [
      "a text field longer than any",
      [{ type: "input", label: plain("x"), element: { type: "plain_text_input", max_length: 3_001 } }],
      "must be less than or equal to 3000 [json-pointer:/blocks/0/element/max_length]",
    ],
    [
      "a label of 2001",
      [{ type: "input", label: plain("x".repeat(2_001)), element: { type: "plain_text_input" } }],
      "must be less than 2001 characters [json-pointer:/blocks/0/label/text]",
    ],
    [
      "a number without decimals decided",
      [{ type: "input", label: plain("x"), element: { type: "number_input" } }],
      "missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]",
    ],
    [
      "a picture without words",
      [{ type: "image", image_url: "https://a.example/b.png" }],
      "missing required field: alt_text [json-pointer:/blocks/0/alt_text]",
    ],
    [
      "a picture from two places",
      [{ type: "image", image_url: "https://a.example/b.png", slack_file: { id: "F012345678" }, alt_text: "b" }],
      "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]",
    ],
    [
      "a file by id and address",
      [{ type: "image", slack_file: { id: "F012345678", url: "https://a.example" }, alt_text: "b" }],
      "must define either `id` or `url` [json-pointer:/blocks/0/slack_file]",
    ],
    [
      "an address as id",
      [{ type: "image", slack_file: { id: "https://a.example" }, alt_text: "b" }],
      "input must match regex pattern: ^[F][A-Z0-9]{8,}$ [json-pointer:/blocks/0/slack_file/id]",
    ],
    [
      "eleven in a context",
      [{ type: "context", elements: Array.from({ length: 11 }, () => markdown("x")) }],
      "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ],
    [
      "a block_id of 256",
      [{ ...divider, block_id: "x".repeat(256) }],
      "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
    ],
    [
      "markdown of 12,001 in two blocks",
      [
        { type: "markdown", text: "x".repeat(6_000) },
        { type: "markdown", text: "x".repeat(6_001) },
      ],
      "markdown blocks must be less than 12001 characters together [json-pointer:/blocks]",
    ],
    [
      "two tables",
      [
        { type: "table", rows: [[{}]] },
        { type: "table", rows: [[{}]] },
      ],
      "only one table allowed [json-pointer:/blocks]",
    ],
    [
      "a table of 21 columns",
      [{ type: "table", rows: [Array.from({ length: 21 }, () => ({}))] }],
      "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
    ],
    [
      "a confirm's long button",
      [actions(button({ confirm: { text: plain("x"), confirm: plain("x".repeat(31)) } }))],
      "must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]",
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
    [
      "a callback_id of 256",
      { ...modal, callback_id: "x".repeat(256) },
      "must be less than 256 characters [json-pointer:/view/callback_id]",
    ],
    [
      "an external_id of 256",
      { ...modal, external_id: "x".repeat(256) },
      "must be less than 256 characters [json-pointer:/view/external_id]",
    ],
    [
      "a submit of 25",
      { ...modal, submit: plain("x".repeat(25)) },
      "must be less than 25 characters [json-pointer:/view/submit/text]",
    ],
    ["no blocks", { type: "modal", title: plain("x") }, "missing required field: blocks [json-pointer:/view]"],
    [
      "markdown",
      { ...modal, blocks: [{ type: "markdown", text: "x" }] },
      "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
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

describe("all blocks of one message together", () => {
  const sections = (count: number, length: number) =>
    Array.from({ length: count }, () => ({ type: "section", text: markdown("x".repeat(length)) }));
  test.each<[string, unknown[], boolean]>([
    ["four sections of 3000 and a little", sections(4, 3_000), false],
    ["five of them", sections(5, 3_000), true],
    ["fifty short ones", sections(50, 100), false],
    ["fifty of 150", sections(50, 150), true],
    ["all the markdown that there may be", [{ type: "markdown", text: "x".repeat(12_000) }], false],
    ["that and a section of 1100", [{ type: "markdown", text: "x".repeat(12_000) }, ...sections(1, 1_100)], true],
    [
      "what stands in fields, menus and rich text counts too",
      [
        { type: "section", fields: [markdown("x".repeat(2_000)), plain("x".repeat(2_000))] },
        ...sections(3, 3_000),
        actions({
          type: "static_select",
          options: Array.from({ length: 5 }, () => ({ text: plain("x".repeat(75)), value: "v" })),
        }),
      ],
      true,
    ],
    ["nothing", [], false],
  ])("%s", (_name, blocks, tooLarge) => expect(isTooLarge(blocks)).toBe(tooLarge));
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
