/** Does an event leave by the best way that is set up, is that said at start, and is half a setup refused before it? */
import { describe, expect, it } from "vitest";
import { noConfiguration } from "../../src/app/configuration.ts";
import { contactRules } from "../../src/app/contact-rules.ts";
import { deliveryLines, deliveryNotifiers, googleCalendar, type Delivery } from "../../src/app/delivery.ts";
import { readSettings } from "../../src/app/settings.ts";
import { leavingLines } from "../../src/app/start-lines.ts";
import type { Notifier } from "../../src/notify/notifier.ts";

const smtp = { url: "smtp://user:secret@127.0.0.1:1", from: "RevOps <revops@example.com>" };
const calendar = { calendarId: "primary", keyFile: "key.json" };
const slack: Notifier = {
  kinds: ["slack_message"],
  idempotency: "lookup",
  perform: async () => ({ id: "C1:1", summary: "message", url: null }),
  find: async () => null,
};

/** What can be asked afterwards tells the ways apart: Google knows our id, Slack its metadata, a mail server nothing. */
function ways(delivery: Delivery, directMessages = true): Record<string, string> {
  const contacts = { ...contactRules(noConfiguration), directMessages };
  const notifiers = deliveryNotifiers({ ...delivery, slack, contacts });
  return Object.fromEntries(notifiers.flatMap(({ kinds, idempotency }) => kinds.map((kind) => [kind, idempotency])));
}

describe("an event and a mail", () => {
  it.each([
    ["a calendar and a mail server", { smtp, calendar }, { email: "none", calendar_event: "native" }],
    ["a mail server alone", { smtp, calendar: null }, { email: "none", calendar_event: "none" }],
    ["a calendar alone", { smtp: null, calendar }, { email: "lookup", calendar_event: "native" }],
    ["neither", { smtp: null, calendar: null }, { email: "lookup", calendar_event: "lookup" }],
  ])("with %s", (_name, delivery, expected) => {
    expect(ways(delivery)).toEqual(expected);
  });

  it("goes by no direct message where revops.yml wants none, and that is said", () => {
    expect(ways({ smtp: null, calendar: null }, false)).toEqual({});
    expect(ways({ smtp, calendar: null }, false)).toEqual({ email: "none", calendar_event: "none" });
    const lines = deliveryLines({ smtp: null, calendar: null, directMessages: false }).map(({ text }) => text);
    expect(lines).toEqual([
      "SMTP_URL is not set: mails go to nobody, since revops.yml wants no direct messages",
      "GOOGLE_CALENDAR_ID is not set: events go to nobody, since revops.yml wants no direct messages",
    ]);
  });
});

describe("what is said at start", () => {
  it.each([
    [{ smtp, calendar }, ["mails go out through the server of SMTP_URL", "events go into the calendar"], []],
    [{ smtp, calendar: null }, ["mails go out through", "events go out as invitations by mail instead"], [1]],
    [{ smtp: null, calendar }, ["mails go out as direct messages instead", "events go into the calendar"], [0]],
    [{ smtp: null, calendar: null }, ["mails go out as direct", "events go out as direct messages instead"], [0, 1]],
  ])("%#: one line for mails, one for events", (delivery, parts, instead) => {
    const lines = deliveryLines({ ...delivery, directMessages: true });
    expect(lines).toHaveLength(2);
    for (const [index, part] of parts.entries()) expect(lines[index]?.text).toContain(part);
    expect(lines.flatMap((line, index) => (line.instead ? [index] : []))).toEqual(instead);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });

  it("with the sandbox: only what leaves it", () => {
    expect(leavingLines({ smtp: null, calendar: null, agents: { kind: "local" } })).toEqual([]);
    expect(leavingLines({ smtp, calendar, agents: { kind: "bedrock" } }).join("\n")).toMatch(
      /^SMTP_URL .*\nGOOGLE_CALENDAR_ID .*\nREVOPS_AGENTS=bedrock: .* leaves the sandbox for AWS$/,
    );
  });
});

describe("a calendar's key", () => {
  it("that can't be read ends the start, without a word of what is in it", async () => {
    const settings = { calendarId: "primary", impersonate: null, rootUrl: null };
    for (const keyFile of ["missing.json", import.meta.filename]) {
      await expect(googleCalendar({ ...settings, keyFile })).rejects.toMatchObject({
        failure: {
          cause: `${keyFile} is no readable key file of a service account. Check GOOGLE_APPLICATION_CREDENTIALS.`,
        },
      });
    }
  });
});

function problems(environment: Record<string, string>): string[] {
  const read = readSettings(environment);
  return read.ok ? [] : read.problems;
}

describe("a mail server that can't be meant", () => {
  it("is refused before anything starts, without its password", () => {
    expect(problems({ SMTP_URL: "smtps://user:pass@mail.example.com", MAIL_FROM: "revops@example.com" })).toEqual([]);
    const wrong = problems({ SMTP_URL: "mail.example.com:secret", MAIL_FROM: "RevOps" });
    expect(wrong.map((problem) => problem.split(" ")[0])).toEqual(["SMTP_URL", "MAIL_FROM"]);
    expect(wrong.join()).not.toContain("secret");
  });

  it("half set is named", () => {
    expect(problems({ SMTP_URL: "smtp://127.0.0.1" })).toEqual([
      "SMTP_URL is set, but MAIL_FROM is not. Set what is missing too, or none of them.",
    ]);
  });
});
