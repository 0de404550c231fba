/**
 * Mail over SMTP, which takes no key and answers no question afterwards (`none`): so it must be known whether the text of a mail had
 * begun to go out when a connection was lost (E2).
 *
 * - M1. One strict recipient; the envelope that the library made is compared with the plan before anything is sent (E3).
 * - M2. No file and no address is ever read to fill a mail.
 * - M3. The Message-ID comes from the effect's key (E1): a trace for people, as servers don't refuse a repeat by it.
 */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createTransport } from "nodemailer";
import type { EmailEffect, Effect, Receipt } from "../../flow/effect.ts";
import { FailureError } from "../../flow/failure.ts";
import type { Notifier } from "../notifier.ts";
import { isMailAddress, readSender } from "./mail-address.ts";
import { smtpFailure } from "./smtp-failure.ts";

/** Shorter than the engine's deadline, so that the server's silence is told apart from it. */
const connectionTimeoutMs = 10_000;
const socketTimeoutMs = 25_000;

export interface EmailNotifierOptions {
  /** nodemailer's form: `smtp://user:password@host:587`, `smtps://…`. */
  url: string;
  /** `Name <address>` or an address. */
  from: string;
}

interface Sender {
  name: string;
  address: string;
}

/** Throws `FailureError` (`Input.Invalid`) when `from` names no mailbox. */
export function createEmailNotifier({ url, from }: EmailNotifierOptions): Notifier {
  const sender = readSender(from);
  if (sender === null) throw invalid(`MAIL_FROM is no mail address: ${from}`);
  return {
    kinds: ["email"],
    idempotency: "none",
    perform: ({ key, effect, now, signal }) => send({ url, sender, key, effect: mail(effect), now, signal }),
  };
}

async function send(parameters: {
  url: string;
  sender: Sender;
  key: string;
  effect: EmailEffect;
  now: number;
  signal: AbortSignal;
}): Promise<Receipt> {
  const { url, effect, signal } = parameters;
  if (!isMailAddress(effect.to)) throw invalid(`${effect.to} is not one mail address.`);
  if (signal.aborted)
    throw new FailureError({ error: "Agent.Timeout", cause: "There was no time left to send the mail." });
  const progress = { begun: false };
  const transport = smtpTransport(url);
  transport.use("stream", (message, done) => {
    const problem = envelopeProblem(message.message.getEnvelope(), parameters);
    if (problem !== null) return done(refused(problem));
    message.message.processFunc((input) => noted(input, progress));
    done();
  });
  try {
    const sent = await transport.sendMail(content(parameters));
    return { id: sent.messageId, summary: `mail to ${effect.to} — ${effect.subject}`, url: null };
  } catch (error) {
    throw smtpFailure(error, { to: effect.to, begun: progress.begun });
  } finally {
    transport.close();
  }
}

function smtpTransport(url: string) {
  return createTransport({
    url,
    connectionTimeout: connectionTimeoutMs,
    greetingTimeout: connectionTimeoutMs,
    socketTimeout: socketTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function content(parameters: { sender: Sender; key: string; effect: EmailEffect; now: number; signal: AbortSignal }) {
  const { sender, key, effect, now, signal } = parameters;
  return {
    from: sender,
    to: { name: "", address: effect.to },
    subject: effect.subject,
    text: effect.text,
    html: effect.html,
    messageId: messageId(key, sender),
    date: new Date(now),
    // No out-of-office answers this (RFC 3834).
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
    signal,
  };
}

/** The text is read only when the server has said that it takes it: from then on, a lost connection is a doubt. */
function noted(input: Readable, progress: { begun: boolean }): Readable {
  return Readable.from(
    (async function* () {
      progress.begun = true;
      yield* input;
    })(),
    { objectMode: false },
  );
}

function envelopeProblem(
  envelope: { from: string | false; to: string[] },
  { sender, effect }: { sender: Sender; effect: EmailEffect },
): string | null {
  const [to, ...others] = envelope.to.map((address) => address.toLowerCase());
  const isPlan = envelope.from === sender.address && others.length === 0 && to === effect.to.toLowerCase();
  return isPlan
    ? null
    : `The mail to ${effect.to} would have gone to ${envelope.to.join(", ") || "nobody"}, so it was not sent.`;
}

export function messageId(key: string, { address }: { address: string }): string {
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 40);
  return `<${hash}@${address.slice(address.lastIndexOf("@") + 1)}>`;
}

function mail(effect: Effect): EmailEffect {
  if (effect.kind === "email") return effect;
  throw refused(`A mail server sends no ${effect.kind}.`);
}

function refused(cause: string): FailureError {
  return new FailureError({ error: "Effect.Refused", cause });
}

function invalid(cause: string): FailureError {
  return new FailureError({ error: "Input.Invalid", cause });
}
