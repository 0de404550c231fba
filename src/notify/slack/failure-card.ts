/** F1: an execution failed; Redrive runs it on from the failed step. */
import type { FailureCard } from "../../flow/card.ts";
import { actionIds, encodeExecution } from "./action-ids.ts";
import { actions, built, button, context, sections, type BuiltCard } from "./blocks.ts";
import { piece } from "./escape.ts";
import { dotted } from "./format.ts";
import { shownAt } from "./outcome-lines.ts";

export function buildFailureCard(card: FailureCard): BuiltCard {
  const subject = dotted([card.customerName === null ? null : piece(card.customerName, 150), piece(card.flowId, 80)]);
  const where = card.stepId === null ? "The execution" : `Step ${piece(card.stepId, 80)}`;
  const why = `${where}: ${piece(card.failure.error, 60)} · ${piece(card.failure.cause, 800)}`;
  const facts = sections([`*Failed:* ${subject}`, why, shownAt(card.at, card.timezone)]);
  if (card.redriven !== null) {
    const who = card.redriven.by === null ? "Redriven" : `Redriven by ${piece(card.redriven.by.name, 80)}`;
    return built(`${who}: ${subject}`, [
      ...facts,
      ...sections([`${who} · ${shownAt(card.redriven.at, card.timezone)}`]),
    ]);
  }
  return built(`Failed: ${subject}. ${why}`, [
    ...facts,
    actions("failure", [
      button({ actionId: actionIds.redrive, label: "Redrive", value: encodeExecution(card), style: "primary" }),
    ]),
    context(`Redrive goes on from the failed step; what was sent is not sent again · ${piece(card.executionId, 80)}`),
  ]);
}
