/** Mails: nobody can be asked afterwards whether one arrived (`none`), so what the mailer doesn't know stays a doubt (E2). */
import type { Effect, EmailEffect } from "../../flow/effect.ts";
import { FailureError } from "../../flow/failure.ts";
import type { Notifier } from "../notifier.ts";
import { createMailer, type MailerOptions } from "./mailer.ts";

/** Throws `FailureError` (`Input.Invalid`) when `from` names no mailbox. */
export function createEmailNotifier(options: MailerOptions): Notifier {
  const mailer = createMailer(options);
  return {
    kinds: ["email"],
    idempotency: "none",
    async perform({ key, effect, now, signal }) {
      const { to, subject, html, text } = asMail(effect);
      const { messageId } = await mailer.send({ key, mail: { to: [to], subject, html, text }, now, signal });
      return { id: messageId, summary: `mail to ${to} — ${subject}`, url: null };
    },
  };
}

function asMail(effect: Effect): EmailEffect {
  if (effect.kind === "email") return effect;
  throw new FailureError({ error: "Effect.Refused", cause: `A mail server sends no ${effect.kind}.` });
}
