/** The buttons of a card that is about a case: no answer, and not now or not again. */
import type { Button } from "@slack/types";
import type { ApprovalCard } from "../../flow/card.ts";
import { actionIds, encodeApproval } from "./action-ids.ts";
import { button } from "./blocks.ts";
import { findCase } from "./case-lines.ts";

export function asideButtons(card: ApprovalCard): Button[] {
  if (findCase(card.outputs) === null) return [];
  const value = encodeApproval(card);
  return [
    button({ actionId: actionIds.snooze, label: "Snooze", value }),
    button({ actionId: actionIds.dismiss, label: "Dismiss", value }),
  ];
}
