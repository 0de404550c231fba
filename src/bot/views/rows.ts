/**
 * Lists as Block Kit: rows of text gathered into sections within Slack's limits, the rest counted.
 * All blocks of a message together are limited too, whatever each of them holds.
 */
import type { KnownBlock } from "@slack/types";
import { limits } from "../../notify/slack/limits.ts";

/** For what stands around the list: a heading, a last line, and each block's own braces. */
const reserve = 3_000;
/** Each group is a section at least; a message holds 50 blocks. */
const maxGroups = 25;

export interface Group {
  /** mrkdwn; null: rows without a heading. */
  heading: string | null;
  /** mrkdwn, a line or two each. */
  rows: string[];
}

export interface Listed {
  blocks: KnownBlock[];
  /** Rows that had no room. */
  left: number;
}

/** `taken`: characters of the message's that other blocks need. */
export function listBlocks(groups: Group[], taken = 0): Listed {
  const { kept, left } = fit(groups, taken);
  return { blocks: kept.flatMap(sectionTexts).map(section), left };
}

/** The first rows that fit, in order: a later, shorter one doesn't slip in before a longer one. */
function fit(groups: Group[], taken: number): { kept: Group[]; left: number } {
  const kept: Group[] = [];
  let room = limits.messageCharacters - reserve - taken;
  let left = 0;
  for (const { heading, rows } of groups) {
    const fitting: string[] = [];
    for (const row of rows) {
      const cost = JSON.stringify(row).length + (fitting.length === 0 ? (heading ?? "").length : 0);
      if (left > 0 || kept.length >= maxGroups || cost > room) {
        left += 1;
      } else {
        room -= cost;
        fitting.push(row);
      }
    }
    if (fitting.length > 0) kept.push({ heading, rows: fitting });
  }
  return { kept, left };
}

function sectionTexts({ heading, rows }: Group): string[] {
  const texts: string[] = [];
  let text = heading;
  for (const row of rows) {
    const longer: string = text === null ? row : `${text}\n${row}`;
    if (text !== null && longer.length > limits.sectionText) {
      texts.push(text);
      text = row;
    } else text = longer;
  }
  return text === null ? texts : [...texts, text];
}

export function section(text: string): KnownBlock {
  return { type: "section", text: { type: "mrkdwn", text } };
}

export function context(text: string): KnownBlock {
  return { type: "context", elements: [{ type: "mrkdwn", text }] };
}
