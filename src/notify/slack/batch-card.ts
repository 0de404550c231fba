/** The one message of a batch: how many customers match, how far they are, whose decision is awaited. */
import type { KnownBlock } from "@slack/types";
import type { BatchCard } from "../../flow/card.ts";
import { actionIds, encodeListPage } from "./action-ids.ts";
import { actions, built, button, context, sections, type BuiltCard } from "./blocks.ts";
import { piece } from "./escape.ts";
import { count, dotted, list, number } from "./format.ts";
import { shownAt } from "./outcome-lines.ts";

const namesShown = 8;

/** In the order in which a reader asks: what needs me, what moves, what ended. */
const words: readonly [keyof BatchCard["counts"], (value: number) => string][] = [
  ["waiting_for_approval", (value) => `${number(value)} ${value === 1 ? "waits" : "wait"} for approval`],
  ["in_doubt", (value) => `${number(value)} in doubt`],
  ["failed", (value) => `${number(value)} failed`],
  ["queued", (value) => `${number(value)} queued`],
  ["running", (value) => `${number(value)} running`],
  ["completed", (value) => `${number(value)} completed`],
  ["rejected", (value) => `${number(value)} rejected`],
  ["expired", (value) => `${number(value)} expired`],
  ["nothing_to_do", (value) => `${number(value)} with nothing to do`],
];

export function buildBatchCard(card: BatchCard): BuiltCard {
  const title = `*${piece(card.flowId, 80)}* ${piece(card.flowVersion, 20)}`;
  const lines = [`${title} · ${matchWords(card)}`, progressWords(card), ...waitingLines(card)];
  return built(`${piece(card.flowId, 80)}: ${matchWords(card)}. ${progressWords(card)}`, [
    ...sections(lines),
    ...listButton(card),
    context(originWords(card)),
  ]);
}

/** Whose decision waits beyond the cards: each who opens it sees what waits for them. */
function listButton({ listed, batchId }: BatchCard): KnownBlock[] {
  if (listed === 0) return [];
  const value = encodeListPage({ batchId, offset: 0 });
  return [actions("list", [button({ actionId: actionIds.listOpen, label: "Open the list", value })])];
}

function matchWords({ matched, total, alreadyRunning }: BatchCard): string {
  const verb = matched === 1 ? "matches" : "match";
  const how = alreadyRunning === matched ? "all" : number(alreadyRunning);
  const already = alreadyRunning === 0 ? "" : `, ${how} of them already under way and left alone`;
  return `${number(matched)} of ${count(total, "customer")} ${verb}${already}`;
}

function progressWords(card: BatchCard): string {
  const parts = words.flatMap(([key, say]) => (card.counts[key] === 0 ? [] : [say(card.counts[key])]));
  const toStart = Math.max(0, card.matched - card.alreadyRunning - card.started);
  const starting = card.ended || toStart === 0 ? [] : [`${number(toStart)} to start`];
  const all = [...parts, ...starting];
  if (all.length > 0) return all.join(" · ");
  if (!card.ended) return "Starting";
  return card.alreadyRunning > 0 ? "Nothing new" : "Nothing to do";
}

function waitingLines({ waitingFor }: BatchCard): string[] {
  if (waitingFor.length === 0) return [];
  const shown = waitingFor.slice(0, namesShown).map((each) => `${piece(each.name, 80)} (${number(each.count)})`);
  const left = waitingFor.length - shown.length;
  return [`Waiting for ${list(left === 0 ? shown : [...shown, `${number(left)} more`], "and")}`];
}

function originWords(card: BatchCard): string {
  const who =
    card.requestedBy === null
      ? `Started by the schedule of ${shownAt(card.scheduledAt ?? card.startedAt, card.timezone)}`
      : `Started by ${piece(card.requestedBy.name, 80)} · ${shownAt(card.startedAt, card.timezone)}`;
  return dotted([who, card.ended ? "ended" : null]);
}
