import { connect } from "node:net";
import { createTransport } from "nodemailer";
import { describe, expect, test, vi } from "vitest";
import type { PageMail } from "../../src/sandbox/page-api.ts";
import { later, start, type Started } from "./sandbox-harness.ts";

const mail = {
  from: "RevOps <revops@example.com>",
  to: "dana@example.com",
  subject: "Renewal of Acmé <b>",
  text: "Plain ünd simple",
  html: "<p>Rich &amp; simple</p>",
  messageId: "<exec-1.notify@example.com>",
  headers: { "Auto-Submitted": "auto-generated" },
};

function transport({ sandbox }: Started) {
  const made = createTransport(sandbox.settings.smtpUrl);
  later(async () => made.close());
  return made;
}

async function mails({ page }: Started): Promise<PageMail[]> {
  return (await page.get<{ mails: PageMail[] }>("mails")).mails;
}

describe("the mail server", () => {
  test("takes nodemailer's mail and shows its HTML, text and headers", async () => {
    const started = await start();
    const info = await transport(started).sendMail(mail);
    expect(info.response).toMatch(/^250 .*queued as 1/);
    const [stored] = await mails(started);
    expect(stored).toMatchObject({
      from: "revops@example.com",
      to: ["dana@example.com"],
      subject: mail.subject,
      html: expect.stringContaining("<p>Rich &amp; simple</p>"),
      text: expect.stringContaining("Plain ünd simple"),
    });
    const header = (name: string) => stored?.headers.find((candidate) => candidate.name === name)?.value;
    expect([header("Message-ID"), header("Auto-Submitted")]).toEqual([mail.messageId, "auto-generated"]);
  });

  test("believes the envelope, not the header, about who gets it", async () => {
    const started = await start();
    const envelope = { from: "revops@example.com", to: ["one@example.com", "two@example.com"] };
    await transport(started).sendMail({ ...mail, envelope });
    expect((await mails(started))[0]?.to).toEqual(["one@example.com", "two@example.com"]);
  });

  test("stamps by the sandbox's clock and lists newest first", async () => {
    const started = await start();
    const sender = transport(started);
    await sender.sendMail({ ...mail, subject: "first" });
    const tomorrow = started.sandbox.clock.now() + 86_400_000;
    started.sandbox.clock.set(tomorrow);
    await sender.sendMail({ ...mail, subject: "second" });
    const found = await mails(started);
    expect(found.map(({ subject }) => subject)).toEqual(["second", "first"]);
    expect(Date.parse(found[0]?.at ?? "")).toBeGreaterThanOrEqual(tomorrow);
  });

  test("refuses what is too large, and stores nothing of it", async () => {
    const started = await start();
    await expect(transport(started).sendMail({ ...mail, text: "x".repeat(10_100_000) })).rejects.toThrow(
      /too large|exceeds/,
    );
    expect(await mails(started)).toEqual([]);
  });

  test("stores nothing of a mail whose sender hangs up in the middle", async () => {
    const started = await start();
    const { port, hostname } = new URL(started.sandbox.settings.smtpUrl);
    const socket = connect(Number(port), hostname);
    let heard = "";
    socket.on("data", (data: Buffer) => (heard += data.toString()));
    const say = async (line: string, answer: RegExp) => {
      heard = "";
      socket.write(`${line}\r\n`);
      await vi.waitFor(() => expect(heard).toMatch(answer));
    };
    await vi.waitFor(() => expect(heard).toMatch(/^220/));
    await say("EHLO x", /250[ -]/);
    await say("MAIL FROM:<a@example.com>", /^250/);
    await say("RCPT TO:<b@example.com>", /^250/);
    await say("DATA", /^354/);
    socket.write("Subject: half\r\n\r\nhalf of i");
    socket.destroy();
    await transport(started).sendMail({ ...mail, subject: "whole" });
    expect((await mails(started)).map(({ subject }) => subject)).toEqual(["whole"]);
  });

  test("an answer that is lost on the way: the mail is there, the sender doesn't know, the next one is answered", async () => {
    const started = await start();
    await started.page.post("fault", { name: "mail_lost_answer" });
    await expect(transport(started).sendMail(mail)).rejects.toThrow(/closed/i);
    expect(await mails(started)).toHaveLength(1);
    expect(await started.page.traffic("mail")).toMatchObject([{ status: "cut", fault: "mail_lost_answer" }]);
    expect((await started.page.state()).faults).toEqual([]);
    await transport(started).sendMail(mail);
    expect(await mails(started)).toHaveLength(2);
  });
});
