/** The mail server: takes every mail on loopback, and says 250 only when it is stored. */
import { once } from "node:events";
import type { Socket } from "node:net";
import PostalMime from "postal-mime";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import type { Faults } from "../faults.ts";
import type { PageMail } from "../page-api.ts";
import type { Traffic } from "../traffic.ts";
import type { MailStore } from "./mail-store.ts";

const LIMIT_BYTES = 10_000_000;
/** How long a client's idle connection is waited for at the end. */
const GOODBYE_MS = 200;

export interface MailServer {
  url: string;
  close(): Promise<void>;
}

export interface MailContext {
  mails: MailStore;
  now: () => number;
  traffic: Traffic;
  faults: Faults;
}

export async function startMailServer(context: MailContext): Promise<MailServer> {
  const sockets = new Map<number, Socket>();
  const server = new SMTPServer({
    banner: "RevOps sandbox",
    authOptional: true,
    closeTimeout: GOODBYE_MS,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    logger: false,
    size: LIMIT_BYTES,
    onData: (stream, session, callback) =>
      void receive({ stream, session, ...context, cut: () => sockets.get(session.remotePort)?.destroy() }, callback),
  });
  // A client that hangs up is its own affair.
  server.on("error", () => {});
  const listening = server.listen(0, "127.0.0.1");
  listening.on("connection", (socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    sockets.set(remotePort, socket);
    socket.on("close", () => sockets.delete(remotePort));
  });
  await once(listening, "listening");
  const address = listening.address();
  if (address === null || typeof address === "string") throw new Error("The mail server has no port.");
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Delivery extends MailContext {
  stream: SMTPServerDataStream;
  session: SMTPServerSession;
  /** Ends the connection without another word. */
  cut: () => void;
}

async function receive(delivery: Delivery, callback: (error?: Error | null, message?: string) => void): Promise<void> {
  const { session, traffic, faults, cut } = delivery;
  const { mailFrom, rcptTo } = session.envelope;
  const request = { from: mailFrom === false ? "" : mailFrom.address, to: rcptTo.map(({ address }) => address) };
  const passage = traffic.begin({ direction: "from_app", via: "smtp", name: "mail", request });
  try {
    const { id, subject } = await store(delivery);
    if (faults.take("mail_lost_answer")) {
      passage.end({ status: "cut", answer: { subject }, fault: "mail_lost_answer" });
      return cut();
    }
    passage.end({ status: "ok", answer: { subject, answer: `250 queued as ${id}` } });
    callback(null, `queued as ${id}`);
  } catch (error) {
    const refusal = error instanceof Error ? error : new Error("The mail can't be stored.");
    passage.end({ status: "refused", answer: refusal.message });
    callback(refusal);
  }
}

async function store(parameters: Delivery): Promise<PageMail> {
  const { stream, session, mails, now } = parameters;
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(Buffer.from(chunk));
  if (stream.sizeExceeded) throw Object.assign(new Error("The mail is too large."), { responseCode: 552 });
  const mail = await new PostalMime().parse(Buffer.concat(chunks));
  const { mailFrom, rcptTo } = session.envelope;
  return mails.add({
    at: now(),
    from: mail.from?.address ?? (mailFrom === false ? "" : mailFrom.address),
    // Who gets it is what the envelope says, whatever stands in the header.
    to: rcptTo.map(({ address }) => address),
    subject: mail.subject ?? "",
    html: mail.html ?? null,
    text: mail.text ?? null,
    headers: mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
  });
}
