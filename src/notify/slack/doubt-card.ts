/** E2: an effect that may have happened and may not. The card says what is known, and asks who can look. */
import type { DoubtCard } from "../../flow/card.ts";
import { actionIds, encodeEffect } from "./action-ids.ts";
import { actions, built, button, context, sections, type BuiltCard } from "./blocks.ts";
import { effectLine } from "./effect-line.ts";
import { piece } from "./escape.ts";
import { dotted, list } from "./format.ts";
import { shownAt } from "./outcome-lines.ts";

const answers = { send_again: "send it again", arrived: "it arrived" } as const;

export function buildDoubtCard(card: DoubtCard): BuiltCard {
  const what = effectLine(card.effect.effect);
  const subject = dotted([card.customerName === null ? null : piece(card.customerName, 150), piece(card.flowId, 80)]);
  const head = [`*In doubt:* ${what}`, subject];
  if (card.resolved !== null) {
    const { by, answer, at } = card.resolved;
    const said = `${piece(by.name, 80)} said: ${answers[answer]}`;
    return built(`Doubt settled, ${said}. ${what}`, sections(head, [`${said} · ${shownAt(at, card.timezone)}`]));
  }
  return built(`In doubt: ${what}. Did it arrive?`, [...sections(head, question(card)), ...buttons(card)]);
}

function question(card: DoubtCard): string[] {
  return [
    `Sending began ${shownAt(card.begunAt, card.timezone)} and no answer came, so nobody here can know whether it arrived.`,
    ...(card.cause.trim() === "" ? [] : [`Cause: ${piece(card.cause, 400)}`]),
    `${whereToLook(card)}, then say. Until then this step waits.`,
  ];
}

function whereToLook({ effect: { effect } }: DoubtCard): string {
  switch (effect.kind) {
    case "email":
      return "Ask the recipient, or look in the mail server's log";
    case "slack_message":
      return "Look in the conversation";
    case "calendar_event":
      return "Ask a guest, or look in the calendar";
    case "crm_update":
      return "Look at the customer in the CRM";
    default:
      return effect satisfies never;
  }
}

function buttons(card: DoubtCard) {
  const value = encodeEffect(card);
  const names = card.answeredBy.slice(0, 6).map((name) => piece(name, 80));
  return [
    actions("doubt", [
      button({ actionId: actionIds.arrived, label: "It arrived", value, style: "primary" }),
      button({ actionId: actionIds.sendAgain, label: "Send again", value }),
    ]),
    context(`For ${names.length === 0 ? "an operator" : list(names, "or")} to answer`),
  ];
}
