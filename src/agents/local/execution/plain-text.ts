/** T2: text from flows holds pieces from the CRM, so it is escaped as a whole, for where it will land. */

/** Slack's three characters: `<!channel>` then pings nobody. */
export function asMrkdwn(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The letters of the built-in templates; without them many mail clients fall back to a typewriter's. */
const mailStyle =
  "font-family: -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; font-size: 15px; line-height: 1.5; color: #1f2328";

export function asHtml(text: string): string {
  const escaped = asMrkdwn(text).replaceAll('"', "&quot;").replaceAll("'", "&#39;");
  const paragraphs = escaped
    .split(/\r?\n\s*\r?\n/)
    .map((paragraph) => `<p>${paragraph.replaceAll(/\r?\n/g, "<br>")}</p>`);
  return `<div style="${mailStyle}">\n${paragraphs.join("\n")}\n</div>`;
}

/** For subjects and titles: no line breaks, no control or direction characters that could hide what stands there. */
export function asLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, " ")
    .replaceAll(/[\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu, "")
    .trim();
}
