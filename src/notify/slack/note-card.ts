/** What is said in the thread of an approval's card: an edit with its difference, a reminder, a hand-over. */
import type { KnownBlock } from "@slack/types";
import type { NoteCard } from "../../flow/card.ts";
import { localDate } from "../../flow/zone.ts";
import { built, fitBlocks, sections, type BuiltCard } from "./blocks.ts";
import { changeLines } from "./change-lines.ts";
import { piece } from "./escape.ts";
import { dotted, list } from "./format.ts";
import { shownAt } from "./outcome-lines.ts";
import { planBlocks } from "./planned-effects.ts";

const mentionsShown = 10;

/** `mentions`: user ids, so that Slack tells those who are waited for. */
export function buildNoteCard(card: NoteCard, mentions: readonly string[]): BuiltCard {
  const blocks = fitBlocks("message", {
    head: head(card, mentions),
    blocks: body(card),
    more: () => "… and more, under Details",
    end: [],
  });
  return built(plainHead(card), blocks);
}

function head(card: NoteCard, mentions: readonly string[]): KnownBlock[] {
  const { note, at, timezone } = card;
  switch (note.type) {
    case "edited":
      return sections([dotted([`*Edited* by ${piece(note.by.name, 80)}`, shownAt(at, timezone), votesLost(note)])]);
    case "reminded":
      return sections([dotted([`Still waiting for ${people(note, mentions)}`, expiry(note, timezone)])]);
    case "escalated":
      return sections([
        dotted([`*Handed over* to ${people(note, mentions)}: ${why(note.reason)}`, expiry(note, timezone)]),
      ]);
    default:
      return note satisfies never;
  }
}

function plainHead({ note }: NoteCard): string {
  switch (note.type) {
    case "edited":
      return `Edited by ${piece(note.by.name, 80)}`;
    case "reminded":
      return `Still waiting for ${list(names(note), "or")}`;
    case "escalated":
      return `Handed over to ${list(names(note), "or")}`;
    default:
      return note satisfies never;
  }
}

type Edited = Extract<NoteCard["note"], { type: "edited" }>;

/** Where one approval is enough there is none to lose. */
function votesLost({ quorum }: Edited): string | null {
  return quorum > 1 ? "approvals given before no longer count" : null;
}

/** What was changed, and all that would now leave (A3): an approval covers exactly this. */
function body({ note, at, timezone }: NoteCard): KnownBlock[] {
  if (note.type !== "edited") return [];
  const today = localDate({ at, timezone });
  const later = note.later.map((step) => piece(step, 80)).join(", ");
  return [
    ...sections(...note.changes.map((change) => changeLines(change, today))),
    ...note.plans.flatMap((plan) => planBlocks(plan, "If approved")),
    ...sections(later === "" ? [] : [`*Then*: ${later}`]),
  ];
}

type Waiting = Extract<NoteCard["note"], { type: "reminded" | "escalated" }>;

function people(note: Waiting, mentions: readonly string[]): string {
  const pinged = mentions.slice(0, mentionsShown).map((id) => `<@${id}>`);
  return list(pinged.length === 0 ? names(note) : pinged, "or");
}

function names({ waitingFor }: Waiting): string[] {
  return waitingFor.map(({ label }) => piece(label, 80));
}

function expiry({ expiresAt }: Waiting, timezone: string): string | null {
  return expiresAt === null ? null : `expires ${shownAt(expiresAt, timezone)}`;
}

function why(reason: Extract<Waiting, { type: "escalated" }>["reason"]): string {
  switch (reason) {
    case "after":
      return "nobody has decided so far";
    case "timeout":
      return "the time of the others ran out";
    case "no_approver":
      return "nobody else can decide";
    default:
      return reason satisfies never;
  }
}
