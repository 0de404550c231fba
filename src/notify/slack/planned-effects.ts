/** What would leave, as text (A3): each planned effect in a line, and below it what its receiver reads. */
import type { KnownBlock } from "@slack/types";
import type { CardPlan } from "../../flow/card.ts";
import type { Effect, PlannedEffect } from "../../flow/effect.ts";
import { longSections, sections } from "./blocks.ts";
import { changeLine, effectLine, slotLine, updateHead } from "./effect-line.ts";
import { piece } from "./escape.ts";
import { count } from "./format.ts";
import { truncateEscaped } from "./limits.ts";

const textLinesShown = 200;
const lineLength = 400;

/** `heading`: "If approved" before the decision, "Planned" after it. */
export function planBlocks({ stepId, items, effects }: CardPlan, heading: string): KnownBlock[] {
  const times = items === null ? "" : ` for ${count(items, "item")}`;
  const title = `*${heading}: ${piece(stepId, 80)}${times}*`;
  if (effects.length === 0) return sections([title, "nothing is sent by this step"]);
  return [...sections([title]), ...effects.flatMap((planned) => longSections(effectLines(planned)))];
}

function effectLines({ effect }: PlannedEffect): string[] {
  // Its changes follow one by one.
  return [effect.kind === "crm_update" ? updateHead(effect) : effectLine(effect), ...content(effect)];
}

function content(effect: Effect): string[] {
  switch (effect.kind) {
    case "email":
      return quoted(effect.text);
    case "slack_message":
      // Its text is mrkdwn, escaped by the action that planned it.
      return cutQuote(effect.text.split("\n").map((line) => `> ${truncateEscaped(line, lineLength)}`));
    case "calendar_event":
      return [slotLine(effect), ...quoted(effect.description)];
    case "crm_update":
      return [
        ...effect.changes.map((change) => `> ${changeLine(change, lineLength)}`),
        `because: ${piece(effect.reason, lineLength)}`,
      ];
    default:
      return effect satisfies never;
  }
}

function quoted(text: string): string[] {
  return cutQuote(
    text
      .trim()
      .split("\n")
      .map((line) => `> ${piece(line, lineLength)}`),
  );
}

function cutQuote(lines: string[]): string[] {
  if (lines.length <= textLinesShown) return lines;
  return [...lines.slice(0, textLinesShown), `> … and ${lines.length - textLinesShown} more lines`];
}
