/** A digest's lines as messages that Slack takes whole: sections are cut first, then lines go to the next message. */

import { asLine } from "../execution/plain-text.ts";

/** Slack takes 4,000 characters; escaping makes some longer, and "(2 of 3)" is to fit. */
const mostCharacters = 3_400;
const mostLine = 300;
/** Who wants the rest has a list of it. */
const mostRows = 20;

export interface Section {
  title: string;
  rows: readonly string[];
  /** Of how many these rows are the first; left out: they are all. */
  total?: number;
}

/** No page where no section has rows. */
export function pagesOf({ title, sections }: { title: string; sections: readonly Section[] }): string[] {
  const said = sections.filter(({ rows }) => rows.length > 0);
  if (said.length === 0) return [];
  const pages: string[] = [];
  let page = `*${title}*`;
  for (const line of said.flatMap(linesOf)) {
    if (escapedLength(page) + escapedLength(line) + 1 > mostCharacters) {
      pages.push(page);
      page = line.trimStart();
    } else page = `${page}\n${line}`;
  }
  return [...pages, page];
}

function linesOf({ title, rows, total = rows.length }: Section): string[] {
  const shown = rows.slice(0, mostRows);
  const left = total - shown.length;
  const more = left > 0 ? [`… and ${left.toLocaleString("en")} more`] : [];
  return [`\n*${title}* (${total.toLocaleString("en")})`, ...shown.map((row) => `• ${cut(row)}`), ...more];
}

/** Names of customers come from outside: a line stays a line. */
function cut(row: string): string {
  const line = asLine(row);
  return line.length <= mostLine
    ? line
    : `${line
        .slice(0, mostLine - 1)
        .toWellFormed()
        .replace(/\uFFFD$/u, "")}…`;
}

/** `&`, `<` and `>` leave as entities. */
function escapedLength(text: string): number {
  return text.length + (text.match(/[&<>]/g) ?? []).length * 4;
}
