/** Where no mail server or calendar is set up, its effects go to the person as a direct message, which says what it stands for. */
import type { CalendarEventEffect, Effect, EffectKind, EmailEffect, SlackMessageEffect } from "../../flow/effect.ts";
import { FailureError } from "../../flow/failure.ts";
import type { Notifier } from "../notifier.ts";
import { effectLine } from "./effect-line.ts";
import { escapeMrkdwn, piece } from "./escape.ts";
import { truncate } from "./limits.ts";

/** Slack cuts a message's text above 40,000 characters; people stop reading long before. */
const bodyShown = 3000;

export function directMessageInstead(parameters: {
  slack: Notifier;
  kind: Extract<EffectKind, "email" | "calendar_event">;
}): Notifier {
  const { slack, kind } = parameters;
  const find = slack.find?.bind(slack);
  return {
    kinds: [kind],
    idempotency: slack.idempotency,
    perform: (call) => slack.perform({ ...call, effect: asMessage(call.effect) }),
    ...(find === undefined ? {} : { find: (call) => find({ ...call, effect: asMessage(call.effect) }) }),
  };
}

function asMessage(effect: Effect): SlackMessageEffect {
  switch (effect.kind) {
    case "email":
      return toPerson(effect.to, mailText(effect));
    case "calendar_event":
      return toPerson(firstGuest(effect), eventText(effect));
    case "slack_message":
      return effect;
    case "crm_update":
      throw new FailureError({ error: "Effect.Refused", cause: "No message stands for a change in the CRM." });
    default:
      return effect satisfies never;
  }
}

function mailText({ subject, text }: EmailEffect): string {
  return `*${piece(subject)}*\n${escapeMrkdwn(truncate(text.trim(), bodyShown))}`;
}

function eventText(effect: CalendarEventEffect): string {
  const asked = `No calendar is set up, so please book it yourself: ${effectLine(effect)}`;
  return `${asked}\n${escapeMrkdwn(truncate(effect.description.trim(), bodyShown))}`.trim();
}

function firstGuest({ attendees }: CalendarEventEffect): string {
  const [guest] = attendees;
  if (guest !== undefined) return guest;
  throw new FailureError({ error: "Recipient.Missing", cause: "The event has nobody to invite." });
}

function toPerson(email: string, text: string): SlackMessageEffect {
  return { kind: "slack_message", to: { kind: "person", email }, text };
}
