/** What an execution agent's action of one's own plans: messages of plain text, each piece escaped for where it lands (T2). */
import type { PlannedEffect } from "../../flow/effect.ts";
import { channelMessageEffect, emailEffect, personMessageEffect } from "../local/execution/message-effect.ts";
import { asHtml, asLine, asMrkdwn } from "../local/execution/plain-text.ts";
import { recipient } from "../local/execution/recipient.ts";

/** `to`: one mail address; null, as where the customer has none, fails the step (`Recipient.Missing`). */
export function planEmail({ to, subject, text }: { to: string | null; subject: string; text: string }): PlannedEffect {
  return emailEffect(recipient(to, { what: "the recipient" }), { subject: asLine(subject), html: asHtml(text), text });
}

/** `to`: a mail address, or a channel by its name with `#`. */
export function planSlackMessage({ to, text }: { to: string | null; text: string }): PlannedEffect {
  if (to?.startsWith("#") === true) return channelMessageEffect(to, asMrkdwn(text));
  return personMessageEffect(recipient(to, { what: "the recipient (a mail address or #channel)" }), asMrkdwn(text));
}
