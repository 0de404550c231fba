/** The mail server: takes every mail on loopback, and says 250 only when it is stored. */
import { once } from "node:events";
import PostalMime from "postal-mime";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import type { MailStore } from "./mail-store.ts";

const LIMIT_BYTES = 10_000_000;
/** How long a client's idle connection is waited for at the end. */
const GOODBYE_MS = 200;

export interface MailServer {
  url: string;
  close(): Promise<void>;
}

export async function startMailServer(parameters: { mails: MailStore; now: () => number }): Promise<MailServer> {
  const server = new SMTPServer({
    banner: "RevOps sandbox",
    authOptional: true,
    closeTimeout: GOODBYE_MS,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    logger: false,
    size: LIMIT_BYTES,
    onData: (stream, session, callback) => void receive({ stream, session, ...parameters }, callback),
  });
  // A client that hangs up is its own affair.
  server.on("error", () => {});
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const address = listening.address();
  if (address === null || typeof address === "string") throw new Error("The mail server has no port.");
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Delivery {
  stream: SMTPServerDataStream;
  session: SMTPServerSession;
  mails: MailStore;
  now: () => number;
}

async function receive(delivery: Delivery, callback: (error?: Error | null, message?: string) => void): Promise<void> {
  try {
    callback(null, `queued as ${await store(delivery)}`);
  } catch (error) {
    callback(error instanceof Error ? error : new Error("The mail can't be stored."));
  }
}

async function store(parameters: Delivery): Promise<string> {
  const { stream, session, mails, now } = parameters;
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(Buffer.from(chunk));
  if (stream.sizeExceeded) throw Object.assign(new Error("The mail is too large."), { responseCode: 552 });
  const mail = await new PostalMime().parse(Buffer.concat(chunks));
  const { mailFrom, rcptTo } = session.envelope;
  const stored = mails.add({
    at: now(),
    from: mail.from?.address ?? (mailFrom === false ? "" : mailFrom.address),
    // Who gets it is what the envelope says, whatever stands in the header.
    to: rcptTo.map(({ address }) => address),
    subject: mail.subject ?? "",
    html: mail.html ?? null,
    text: mail.text ?? null,
    headers: mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
  });
  return stored.id;
}
