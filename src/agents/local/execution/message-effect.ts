/** Planned mails and Slack messages; the target ends the effect's key (E1). */
import type { PlannedEffect } from "../../../flow/effect.ts";

export function emailEffect(
  to: string,
  { subject, html, text }: { subject: string; html: string; text: string },
): PlannedEffect {
  return { target: `email:${to}`, effect: { kind: "email", to, subject, html, text } };
}

export function personMessageEffect(email: string, text: string): PlannedEffect {
  return { target: `slack:${email}`, effect: { kind: "slack_message", to: { kind: "person", email }, text } };
}

export function channelMessageEffect(channel: string, text: string): PlannedEffect {
  return { target: `slack:${channel}`, effect: { kind: "slack_message", to: { kind: "channel", channel }, text } };
}
