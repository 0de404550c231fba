/** F1: an execution failed or ran out of time; Redrive runs it on from where it stopped. */
import type { FailureCard } from "../../flow/card.ts";
import { actionIds, encodeExecution } from "./action-ids.ts";
import { actions, built, button, context, sections, type BuiltCard } from "./blocks.ts";
import { piece } from "./escape.ts";
import { dotted, list, number } from "./format.ts";
import { shownAt } from "./outcome-lines.ts";

const stepsShown = 8;

export function buildFailureCard(card: FailureCard): BuiltCard {
  const subject = dotted([card.customerName === null ? null : piece(card.customerName, 150), piece(card.flowId, 80)]);
  const what = card.ranOutOfTime ? "Ran out of time" : "Failed";
  const why = reason(card);
  const facts = sections([`*${what}:* ${subject}`, why, ...takenBackLines(card), shownAt(card.at, card.timezone)]);
  if (card.redriven !== null) {
    const who = card.redriven.by === null ? "Redriven" : `Redriven by ${piece(card.redriven.by.name, 80)}`;
    return built(`${who}: ${subject}`, [
      ...facts,
      ...sections([`${who} · ${shownAt(card.redriven.at, card.timezone)}`]),
    ]);
  }
  return built(`${what}: ${subject}. ${why}`, [
    ...facts,
    actions("failure", [
      button({ actionId: actionIds.redrive, label: "Redrive", value: encodeExecution(card), style: "primary" }),
    ]),
    context(`${goesOn(card)} · ${piece(card.executionId, 80)}`),
  ]);
}

function reason({ ranOutOfTime, stepId, failure }: FailureCard): string {
  const cause = piece(failure.cause, 800);
  if (ranOutOfTime) return `${cause} What was under way has been cut off.`;
  const where = stepId === null ? "The execution" : `Step ${piece(stepId, 80)}`;
  return `${where}: ${piece(failure.error, 60)} · ${cause}`;
}

function goesOn({ ranOutOfTime, takenBack }: FailureCard): string {
  if (takenBack.length > 0) return "Redrive does again what was taken back; what else was sent is not sent again";
  const from = ranOutOfTime ? "from where it was cut off, with its time once more" : "from the failed step";
  return `Redrive goes on ${from}; what was sent is not sent again`;
}

/** One that can't be taken back is for a person to look after. */
function takenBackLines({ takenBack }: FailureCard): string[] {
  const failed = takenBack.filter(({ failure }) => failure !== null);
  const names = (steps: FailureCard["takenBack"]): string => {
    const shown = steps.slice(0, stepsShown).map(({ stepId }) => piece(stepId, 80));
    const left = steps.length - shown.length;
    return list(left === 0 ? shown : [...shown, `${number(left)} more`], "and");
  };
  const done = takenBack.filter(({ hasEnded, failure }) => hasEnded && failure === null);
  const underWay = takenBack.filter(({ hasEnded, failure }) => !hasEnded && failure === null);
  return [
    ...(done.length === 0 ? [] : [`Taken back: ${names(done)}`]),
    ...(underWay.length === 0 ? [] : [`Being taken back: ${names(underWay)}`]),
    ...failed
      .slice(0, stepsShown)
      .map(({ stepId, failure }) => `*Not taken back*: ${piece(stepId, 80)} · ${piece(failure?.cause ?? "", 300)}`),
    ...(failed.length > stepsShown ? [`and ${number(failed.length - stepsShown)} more not taken back`] : []),
  ];
}
