/** Slack's `rich_text` block. Styles come as data here, not as marks in the text. */
import type { BlockContext } from "./block-context.ts";
import { slackDate } from "./dates.ts";
import { h } from "./h.ts";
import { fields, list, number, string, type Fields } from "./shape.ts";
import { channelNode, linkNode, userNode } from "./text-view.ts";

export function richText(block: Fields, context: BlockContext): HTMLElement {
  return h("div", { class: "rich-text" }, ...list(block["elements"]).map((part) => richPart(fields(part), context)));
}

function richPart(part: Fields, context: BlockContext): HTMLElement {
  const inline = (): Node[] => list(part["elements"]).map((element) => richInline(fields(element), context));
  switch (part["type"]) {
    case "rich_text_section":
      return h("div", { class: "rich-section" }, ...inline());
    case "rich_text_preformatted":
      return h("pre", {}, ...inline());
    case "rich_text_quote":
      return h("blockquote", {}, ...inline());
    case "rich_text_list":
      return richList(part, context);
    default:
      return h("span", { class: "unknown" }, `[${string(part["type"]) || "unknown part"}]`);
  }
}

function richList(part: Fields, context: BlockContext): HTMLElement {
  const items = list(part["elements"]).map((item) => h("li", {}, richPart(fields(item), context)));
  const indent = `indent-${Math.min(number(part["indent"]) ?? 0, 6)}`;
  if (part["style"] !== "ordered") return h("ul", { class: indent }, ...items);
  return h("ol", { class: indent, start: (number(part["offset"]) ?? 0) + 1 }, ...items);
}

function richInline(element: Fields, context: BlockContext): Node {
  const node = richLeaf(element, context);
  return styled(node, fields(element["style"]));
}

function richLeaf(element: Fields, context: BlockContext): Node {
  switch (element["type"]) {
    case "text":
      return document.createTextNode(string(element["text"]));
    case "link":
      return linkNode(string(element["url"]), string(element["text"]) || string(element["url"]));
    case "user":
      return userNode(string(element["user_id"]), string(element["user_id"]), context);
    case "channel":
      return channelNode(string(element["channel_id"]), string(element["channel_id"]), context);
    case "broadcast":
      return h("span", { class: "mention" }, `@${string(element["range"])}`);
    case "emoji":
      return document.createTextNode(`:${string(element["name"])}:`);
    case "date":
      return richDate(element, context);
    default:
      return h("span", { class: "unknown" }, `[${string(element["type"]) || "unknown part"}]`);
  }
}

function richDate(element: Fields, context: BlockContext): Node {
  const seconds = number(element["timestamp"]);
  const fallback = string(element["fallback"]);
  if (seconds === null) return document.createTextNode(fallback);
  return document.createTextNode(slackDate(seconds, string(element["format"]), context.reader) ?? fallback);
}

function styled(node: Node, style: Fields): Node {
  let outer = node;
  if (style["code"] === true) outer = h("code", {}, outer);
  if (style["strike"] === true) outer = h("s", {}, outer);
  if (style["italic"] === true) outer = h("i", {}, outer);
  if (style["bold"] === true) outer = h("b", {}, outer);
  return outer;
}
