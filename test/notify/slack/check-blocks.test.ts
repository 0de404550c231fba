/** Would what Slack refuses be noticed here, before Slack is asked? Each limit at its edge and one beyond. */
import type { ActionsBlock, Button, HomeView, InputBlock, KnownBlock, ModalView, PlainTextOption } from "@slack/types";
import { describe, expect, it } from "vitest";
import { checkBlocks, checkMessage, checkView } from "../../../src/notify/slack/check-blocks.ts";

function section(words: string, more: { accessory?: Button; block_id?: string } = {}): KnownBlock {
  return { type: "section", text: { type: "mrkdwn", text: words }, ...more };
}

function button(fields: Partial<Button> = {}): Button {
  return { type: "button", text: { type: "plain_text", text: "Go" }, value: "v", action_id: "a", ...fields };
}

function plain(text: string) {
  return { type: "plain_text", text } as const;
}

function option(value: string, text = value): PlainTextOption {
  return { text: plain(text), value };
}

function input(element: InputBlock["element"], fields: Partial<InputBlock> = {}): InputBlock {
  return { type: "input", label: plain("Why?"), element, ...fields };
}

function modal(fields: Partial<ModalView> = {}): ModalView {
  return { type: "modal", title: plain("Reject"), close: plain("Cancel"), blocks: [section("x")], ...fields };
}

function actions(...elements: Button[]): ActionsBlock {
  return { type: "actions", elements };
}

const long = (length: number) => "x".repeat(length);

describe("a message", () => {
  it("is refused for an empty or too long text, too many blocks, too much together", () => {
    expect(checkMessage({ text: long(4000), blocks: [section("ok")] })).toEqual([]);
    expect(checkMessage({ text: "", blocks: [] })).toEqual(["the message's text is empty"]);
    expect(checkMessage({ text: long(4001), blocks: [] })).toHaveLength(1);
    expect(checkBlocks(Array.from({ length: 50 }, () => section("x")))).toEqual([]);
    expect(checkBlocks(Array.from({ length: 51 }, () => section("x")))).toEqual(["51 blocks, 50 allowed"]);
    expect(checkBlocks(Array.from({ length: 5 }, () => section(long(2900)))).join()).toContain("characters together");
  });

  it("may not have two blocks of one id, nor a block that no builder uses", () => {
    const same = section("x", { block_id: "same" });
    expect(checkBlocks([same, same])).toEqual(["two blocks have one block_id"]);
    expect(checkBlocks([section("x", { block_id: long(256) })])).toHaveLength(1);
    expect(checkBlocks([{ type: "video" }])).toEqual(["blocks[0]: no builder uses a block of type video"]);
  });
});

describe("a block", () => {
  it("of text is refused when it is empty or too long", () => {
    expect(checkBlocks([section("")])).toEqual(["blocks[0]: text is empty"]);
    expect(checkBlocks([section(long(3001))])).toEqual(["blocks[0]: text has 3001 characters, 3000 allowed"]);
    expect(checkBlocks([{ type: "section" }])).toEqual(["blocks[0]: neither text nor fields"]);
    const fields = Array.from({ length: 11 }, () => plain(long(2001)));
    expect(checkBlocks([{ type: "section", fields }])).toHaveLength(13);
    expect(checkBlocks([{ type: "header", text: plain(long(151)) }])).toHaveLength(1);
    expect(checkBlocks([{ type: "context", elements: [] }])).toEqual(["blocks[0]: elements holds nothing"]);
    expect(checkBlocks([{ type: "divider" }, { type: "header", text: plain(long(150)) }])).toEqual([]);
  });

  it("of a picture needs words for who can't see it", () => {
    const image_url = "https://example.com/graph.png";
    expect(checkBlocks([{ type: "image", image_url, alt_text: "The flow's graph" }])).toEqual([]);
    expect(checkBlocks([{ type: "image", image_url, alt_text: "" }])).toEqual(["blocks[0]: alt_text is empty"]);
  });
});

describe("a button", () => {
  it("is refused for its label, its value, its id, and for a twin in its block", () => {
    const wrong = button({ text: plain(long(76)), value: long(2001), action_id: long(256) });
    expect(checkBlocks([actions(wrong)])).toHaveLength(3);
    expect(checkBlocks([section("x", { accessory: wrong })])).toHaveLength(3);
    expect(checkBlocks([actions(button(), button())])).toEqual(["blocks[0]: two elements have one action_id"]);
    expect(checkBlocks([actions(button(), button({ action_id: "b" }))])).toEqual([]);
    const many = Array.from({ length: 26 }, (_, index) => button({ action_id: `a${index}` }));
    expect(checkBlocks([actions(...many)])).toEqual(["blocks[0]: elements holds 26, 25 allowed"]);
  });

  it("asks back in few words", () => {
    const confirm = { title: plain("Sure?"), text: plain(long(300)), confirm: plain("Yes"), deny: plain("No") };
    expect(checkBlocks([actions(button({ confirm }))])).toEqual([]);
    const wordy = { title: plain(long(101)), text: plain(long(301)), confirm: plain(long(31)), deny: plain("") };
    expect(checkBlocks([actions(button({ confirm: wordy }))])).toHaveLength(4);
  });
});

function problems(element: InputBlock["element"]): string[] {
  return checkBlocks([input(element)], "modal");
}

function home(length: number): HomeView {
  return { type: "home", blocks: Array.from({ length }, () => section("x")) };
}

describe("an input", () => {
  it("of text holds 3,000 characters, or as many as it says", () => {
    expect(problems({ type: "plain_text_input", initial_value: long(3000) })).toEqual([]);
    expect(problems({ type: "plain_text_input", initial_value: long(3001) })).toHaveLength(1);
    expect(problems({ type: "plain_text_input", initial_value: long(11), max_length: 10 })).toHaveLength(1);
    expect(problems({ type: "plain_text_input", max_length: 3001 })).toHaveLength(1);
  });

  it("of a number or a date begins with one", () => {
    expect(problems({ type: "number_input", is_decimal_allowed: true, initial_value: "12.5" })).toEqual([]);
    expect(problems({ type: "number_input", is_decimal_allowed: true, initial_value: "1e21" })).toHaveLength(1);
    expect(problems({ type: "datepicker", initial_date: "2026-12-01" })).toEqual([]);
    expect(problems({ type: "datepicker", initial_date: "2026-02-30" })).toHaveLength(1);
  });

  it("of choices offers some, each once, and begins with one of them", () => {
    const options = ["yes", "no"].map((each) => option(each));
    expect(problems({ type: "radio_buttons", options, initial_option: option("no") })).toEqual([]);
    expect(problems({ type: "static_select", options: [] })).toHaveLength(1);
    expect(problems({ type: "static_select", options: [option("a"), option("a", "b")] })).toHaveLength(1);
    expect(problems({ type: "static_select", options: [option(long(76))] })).toHaveLength(2);
    expect(problems({ type: "static_select", options, initial_option: option("maybe") })).toHaveLength(1);
    const many = (length: number) => Array.from({ length }, (_, index) => option(`${index}`));
    expect(problems({ type: "static_select", options: many(100) })).toEqual([]);
    expect(problems({ type: "static_select", options: many(101) })).toHaveLength(1);
    expect(problems({ type: "radio_buttons", options: many(11) })).toHaveLength(1);
  });

  it("has a label, and a hint that isn't empty", () => {
    const element = { type: "plain_text_input" } as const;
    expect(checkBlocks([input(element, { label: plain(""), hint: plain("") })], "modal")).toHaveLength(2);
  });

  it("of a kind that no builder uses is refused", () => {
    expect(problems({ type: "timepicker" })).toHaveLength(1);
  });
});

describe("a modal", () => {
  it("has a short title and short words on its buttons", () => {
    expect(checkView(modal({ title: plain(long(24)), submit: plain(long(24)) }))).toEqual([]);
    const words = { title: plain(long(25)), submit: plain(""), close: plain(long(25)) };
    expect(checkView(modal(words))).toHaveLength(3);
  });

  it("carries 3,000 characters, 100 blocks and 200 KB at most", () => {
    expect(checkView(modal({ private_metadata: long(3000) }))).toEqual([]);
    expect(checkView(modal({ private_metadata: long(3001) }))).toHaveLength(1);
    expect(checkView(modal({ blocks: Array.from({ length: 101 }, () => section("x")) }))).toHaveLength(1);
    expect(checkView(modal({ blocks: Array.from({ length: 99 }, () => section(long(2900))) }))).toHaveLength(1);
  });

  it("with inputs has something to submit them with", () => {
    const blocks = [input({ type: "plain_text_input" })];
    expect(checkView(modal({ blocks }))).toEqual(["inputs, but nothing to submit them with"]);
    expect(checkView(modal({ blocks, submit: plain("Save") }))).toEqual([]);
  });
});

describe("a Home", () => {
  it("holds 100 blocks", () => {
    expect(checkView(home(100))).toEqual([]);
    expect(checkView(home(101))).toEqual(["101 blocks, 100 allowed"]);
  });
});
