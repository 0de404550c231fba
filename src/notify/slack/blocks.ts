/** The few blocks that cards are made of, each within Slack's limits whatever it is given. */
import type { ActionsBlock, Button, ContextBlock, KnownBlock, SectionBlock } from "@slack/types";
import type { ActionId } from "./action-ids.ts";
import type { Surface } from "./check-blocks.ts";
import { fitLines, jsonBytes, limits, truncate, truncateEscaped } from "./limits.ts";

/** A card as Slack takes it; `text` is what notifications and screen readers say. */
export interface BuiltCard {
  text: string;
  blocks: KnownBlock[];
}

/** Lines are mrkdwn and escaped already. `verbatim`: Slack makes no links or mentions of its own out of them. */
export function section(lines: readonly string[]): SectionBlock {
  const text = fitLines(lines, limits.sectionText, (left) => `… and ${left} more`);
  return { type: "section", text: { type: "mrkdwn", text, verbatim: true } };
}

/** No block at all where there is nothing to say: Slack refuses an empty one. */
export function sections(...groups: readonly string[][]): SectionBlock[] {
  return groups.filter((lines) => lines.some((line) => line !== "")).map((lines) => section(lines));
}

/** As many sections as the lines need: for what must be read whole. */
export function longSections(lines: readonly string[]): SectionBlock[] {
  const groups: string[][] = [];
  let room = 0;
  for (const line of lines) {
    const cost = Math.min(line.length, limits.sectionText) + 1;
    if (cost > room) {
      groups.push([]);
      room = limits.sectionText + 1;
    }
    groups.at(-1)?.push(line);
    room -= cost;
  }
  return sections(...groups);
}

export function context(text: string): ContextBlock {
  const shown = truncateEscaped(text, limits.contextText);
  return { type: "context", elements: [{ type: "mrkdwn", text: shown, verbatim: true }] };
}

/** The first blocks that fit between `head` and `end`, then how many had no room. */
export function fitBlocks(
  surface: Surface,
  {
    head = [],
    blocks,
    more,
    end,
  }: { head?: KnownBlock[]; blocks: KnownBlock[]; more: (left: number) => string; end: KnownBlock[] },
): KnownBlock[] {
  let kept = blocks.length;
  const shown = () => [
    ...head,
    ...blocks.slice(0, kept),
    ...(kept < blocks.length ? sections([more(blocks.length - kept)]) : []),
    ...end,
  ];
  while (kept > 0 && !hasRoom(shown(), surface)) kept -= 1;
  return shown();
}

function hasRoom(blocks: readonly KnownBlock[], surface: Surface): boolean {
  if (surface === "message")
    return blocks.length <= limits.messageBlocks && messageCharacters(blocks) <= limits.messageCharacters;
  return blocks.length <= limits.modalBlocks && jsonBytes(blocks) <= limits.viewBytes - limits.viewFrameBytes;
}

function messageCharacters(blocks: readonly KnownBlock[]): number {
  const ofText = blocks.filter((block) => block.type === "section" && block.accessory === undefined).length;
  return JSON.stringify(blocks).length + ofText * limits.messageBlockCharacters;
}

export function actions(blockId: string, elements: Button[]): ActionsBlock {
  return { type: "actions", block_id: blockId, elements };
}

export function button(parameters: {
  actionId: ActionId;
  label: string;
  value: string;
  style?: "primary" | "danger";
}): Button {
  const { actionId, label, value, style } = parameters;
  return {
    type: "button",
    action_id: actionId,
    text: { type: "plain_text", text: truncate(label, limits.buttonText), emoji: false },
    value,
    ...(style === undefined ? {} : { style }),
  };
}

export function built(text: string, blocks: KnownBlock[]): BuiltCard {
  return { text: truncateEscaped(text, limits.messageText), blocks };
}

/** Only addresses that a person may be sent to; the label is escaped already. */
export function link(url: string | null, label: string): string {
  if (url === null || !/^https?:\/\/[^\s<>|]+$/.test(url)) return label;
  return `<${url.replaceAll("&", "&amp;")}|${label}>`;
}
