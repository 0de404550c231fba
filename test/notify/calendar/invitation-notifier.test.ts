/** E1, E2, I1–I3: does an invitation reach the guests as their mail clients want it, and is what is said of its fate true? */
import PostalMime, { type Email } from "postal-mime";
import { afterEach, describe, expect, it } from "vitest";
import type { CalendarEventEffect } from "../../../src/flow/effect.ts";
import { FailureError } from "../../../src/flow/failure.ts";
import { createInvitationNotifier } from "../../../src/notify/calendar/invitation-notifier.ts";
import { DoubtError } from "../../../src/notify/notifier.ts";
import { closeServers, hello, rawServer, said, smtp } from "../email/smtp-servers.ts";
import { readInvitation } from "./read-invitation.ts";

afterEach(closeServers);

const key = "01JCF/book_follow_up";
/** Thu 12 Nov 2026, 16:40 in New York. */
const now = Date.parse("2026-11-12T21:40:00Z");

const effect: CalendarEventEffect = {
  kind: "calendar_event",
  title: "Renewal: Acme Robotics",
  description: "Discuss the recommendations, and who decides;\nbring the usage.",
  attendees: ["dana.reyes@example.com", "lee@example.com"],
  duration_minutes: 30,
  timezone: "America/New_York",
  slot: { rule: "next_free_working_time", not_before: "2026-11-10T14:00:00Z", days: 14 },
  forecast_at: "2026-11-12T15:00:00Z",
};

function perform(url: string, fields: { effect?: Partial<CalendarEventEffect>; key?: string; now?: number } = {}) {
  const notifier = createInvitationNotifier({ url, from: "RevOps <revops@example.com>" });
  const signal = new AbortController().signal;
  return notifier.perform({
    key: fields.key ?? key,
    effect: { ...effect, ...fields.effect },
    now: fields.now ?? now,
    signal,
  });
}

async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
}

/** What the guests' mail clients get. */
async function delivered(fields: Parameters<typeof perform>[1] = {}): Promise<{ mail: Email; source: string }> {
  const { url, received } = await smtp();
  await perform(url, fields);
  const source = received[0]?.source ?? "";
  return { mail: await PostalMime.parse(source), source };
}

function attached({ attachments }: Email, type: string): string {
  const found = attachments.find(({ mimeType }) => mimeType === type);
  if (found === undefined) throw new Error(`no ${type}`);
  return typeof found.content === "string" ? found.content : new TextDecoder().decode(found.content);
}

describe("an invitation by mail", () => {
  it("stands in the mail's body for clients that show it there, and as a file for the others", async () => {
    const { mail, source } = await delivered();
    expect(source).toMatch(/^Content-Type: multipart\/alternative;/m);
    expect(source).toMatch(/^Content-Type: text\/calendar; charset=utf-8; method=REQUEST$/m);
    const file = mail.attachments.find(({ filename }) => filename === "invite.ics");
    expect(file).toMatchObject({ mimeType: "application/ics", disposition: "attachment" });
    expect(attached(mail, "application/ics")).toBe(attached(mail, "text/calendar"));
  });

  it("is for both guests, from the sender, at the next working time, and says that nobody checked it", async () => {
    const { mail } = await delivered();
    const event = readInvitation(attached(mail, "text/calendar"));
    expect(event).toMatchObject({
      method: "REQUEST",
      start: "2026-11-13T15:00:00.000Z",
      end: "2026-11-13T15:30:00.000Z",
      stamp: "2026-11-12T21:40:00.000Z",
      summary: "Renewal: Acme Robotics",
      organizer: { value: "mailto:revops@example.com", name: "RevOps" },
    });
    expect(event.attendees.map(({ value }) => value)).toEqual([
      "mailto:dana.reyes@example.com",
      "mailto:lee@example.com",
    ]);
    expect(mail.to?.map(({ address }) => address)).toEqual(["dana.reyes@example.com", "lee@example.com"]);
    expect(mail.subject).toBe("Invitation: Renewal: Acme Robotics");
    expect(mail.text).toContain("Fri 13 Nov 10:00 (America/New_York), 30 min");
    for (const text of [mail.text, String(event.description)]) {
      expect(text).toContain("Discuss the recommendations, and who decides;\nbring the usage.");
      expect(text).toContain("Nobody has checked whether you are free");
    }
  });

  it("waits for its earliest day, and for the morning of the guests' own zone", async () => {
    const slot = { ...effect.slot, not_before: "2026-11-18T09:00:00Z" };
    const { mail } = await delivered({ effect: { slot, timezone: "Asia/Tokyo" } });
    expect(readInvitation(attached(mail, "text/calendar")).start).toBe("2026-11-19T01:00:00.000Z");
  });

  it("names itself by the effect's key, the same over all attempts", async () => {
    const { url, received } = await smtp();
    const receipt = await perform(url);
    await perform(url, { now: now + 60_000 });
    const mails = await Promise.all(received.map(({ source }) => PostalMime.parse(source)));
    const uids = mails.map((mail) => readInvitation(attached(mail, "text/calendar")).uid);
    expect(mails.map(({ messageId }) => messageId)).toEqual([receipt.id, receipt.id]);
    expect(uids).toEqual([receipt.id.slice(1, -1), receipt.id.slice(1, -1)]);
    expect(receipt.summary).toBe(
      "invitation for Fri 13 Nov 10:00 (America/New_York), 30 min, to dana.reyes@example.com and lee@example.com — Renewal: Acme Robotics",
    );
  });

  it("sent again on a person's word moves the event instead of standing beside it", async () => {
    const first = readInvitation(attached((await delivered()).mail, "text/calendar"));
    const again = await delivered({ key: `${key}#2`, now: now + 86_400_000 });
    const second = readInvitation(attached(again.mail, "text/calendar"));
    expect([first.uid, first.sequence]).toEqual([second.uid, 0]);
    expect(second.sequence).toBe(1);
    expect(second.start).not.toBe(first.start);
    expect(again.mail.messageId).not.toBe(`<${String(first.uid)}>`);
  });

  it("of another step is another event", async () => {
    const first = readInvitation(attached((await delivered()).mail, "text/calendar"));
    const other = readInvitation(attached((await delivered({ key: `${key}/1` })).mail, "text/calendar"));
    expect(other.uid).not.toBe(first.uid);
  });

  it("keeps a customer's name out of headers and of the event's lines", async () => {
    const name = "Acme\r\nBcc: evil@example.net\r\nATTENDEE:mailto:evil@example.net,;\\ شركة 👩‍👩‍👧‍👦 ";
    const { mail, source } = await delivered({ effect: { title: name.repeat(60), description: name } });
    expect(source.split("\r\n\r\n")[0]).not.toMatch(/^(?:Bcc|ATTENDEE):/m);
    expect(mail.bcc).toBeUndefined();
    expect(readInvitation(attached(mail, "application/ics")).attendees).toHaveLength(2);
    expect(Math.max(...source.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(998);
  });
});

describe("an invitation that can't go to everybody", () => {
  it("says whom the server refused, since the others have it", async () => {
    const { url, received } = await smtp({
      onRcptTo: ({ address }, _session, callback) =>
        callback(address === "lee@example.com" ? said(550, "no such user") : null),
    });
    const { summary } = await perform(url);
    expect(received.map(({ to }) => to)).toEqual([["dana.reyes@example.com"]]);
    expect(summary).toContain("to dana.reyes@example.com, but the mail server refused lee@example.com");
  });

  it("refused for all of them is a failure that names them", async () => {
    const { url, received } = await smtp({ onRcptTo: (_address, _session, callback) => callback(said(550, "no")) });
    const failure = await failureOf(perform(url));
    expect(failure).toBeInstanceOf(FailureError);
    expect(String(failure)).toContain("dana.reyes@example.com and lee@example.com");
    expect(received).toEqual([]);
  });

  it("whose answer is lost after its text is a doubt", async () => {
    const url = await rawServer((line, socket) => {
      if (line === "DATA") return "354 go\r\n";
      if (line === ".") socket.destroy();
      return hello(line);
    });
    expect(await failureOf(perform(url))).toBeInstanceOf(DoubtError);
  });

  it.each([
    ["a doubtful address", { attendees: ["b@y.com, evil@z.com"] }, "Input.Invalid"],
    ["a zone that isn't one", { timezone: "Mars/Base" }, "Input.Invalid"],
    [
      "no working day in its days",
      { slot: { ...effect.slot, not_before: "2026-11-14T12:00:00Z", days: 1 } },
      "Refused",
    ],
  ])("for %s sends nothing", async (_name, fields, error) => {
    const { url, received } = await smtp();
    expect(String(await failureOf(perform(url, { effect: fields })))).toContain(error);
    expect(received).toEqual([]);
  });
});
