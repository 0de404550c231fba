/** Text objects and mrkdwn tokens as elements. */
import type { BlockContext } from "./block-context.ts";
import { slackDate } from "./dates.ts";
import { h } from "./h.ts";
import { parseMrkdwn, type Token } from "./mrkdwn.ts";
import { safeLink } from "./safe-url.ts";
import { fields, string } from "./shape.ts";

/** A `plain_text` object stands as written; `mrkdwn` is parsed. */
export function textNodes(object: unknown, context: BlockContext): Node[] {
  const { type, text } = fields(object);
  if (type === "mrkdwn") return mrkdwnNodes(string(text), context);
  return [document.createTextNode(string(text))];
}

export function mrkdwnNodes(text: string, context: BlockContext): Node[] {
  return tokenNodes(parseMrkdwn(text), context);
}

function tokenNodes(tokens: Token[], context: BlockContext): Node[] {
  return tokens.map((token) => tokenNode(token, context));
}

function tokenNode(token: Token, context: BlockContext): Node {
  switch (token.kind) {
    case "text":
      return document.createTextNode(token.text);
    case "bold":
      return h("b", {}, ...tokenNodes(token.children, context));
    case "italic":
      return h("i", {}, ...tokenNodes(token.children, context));
    case "strike":
      return h("s", {}, ...tokenNodes(token.children, context));
    case "code":
      return h("code", {}, ...tokenNodes(token.children, context));
    case "pre":
      return h("pre", {}, ...tokenNodes(token.children, context));
    case "quote":
      return h("blockquote", {}, ...tokenNodes(token.children, context));
    case "link":
      return linkNode(token.url, token.label);
    case "user":
      return userNode(token.id, token.label, context);
    case "channel":
      return channelNode(token.id, token.label, context);
    case "broadcast":
      return h("span", { class: "mention" }, `@${token.name}`);
    case "date":
      return dateNode(token, context);
  }
}

/** Outside links open beside the page and tell the other side nothing about it. */
export function linkNode(url: string, label: string): Node {
  const address = safeLink(url);
  if (address === null) return document.createTextNode(label);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

export function userNode(id: string, label: string, context: BlockContext): Node {
  return h("span", { class: "mention", "data-user": id }, `@${context.userName(id) ?? label}`);
}

export function channelNode(id: string, label: string, context: BlockContext): Node {
  const name = context.channelName(id);
  if (name === null) return h("span", { class: "mention" }, `#${label}`);
  return h("a", { class: "mention", href: `#/c/${encodeURIComponent(name)}` }, `#${name}`);
}

function dateNode(token: Extract<Token, { kind: "date" }>, context: BlockContext): Node {
  const text = slackDate(token.seconds, token.format, context.reader) ?? token.fallback;
  if (token.url !== null) return linkNode(token.url, text);
  const instant = new Date(token.seconds * 1000);
  if (Number.isNaN(instant.getTime())) return document.createTextNode(token.fallback);
  return h("time", { datetime: instant.toISOString() }, text);
}
