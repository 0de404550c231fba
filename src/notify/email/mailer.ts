/**
 * One mail over SMTP, which takes no key and answers no question afterwards: so it must be known whether the text of a mail had
 * begun to go out when a connection was lost (E2).
 *
 * - M1. Strict recipients; the envelope that the library made is compared with the plan before anything is sent (E3).
 * - M2. No file and no address is ever read to fill a mail.
 * - M3. The Message-ID comes from the effect's key (E1): a trace for people, as servers don't refuse a repeat by it.
 */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { FailureError } from "../../flow/failure.ts";
import { list } from "../slack/format.ts";
import { envelopeProblem } from "./envelope.ts";
import { isMailAddress } from "../../flow/mail-address.ts";
import { readSender, type Mailbox } from "./mailbox.ts";
import { smtpFailure, untrustedCertificate } from "./smtp-failure.ts";

/** Shorter than the engine's deadline, so that the server's silence is told apart from it. */
const connectionTimeoutMs = 10_000;
const socketTimeoutMs = 25_000;

export interface MailerOptions {
  /** nodemailer's form: `smtp://user:password@host:587`, `smtps://…`. */
  url: string;
  /** `Name <address>` or an address. */
  from: string;
}

export interface Mail {
  /** At least one; each is told of the others. */
  to: readonly string[];
  subject: string;
  text: string;
  html?: string;
  /** An iCalendar text with METHOD:REQUEST: it goes as mail clients want it, in the body and as `invite.ics`. */
  invitation?: string;
}

export interface Sent {
  messageId: string;
  /** Those of several recipients whom the server didn't take; if it takes nobody, the mail fails. */
  refused: string[];
}

export interface Mailer {
  sender: Mailbox;
  /**
   * Throws `FailureError` when the mail certainly did not leave and `DoubtError` when nobody can know. `now` dates it, in
   * milliseconds since the epoch.
   */
  send(call: { key: string; mail: Mail; now: number; signal: AbortSignal }): Promise<Sent>;
}

/** Throws `FailureError` (`Input.Invalid`) when `from` names no mailbox. */
export function createMailer({ url, from }: MailerOptions): Mailer {
  const sender = readSender(from);
  if (sender === null) throw invalid(`MAIL_FROM is no mail address: ${from}`);
  return { sender, send: (call) => send({ url, sender, ...call }) };
}

/** `hash@domain`, the same for a key: in the sender's domain, where nobody else makes names. */
export function hashedName(key: string, { address }: Pick<Mailbox, "address">): string {
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 40);
  return `${hash}@${address.slice(address.lastIndexOf("@") + 1)}`;
}

interface Sending {
  url: string;
  sender: Mailbox;
  key: string;
  mail: Mail;
  now: number;
  signal: AbortSignal;
}

async function send(sending: Sending): Promise<Sent> {
  const { url, mail, signal } = sending;
  const wrong = mail.to.find((address) => !isMailAddress(address));
  if (wrong !== undefined) throw invalid(`${wrong} is not one mail address.`);
  if (signal.aborted)
    throw new FailureError({ error: "Agent.Timeout", cause: "There was no time left to send the mail." });
  const progress = { begun: false };
  const transport = await smtpTransport(url);
  transport.use("stream", (message, done) => {
    const problem = envelopeProblem(message.message.getEnvelope(), { from: sending.sender.address, to: mail.to });
    if (problem !== null) return done(new FailureError({ error: "Effect.Refused", cause: problem }));
    message.message.processFunc((input) => noted(input, progress));
    done();
  });
  try {
    const { messageId, rejected } = await transport.sendMail(content(sending));
    return { messageId, refused: rejected };
  } catch (error) {
    throw smtpFailure(error, { to: list(mail.to, "and"), begun: progress.begun });
  } finally {
    transport.close();
  }
}

/** Whether the server takes us, nothing sent; else why it doesn't. */
export async function smtpAnswers({ url }: Pick<MailerOptions, "url">): Promise<string | null> {
  const transport = await smtpTransport(url);
  try {
    await transport.verify();
    return null;
  } catch (error) {
    return refusalOf(error);
  } finally {
    transport.close();
  }
}

function refusalOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "no answer";
  if (code === "EAUTH") return "the mail server refuses the login";
  if (code === "ETLS") return "the mail server and the app find no common encryption";
  const untrusted = untrustedCertificate(error);
  if (untrusted !== null)
    return `the mail server is there, but ${untrusted}: NODE_EXTRA_CA_CERTS names a file with its authority's`;
  return `the mail server can't be reached (${code})`;
}

/** The library is loaded with the first mail, not at every start. */
async function smtpTransport(url: string) {
  const { createTransport } = await import("nodemailer");
  return createTransport({
    url,
    connectionTimeout: connectionTimeoutMs,
    greetingTimeout: connectionTimeoutMs,
    socketTimeout: socketTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function content({ sender, key, mail, now, signal }: Sending) {
  const { html, invitation } = mail;
  return {
    from: sender,
    to: mail.to.map((address) => ({ name: "", address })),
    subject: mail.subject,
    text: mail.text,
    ...(html === undefined ? {} : { html }),
    ...(invitation === undefined
      ? {}
      : { icalEvent: { method: "REQUEST", filename: "invite.ics", content: invitation } }),
    messageId: `<${hashedName(key, sender)}>`,
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

function invalid(cause: string): FailureError {
  return new FailureError({ error: "Input.Invalid", cause });
}
