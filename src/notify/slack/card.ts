/** One way from a card's data to what Slack shows. */
import type { Card } from "../../flow/card.ts";
import { buildApprovalCard } from "./approval-card.ts";
import { buildBatchCard } from "./batch-card.ts";
import type { BuiltCard } from "./blocks.ts";
import { buildDetailsReply } from "./details.ts";
import { buildDoubtCard } from "./doubt-card.ts";
import { buildFailureCard } from "./failure-card.ts";
import { buildNoteCard } from "./note-card.ts";

/** `mentions`: user ids of those whom a note is for. */
export function buildCard(card: Card, mentions: readonly string[] = []): BuiltCard {
  switch (card.kind) {
    case "approval":
      return buildApprovalCard(card);
    case "doubt":
      return buildDoubtCard(card);
    case "failure":
      return buildFailureCard(card);
    case "batch":
      return buildBatchCard(card);
    case "details":
      return buildDetailsReply(card);
    case "note":
      return buildNoteCard(card, mentions);
    default:
      return card satisfies never;
  }
}
