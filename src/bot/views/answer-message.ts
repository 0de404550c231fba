/** An answer in words as a message: its text, what it rests on, and buttons for commands. Of a half one, that it is half. */
import type { Button, KnownBlock } from "@slack/types";
import type { AnswerPart } from "../../engine/engine.ts";
import { actionIds } from "../../notify/slack/action-ids.ts";
import { actions, button, context, fitBlocks, longSections } from "../../notify/slack/blocks.ts";
import { oneLine, piece } from "../../notify/slack/escape.ts";
import { dotted, inWords } from "../../notify/slack/format.ts";
import { limits } from "../../notify/slack/limits.ts";
import { encodeSuggestion, type SuggestedCommand } from "../../notify/slack/suggestion-value.ts";
import { instant } from "./instant.ts";
import type { Message } from "./message.ts";
import { code } from "./text.ts";

const longestLine = 2_500;
const mostSources = 6;
const summaryLength = 300;

type Suggestion = Extract<AnswerPart, { kind: "suggestion" }>["suggestion"];
type Source = Extract<AnswerPart, { kind: "source" }>["source"];

export interface Draft {
  text: string;
  sources: Source[];
  suggestions: Suggestion[];
}

export function emptyDraft(): Draft {
  return { text: "", sources: [], suggestions: [] };
}

export function withPart(draft: Draft, part: AnswerPart): Draft {
  switch (part.kind) {
    case "text":
      return { ...draft, text: `${draft.text}${part.text}` };
    case "source":
      return { ...draft, sources: [...draft.sources, part.source] };
    case "suggestion":
      return { ...draft, suggestions: [...draft.suggestions, part.suggestion] };
    case "usage":
      return draft;
    default:
      return part satisfies never;
  }
}

/** While it comes. */
export function growingAnswer({ text }: Draft): Message {
  if (text.trim() === "") return { text: "Looking into it …", blocks: [] };
  return { text: summary(text), blocks: fitted(linesOf(`${text.trimEnd()} …`), []) };
}

export function answerMessage({ text, sources, suggestions }: Draft, timezone: string): Message {
  const end = [...rests({ text, sources }, timezone), ...pressable(suggestions)];
  return { text: summary(text), blocks: fitted(linesOf(text), end) };
}

/** `reason`: a sentence. */
export function cutAnswer({ text }: Draft, { reason, question }: { reason: string; question: string }): Message {
  const isNothing = text.trim() === "";
  const told = isNothing ? reason : `The answer was cut off here and is not whole. ${reason}`;
  const again = { kind: "ask" as const, question, from: 0, label: "Ask again" };
  const end = [context(piece(told, limits.contextText)), ...pressable([again])];
  return {
    text: summary(isNothing ? reason : `Cut off: ${text}`),
    blocks: isNothing ? end : fitted(linesOf(text), end),
  };
}

function summary(text: string): string {
  return piece(text, summaryLength);
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => piece(line, longestLine))
    .filter((line) => line !== "");
}

/** A block for a few lines, so that what has no room is left out by the line or nearly so. */
function fitted(lines: readonly string[], end: KnownBlock[]): KnownBlock[] {
  const blocks = longSections(lines);
  return fitBlocks("message", { blocks, more: () => "… and more, for which a message has no room.", end });
}

function rests({ text, sources }: Pick<Draft, "text" | "sources">, timezone: string): KnownBlock[] {
  if (sources.length === 0) return [];
  const words = sources.slice(0, mostSources).map((source) => {
    const at = instant({ at: source.at, timezone });
    return source.kind === "crm" ? `CRM, read ${at}` : `execution ${code(source.executionId)} of ${at}`;
  });
  const more = sources.length > mostSources ? "and others" : null;
  // Those of the text can't be drawn for each reader.
  const zone = /\b\d\d:\d\d\b/.test(text) ? `times in ${timezone}` : null;
  return [context(`From: ${dotted([...words, more, zone])}`)];
}

const ids = [
  actionIds.suggestion1,
  actionIds.suggestion2,
  actionIds.suggestion3,
  actionIds.suggestion4,
  actionIds.suggestion5,
];

/** The first ones that a button can carry; none does anything until it is pressed. */
function pressable(suggestions: readonly Suggestion[]): KnownBlock[] {
  const buttons: Button[] = [];
  for (const suggestion of suggestions) {
    const value = encodeSuggestion(commandOf(suggestion));
    const actionId = ids[buttons.length];
    if (value === null || actionId === undefined) continue;
    buttons.push(button({ actionId, label: oneLine(labelOf(suggestion), limits.buttonText), value }));
  }
  return buttons.length === 0 ? [] : [actions("suggestions", buttons)];
}

function commandOf(suggestion: Suggestion): SuggestedCommand {
  switch (suggestion.kind) {
    case "run":
      return { kind: "run", flowId: suggestion.flowId, customerId: suggestion.customerId };
    case "status":
      return { kind: "status", subject: suggestion.executionId };
    case "show":
      return { kind: "customer", customerId: suggestion.customerId };
    case "approvals":
    case "help":
      return { kind: suggestion.kind };
    case "ask":
      return { kind: "ask", question: suggestion.question, from: suggestion.from };
    default:
      return suggestion satisfies never;
  }
}

function labelOf(suggestion: Suggestion): string {
  switch (suggestion.kind) {
    case "run":
      return `Run ${inWords(suggestion.flowId).toLowerCase()} for ${suggestion.customerName}`;
    case "status":
      return `Status of ${suggestion.about}`;
    case "show":
      return `Show ${suggestion.customerName}`;
    case "approvals":
      return "Show approvals";
    case "help":
      return "Help";
    case "ask":
      return suggestion.label;
    default:
      return suggestion satisfies never;
  }
}
