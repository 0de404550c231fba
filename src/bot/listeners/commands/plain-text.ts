/** What Slack sends, as it was typed: links and mentions that Slack wrote into it, then its three escapes, undone once. */

export function plainText(text: string): string {
  return unescape(text.replaceAll(/<([^<>|]*)(?:\|([^<>]*))?>/g, readable));
}

/** "@RevOps status" without the bot's own name, which is the first one. */
export function withoutMention(text: string): string {
  return text.replace(/<@[A-Z0-9]+(?:\|[^>]*)?>[:,]?/, " ");
}

/** Slack makes a link of what looks like one: "acme.com" arrives as `<http://acme.com|acme.com>`. */
function readable(_whole: string, target: string, label: string | undefined): string {
  if (label !== undefined && label !== "") return label;
  return target.replace(/^mailto:/, "");
}

/** `&amp;` last, so that a typed "&lt;" (sent as `&amp;lt;`) stays what it was. */
function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&").replaceAll("\u200b", "");
}
