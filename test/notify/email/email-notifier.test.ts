/** E2: after each way in which a delivery can end, is what the notifier says of it true? Against real SMTP on loopback. */
import { assert as assertProperty, constantFrom, nat, property } from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { EmailEffect } from "../../../src/flow/effect.ts";
import { FailureError } from "../../../src/flow/failure.ts";
import { createEmailNotifier } from "../../../src/notify/email/email-notifier.ts";
import { isMailAddress } from "../../../src/flow/mail-address.ts";
import { readSender } from "../../../src/notify/email/mailbox.ts";
import { DoubtError } from "../../../src/notify/notifier.ts";
import { closeServers, hello, rawServer, said, smtp } from "./smtp-servers.ts";

afterEach(closeServers);

const effect: EmailEffect = {
  kind: "email",
  to: "dana.reyes@example.com",
  subject: "Acme Robotics: renewal",
  html: "<p>Hello</p>",
  text: "Hello",
};

function perform(url: string, fields: Partial<EmailEffect> = {}, signal: AbortSignal = new AbortController().signal) {
  const notifier = createEmailNotifier({ url, from: "RevOps <revops@example.com>" });
  return notifier.perform({ key: "exec/step/email", effect: { ...effect, ...fields }, now: 1_794_578_400_000, signal });
}

async function failureOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DoubtError) return "doubt";
  if (error instanceof FailureError) return error.failure.error;
  throw new Error("neither a failure nor a doubt", { cause: error });
}

describe("a mail server whose certificate has expired", () => {
  it("is told as one that is there, and got no mail", async () => {
    const { url, received } = await smtp({ disabledCommands: [] });
    const cause = "The mail server is there, but its certificate isn't accepted (certificate has expired)";
    await expect(perform(url)).rejects.toMatchObject({ failure: { cause: expect.stringContaining(cause) } });
    expect(received).toEqual([]);
  });
});

describe("a mail that arrives", () => {
  it("goes to the planned address alone, with a Message-ID from the key and marked as sent by a machine", async () => {
    const { url, received } = await smtp();
    const receipt = await perform(url);
    expect(received).toHaveLength(1);
    expect(received[0]?.to).toEqual(["dana.reyes@example.com"]);
    expect(received[0]?.source).toContain("Auto-Submitted: auto-generated");
    expect(received[0]?.source).toContain(`Message-ID: ${receipt.id}`);
    expect(receipt.summary).toBe("mail to dana.reyes@example.com — Acme Robotics: renewal");
    expect((await perform(url)).id).toBe(receipt.id);
  });

  it("keeps line breaks of a subject out of the headers", async () => {
    const { url, received } = await smtp();
    await perform(url, { subject: "Hi\r\nBcc: evil@example.net" });
    expect(received[0]?.to).toEqual(["dana.reyes@example.com"]);
    expect(received[0]?.source).not.toMatch(/^Bcc:/m);
  });
});

describe("a mail that is refused", () => {
  it.each([
    ["a recipient for good", 550, "Effect.Refused"],
    ["a recipient for now", 452, "Agent.Unavailable"],
  ])("%s", async (_name, code, error) => {
    const { url } = await smtp({ onRcptTo: (_address, _session, callback) => callback(said(code, "no")) });
    expect(await failureOf(perform(url))).toBe(error);
  });

  it.each([
    ["after its text, for good", 554, "Effect.Refused"],
    ["after its text, for now", 451, "Agent.Unavailable"],
  ])("%s: the server's word leaves no doubt", async (_name, code, error) => {
    const { url } = await smtp({
      onData(stream, _session, callback) {
        stream.resume();
        stream.on("end", () => callback(said(code, "no")));
      },
    });
    expect(await failureOf(perform(url))).toBe(error);
  });

  it("at the login: says to check SMTP_URL", async () => {
    const { url } = await smtp({ onAuth: (_auth, _session, callback) => callback(said(535, "no")) });
    const attempt = perform(url.replace("smtp://", "smtp://user:wrong@"));
    await expect(attempt).rejects.toThrow(/SMTP_URL/);
    await expect(attempt).rejects.not.toThrow(/wrong/);
  });
});

describe("a connection that is lost", () => {
  it("that never stood is a failure to try again", async () => {
    const url = await rawServer(() => null);
    await closeServers();
    expect(await failureOf(perform(url))).toBe("Agent.Unavailable");
  });

  it("before DATA is a failure to try again", async () => {
    const url = await rawServer((line, socket) => {
      if (line.startsWith("RCPT")) socket.destroy();
      return hello(line);
    });
    expect(await failureOf(perform(url))).toBe("Agent.Unavailable");
  });

  it("at DATA, before the server took it, is a failure to try again", async () => {
    const url = await rawServer((line, socket) => {
      if (line === "DATA") socket.destroy();
      return hello(line);
    });
    expect(await failureOf(perform(url))).toBe("Agent.Unavailable");
  });

  it("after the text, without an answer, is a doubt", async () => {
    const url = await rawServer((line, socket) => {
      if (line === "DATA") return "354 go\r\n";
      if (line === ".") socket.destroy();
      return hello(line);
    });
    expect(await failureOf(perform(url))).toBe("doubt");
  });

  it("by the deadline while the server is silent about the text is a doubt, and the connection is given up", async () => {
    const deadline = new AbortController();
    const closed = Promise.withResolvers<void>();
    const url = await rawServer((line, socket) => {
      if (line === "DATA") socket.once("close", () => closed.resolve());
      if (line === "DATA") return "354 go\r\n";
      if (line === ".") deadline.abort();
      return hello(line);
    });
    expect(await failureOf(perform(url, {}, deadline.signal))).toBe("doubt");
    await closed.promise;
  });

  it("by the deadline before DATA is a failure to try again", async () => {
    const deadline = new AbortController();
    const url = await rawServer((line) => {
      if (line.startsWith("RCPT")) deadline.abort();
      return line.startsWith("RCPT") ? null : hello(line);
    });
    expect(await failureOf(perform(url, {}, deadline.signal))).toBe("Agent.Timeout");
  });
});

describe("an address that names another recipient", () => {
  it.each([
    "b@y.com\r\nRCPT TO:<evil@z.com>",
    "b@y.com <evil@z.com>",
    "g: evil@z.com;",
    "b@y.com, c@y.com",
    '"b@y.com Bcc: evil"@z.com',
    "nobody",
    "",
  ])("%j is refused before anything is sent", async (to) => {
    const { url, received } = await smtp();
    expect(await failureOf(perform(url, { to }))).toBe("Input.Invalid");
    expect(received).toEqual([]);
  });

  it("is refused wherever in an address a character stands that parts or ends one", () => {
    const good = "dana.reyes+renewals@mail.example.com";
    expect(isMailAddress(good)).toBe(true);
    const hostile = constantFrom(...Array.from(' \t\r\n\0,;:<>()[]\\"@\u2028é'));
    const at = nat({ max: good.length });
    assertProperty(
      property(at, hostile, (index, character) => !isMailAddress(good.slice(0, index) + character + good.slice(index))),
    );
  });

  it("is no sender either", () => {
    expect(readSender("RevOps <revops@example.com>")).toEqual({ name: "RevOps", address: "revops@example.com" });
    expect(readSender("revops@example.com")).toEqual({ name: "", address: "revops@example.com" });
    expect(readSender("RevOps <a@b.com, c@d.com>")).toBeNull();
    expect(() => createEmailNotifier({ url: "smtp://127.0.0.1:1", from: "RevOps" })).toThrow(/MAIL_FROM/);
  });
});
