/**
 * Block Kit as elements. Not its job: what a press does (context.press), the text's markup (text-view).
 *
 * 1. Nothing that a block holds can break the page or run code: shapes are read, not trusted (T2).
 * 2. What this page cannot draw says so in its place.
 */
import type { BlockContext } from "./block-context.ts";
import { element } from "./block-elements.ts";
import { h } from "./h.ts";
import { inputBlock } from "./input-block.ts";
import { missingPicture, openablePicture, pictureNode, pictureOf } from "./picture.ts";
import { richText } from "./rich-text.ts";
import { fields, list, string, type Fields } from "./shape.ts";
import { textNodes } from "./text-view.ts";

export function renderBlocks(blocks: unknown[], context: BlockContext): HTMLElement {
  return h("div", { class: "blocks" }, ...blocks.map((block) => renderBlock(fields(block), context)));
}

export function renderBlock(block: Fields, context: BlockContext): HTMLElement {
  try {
    const drawn = drawBlock(block, context);
    const id = string(block["block_id"]);
    if (id !== "") drawn.dataset["block"] = id;
    return drawn;
  } catch {
    return placeholder(string(block["type"]));
  }
}

function drawBlock(block: Fields, context: BlockContext): HTMLElement {
  switch (block["type"]) {
    case "header":
      return h("h3", { class: "block block-header" }, ...textNodes(block["text"], context));
    case "section":
      return section(block, context);
    case "context":
      return h("div", { class: "block block-context" }, ...list(block["elements"]).map((part) => small(part, context)));
    case "divider":
      return h("hr", { class: "block" });
    case "actions":
      return actions(block, context);
    case "image":
      return image(block, context);
    case "rich_text":
      return h("div", { class: "block" }, richText(block, context));
    case "table":
      return table(block, context);
    case "input":
      return inputBlock(block, context);
    default:
      return placeholder(string(block["type"]));
  }
}

function section(block: Fields, context: BlockContext): HTMLElement {
  const text = block["text"] ? h("div", { class: "text" }, ...textNodes(block["text"], context)) : null;
  const pairs = list(block["fields"]).map((field) => h("div", { class: "text" }, ...textNodes(field, context)));
  const accessory = block["accessory"] ? accessoryOf(fields(block["accessory"]), block, context) : null;
  return h(
    "div",
    { class: "block block-section" },
    h("div", { class: "section-body" }, text, pairs.length > 0 && h("div", { class: "fields" }, ...pairs)),
    accessory !== null && h("div", { class: "accessory" }, accessory),
  );
}

function accessoryOf(accessory: Fields, block: Fields, context: BlockContext): HTMLElement {
  if (accessory["type"] === "image") return thumbnail(accessory, context);
  return element(accessory, string(block["block_id"]), context);
}

function actions(block: Fields, context: BlockContext): HTMLElement {
  const items = list(block["elements"]).map((item) => element(fields(item), string(block["block_id"]), context));
  return h("div", { class: "block block-actions" }, ...items);
}

function small(part: unknown, context: BlockContext): HTMLElement {
  const item = fields(part);
  if (item["type"] !== "image") return h("span", { class: "text" }, ...textNodes(item, context));
  const picture = pictureOf(item, context.images);
  return picture === null ? missingPicture(string(item["alt_text"])) : pictureNode(picture, "small");
}

function image(block: Fields, context: BlockContext): HTMLElement {
  const title = block["title"] ? h("figcaption", {}, ...textNodes(block["title"], context)) : null;
  const picture = pictureOf(block, context.images);
  const shown = picture === null ? missingPicture(string(block["alt_text"])) : openablePicture(picture, "large");
  return h("figure", { class: "block" }, title, shown);
}

function thumbnail(item: Fields, context: BlockContext): HTMLElement {
  const picture = pictureOf(item, context.images);
  return picture === null ? missingPicture(string(item["alt_text"])) : openablePicture(picture, "thumbnail");
}

function table(block: Fields, context: BlockContext): HTMLElement {
  const settings = list(block["column_settings"]).map(fields);
  const rows = list(block["rows"]).map((row, index) =>
    h(
      "tr",
      {},
      ...list(row).map((cell, column) => {
        const align = `align-${string(settings[column]?.["align"]) || "left"}`;
        const content = tableCell(fields(cell), context);
        return index === 0 ? h("th", { scope: "col", class: align }, content) : h("td", { class: align }, content);
      }),
    ),
  );
  return h("div", { class: "block block-table" }, h("table", {}, h("tbody", {}, ...rows)));
}

function tableCell(cell: Fields, context: BlockContext): Node {
  if (cell["type"] === "rich_text") return richText(cell, context);
  return document.createTextNode(string(cell["text"]));
}

function placeholder(type: string): HTMLElement {
  return h("div", { class: "block unknown" }, `The sandbox does not draw “${type || "a block without a type"}”.`);
}
