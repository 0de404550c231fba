/**
 * A mail server of the test's own, which outlives the app: it takes a mail's text and keeps the answer back until it is told,
 * so that a kill, or a stop, finds a mail in flight.
 */
import type { Socket } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterEach } from "vitest";

export interface HeldMail {
  to: string[];
  messageId: string;
  /** Says that it is queued; nobody may be there to hear it. */
  take(): void;
}

export interface HeldMailServer {
  /** For SMTP_URL and MAIL_FROM. */
  readonly environment: Readonly<Record<string, string>>;
  /** Every mail whose text has come, in that order, answered or not. */
  readonly mails: readonly HeldMail[];
  /** From now on each is answered at once. */
  takeAll(): void;
}

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

export async function startHeldMailServer(): Promise<HeldMailServer> {
  const mails: HeldMail[] = [];
  const sockets = new Set<Socket>();
  let isHolding = true;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData: (stream, { envelope }, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const [, messageId = ""] = /^Message-ID:\s*(<[^>]*>)/im.exec(Buffer.concat(chunks).toString()) ?? [];
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), messageId, take: () => callback() });
        if (!isHolding) callback();
      });
    },
  });
  // A client that dies is what it is for.
  server.on("error", () => undefined);
  const listening = server.listen(0, "127.0.0.1");
  listening.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => listening.once("listening", () => resolve()));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const address = listening.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    environment: { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "RevOps <revops@example.com>" },
    mails,
    takeAll: () => {
      isHolding = false;
    },
  };
}
