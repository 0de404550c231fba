/** E1, C1–C3: is an event made once, at a free working time, and does every refusal say what to do? Real client, stand-in server. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CalendarEventEffect } from "../../../src/flow/effect.ts";
import { FailureError } from "../../../src/flow/failure.ts";
import { createCalendarNotifier } from "../../../src/notify/calendar/calendar-notifier.ts";
import { eventId } from "../../../src/notify/calendar/event-id.ts";
import { problem, startStandIn, type StandIn } from "./google-stand-in.ts";

let google: StandIn;
beforeEach(async () => {
  google = await startStandIn();
});
afterEach(() => google.close());

const key = "01JCF/book_follow_up";
/** Thu 12 Nov 2026, 16:40 in New York. */
const now = Date.parse("2026-11-12T21:40:00Z");

const effect: CalendarEventEffect = {
  kind: "calendar_event",
  title: "Renewal: Acme Robotics",
  description: "Seats & <b>champion</b>",
  attendees: ["dana.reyes@example.com", "lee@example.com"],
  duration_minutes: 30,
  timezone: "America/New_York",
  slot: { rule: "next_free_working_time", not_before: "2026-11-10T14:00:00Z", days: 14 },
  forecast_at: "2026-11-12T15:00:00Z",
};

function perform(fields: { effect?: Partial<CalendarEventEffect>; key?: string; signal?: AbortSignal } = {}) {
  const { rootUrl, credentials } = google;
  const notifier = createCalendarNotifier({ calendarId: "primary", credentials, rootUrl, subject: "lead@example.com" });
  const signal = fields.signal ?? new AbortController().signal;
  return notifier.perform({ key: fields.key ?? key, effect: { ...effect, ...fields.effect }, now, signal });
}

async function failureOf(attempt: Promise<unknown>): Promise<FailureError> {
  const error: unknown = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof FailureError) return error;
  throw new Error("no failure", { cause: error });
}

describe("an event", () => {
  it("is made with an id from the key, for every guest, in the effect's zone, in the name of the user given", async () => {
    const receipt = await perform();
    const made = google.events.get(eventId(key));
    expect(receipt).toEqual({
      id: eventId(key),
      summary:
        "event on Fri 13 Nov 10:00 (America/New_York), 30 min, with dana.reyes@example.com and lee@example.com — Renewal: Acme Robotics",
      url: `https://calendar.example.com/event?eid=${eventId(key)}`,
    });
    expect(made).toMatchObject({
      start: { dateTime: "2026-11-13T15:00:00.000Z", timeZone: "America/New_York" },
      end: { dateTime: "2026-11-13T15:30:00.000Z" },
      description: "Seats & ‹b›champion‹/b›",
      attendees: [{ email: "dana.reyes@example.com" }, { email: "lee@example.com" }],
      extendedProperties: { private: { revops_key: key } },
    });
    expect(google.requests.join("\n")).toContain('"sub":"lead@example.com"');
  });

  it("skips what is busy, the evening and the weekend", async () => {
    google.busy.push({ start: "2026-11-13T14:00:00Z", end: "2026-11-13T21:45:00Z" });
    expect((await perform()).summary).toContain("Mon 16 Nov 10:00");
  });

  it("starts the same day where there is room left", async () => {
    const { summary } = await perform({ effect: { timezone: "America/Los_Angeles" } });
    expect(summary).toContain("Thu 12 Nov 14:00");
  });

  it("waits for its earliest day", async () => {
    const slot = { ...effect.slot, not_before: "2026-11-18T05:00:00Z" };
    expect((await perform({ effect: { slot } })).summary).toContain("Wed 18 Nov 10:00");
  });

  it("performed twice stands once, and both receipts are the same", async () => {
    const first = await perform();
    expect(await perform()).toEqual(first);
    expect(google.events.size).toBe(1);
  });

  it("that a person deleted stays deleted", async () => {
    await perform();
    const made = google.events.get(eventId(key));
    google.events.set(eventId(key), { ...made, status: "cancelled" });
    expect((await perform()).summary).toContain("deleted in the calendar since");
    expect(google.events.get(eventId(key))).toMatchObject({ status: "cancelled" });
  });

  it("of somebody else under this id is not taken for ours", async () => {
    google.events.set(eventId(key), { id: eventId(key), status: "confirmed" });
    expect((await failureOf(perform())).failure.error).toBe("Effect.Refused");
  });

  it("with no free time says so instead of going into the evening", async () => {
    google.busy.push({ start: "2026-11-01T00:00:00Z", end: "2027-01-01T00:00:00Z" });
    const { failure } = await failureOf(perform());
    expect(failure.error).toBe("Effect.Refused");
    expect(failure.cause).toContain("no common free 30 min in 14 days");
  });

  it("invites nobody by a doubtful address or in a zone that isn't one", async () => {
    const attempt = perform({ effect: { attendees: ["b@y.com, evil@z.com"] } });
    expect((await failureOf(attempt)).failure.error).toBe("Input.Invalid");
    expect((await failureOf(perform({ effect: { timezone: "Mars/Base" } }))).failure.cause).toContain("no time zone");
    expect(google.requests).toEqual([]);
  });
});

describe("Google's no", () => {
  it.each([
    [503, "backendError", "Agent.Unavailable", /trouble/],
    [429, "rateLimitExceeded", "Agent.Throttled", /wait/],
    [403, "userRateLimitExceeded", "Agent.Throttled", /wait/],
    [403, "forbiddenForServiceAccounts", "Effect.Refused", /GOOGLE_IMPERSONATE/],
    [404, "notFound", "Effect.Refused", /GOOGLE_CALENDAR_ID/],
    [400, "invalid", "Effect.Refused", /refused the event/],
  ])("%i %s is %s", async (status, reason, error, sentence) => {
    google.answers.push({ path: "/events", ...problem(status, reason), headers: { "retry-after": "7" } });
    const { failure, retryAfterMs } = await failureOf(perform());
    expect(failure.error).toBe(error);
    expect(failure.cause).toMatch(sentence);
    expect(retryAfterMs).toBe(error === "Agent.Throttled" ? 7000 : null);
    expect(google.requests.filter((request) => request.endsWith("/events"))).toHaveLength(1);
  });

  it("to the key names the settings and not the key", async () => {
    google.answers.push({ path: "/token", status: 400, body: { error: "invalid_grant", error_description: "no" } });
    const { failure } = await failureOf(perform());
    expect(failure.cause).toContain("GOOGLE_APPLICATION_CREDENTIALS");
    expect(failure.cause).not.toContain("PRIVATE");
  });

  it("by silence ends with the deadline and may be tried again", async () => {
    google.answers.push({ path: "/freeBusy", status: 200, hang: true });
    const deadline = new AbortController();
    const attempt = failureOf(perform({ signal: deadline.signal }));
    const waiting = Promise.withResolvers<void>();
    const seen = google.answers;
    const look = () => (seen.length === 0 ? waiting.resolve() : void setImmediate(look));
    look();
    await waiting.promise;
    deadline.abort();
    expect((await attempt).failure.error).toBe("Agent.Timeout");
  });

  it("for a key file that isn't one names the file", async () => {
    const notifier = createCalendarNotifier({
      calendarId: "primary",
      keyFile: "/nowhere/key.json",
      rootUrl: google.rootUrl,
    });
    const attempt = notifier.perform({ key, effect, now, signal: new AbortController().signal });
    expect((await failureOf(attempt)).failure.cause).toContain("/nowhere/key.json");
  });
});

describe("the id", () => {
  it("has Google's alphabet and differs with the key", () => {
    expect(eventId("a")).toMatch(/^[a-v0-9]{52}$/);
    expect(eventId("a")).not.toBe(eventId("b"));
    // RFC 4648's vector for the alphabet: the first byte of SHA-256("a") is 0xca.
    expect(eventId("a").startsWith("p")).toBe(true);
  });
});
