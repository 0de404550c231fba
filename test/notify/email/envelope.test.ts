/** E3: can a mail reach anybody but the planned people? At the sandbox's own server, and with the library's own envelopes. */
import { createTransport } from "nodemailer";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { FailureError } from "../../../src/flow/failure.ts";
import { envelopeProblem } from "../../../src/notify/email/envelope.ts";
import { createMailer } from "../../../src/notify/email/mailer.ts";
import type { PageMail } from "../../../src/sandbox/page-api.ts";
import { start } from "../../sandbox/sandbox-harness.ts";

const from = "revops@example.com";
const plan = (...to: string[]) => ({ from, to });

/** Each names somebody else than it seems to, to the mail library or to a server. */
const hostile = [
  "b@y.com\r\nRCPT TO:<evil@z.com>",
  "b@y.com\nevil@z.com",
  "b@y.com\r\nBcc: evil@z.com",
  '"b@y.com Bcc: evil"@z.com',
  "b@y.com <evil@z.com>",
  "<evil@z.com> b@y.com",
  "g: evil@z.com;",
  "b@y.com, c@y.com",
  "b@y.com; c@y.com",
  "b@y.com c@y.com",
  "b@y.com(evil@z.com)",
  "b@y.com\u0000@z.com",
  "b@y.com\u2028evil@z.com",
  "b@y.com> NOTIFY=SUCCESS",
  "b@[127.0.0.1]",
  "b@localhost",
  "postmaster",
  "",
];

async function atSandbox() {
  const started = await start();
  const mailer = createMailer({ url: started.sandbox.settings.smtpUrl, from: `RevOps <${from}>` });
  const send = (to: string[]) =>
    mailer.send({
      key: `exec/step/${to.join()}`,
      mail: { to, subject: "Renewal", text: "Hello" },
      now: 1_794_578_400_000,
      signal: new AbortController().signal,
    });
  const recipients = async () => {
    const { mails } = await started.page.get<{ mails: PageMail[] }>("mails");
    return mails.map(({ to }) => to);
  };
  return { send, recipients };
}

describe("at the sandbox's mail server", () => {
  it("a hostile address gets nothing through, alone or beside a good one", async () => {
    const { send, recipients } = await atSandbox();
    for (const address of hostile) {
      for (const to of [[address], ["dana.reyes@example.com", address]]) {
        await expect(send(to)).rejects.toBeInstanceOf(FailureError);
      }
    }
    expect(await recipients()).toEqual([]);
  });

  it("an unusual but lawful address arrives letter by letter", async () => {
    const { send, recipients } = await atSandbox();
    const lawful = ["o'brien@example.com", "Dana.Reyes+x/y=z@mail.example.com", "{a}|b~@example.co", "1@2.example.com"];
    for (const address of lawful) await send([address]);
    expect(new Set(await recipients())).toEqual(new Set(lawful.map((address) => [address])));
  });

  it("several people get one mail, somebody named twice once", async () => {
    const { send, recipients } = await atSandbox();
    await send(["a@example.com", "b@example.com", "a@example.com"]);
    expect((await recipients()).map((to) => to.toSorted())).toEqual([["a@example.com", "b@example.com"]]);
  });
});

/** Mailboxes that the library leaves as they are; the check of addresses alone refuses them. */
const strange: ReadonlySet<string> = new Set([
  '"b@y.com Bcc: evil"@z.com',
  "b@[127.0.0.1]",
  "b@localhost",
  "postmaster",
]);

describe("the library's envelope, without the check of addresses before it", () => {
  const Sent = z.object({
    envelope: z.object({ from: z.union([z.string(), z.literal(false)]), to: z.array(z.string()) }),
  });

  it.each(hostile.filter((address) => !strange.has(address)))("of %j is seen not to be the plan", async (address) => {
    const transport = createTransport({ streamTransport: true });
    const { envelope } = Sent.parse(await transport.sendMail({ from, to: address, text: "Hello" }));
    expect(envelopeProblem(envelope, plan(address))).toMatch(/so it was not sent/);
  });
});

describe("an envelope", () => {
  it.each([
    ["with somebody more", ["a@example.com", "evil@example.net"], ["a@example.com"]],
    ["with somebody less", ["a@example.com"], ["a@example.com", "b@example.com"]],
    ["to somebody else", ["evil@example.net"], ["a@example.com"]],
    ["to nobody", [], ["a@example.com"]],
    ["to a mailbox in other capitals", ["Dana@example.com"], ["dana@example.com"]],
  ])("%s is not the plan", (_what, to, planned) => {
    expect(envelopeProblem({ from, to }, plan(...planned))).toContain("so it was not sent");
  });

  it("is the plan in another order, or with a domain in other capitals", () => {
    const to = ["b@example.com", "a@EXAMPLE.com"];
    expect(envelopeProblem({ from, to }, plan("a@example.com", "b@Example.com"))).toBeNull();
  });

  it("from somebody else is not the plan", () => {
    for (const other of ["evil@example.net", false as const])
      expect(envelopeProblem({ from: other, to: ["a@example.com"] }, plan("a@example.com"))).not.toBeNull();
  });
});
