/** One way from a card's data to what Slack shows. */
import type { Card } from "../../flow/card.ts";
import { buildApprovalCard } from "./approval-card.ts";
import { buildBatchCard } from "./batch-card.ts";
import type { BuiltCard } from "./blocks.ts";
import { buildDoubtCard } from "./doubt-card.ts";
import { buildFailureCard } from "./failure-card.ts";

export function buildCard(card: Card): BuiltCard {
  switch (card.kind) {
    case "approval":
      return buildApprovalCard(card);
    case "doubt":
      return buildDoubtCard(card);
    case "failure":
      return buildFailureCard(card);
    case "batch":
      return buildBatchCard(card);
    default:
      return card satisfies never;
  }
}
