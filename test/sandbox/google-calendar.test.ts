import { createSign } from "node:crypto";
import { auth, calendar, type calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { PageCalendarEvent } from "../../src/sandbox/page-api.ts";
import { parsed, start, type Started } from "./sandbox-harness.ts";

const GOOGLE_TOKEN = "https://oauth2.googleapis.com/token";

/** Google's own client; its token address is built in, so it is led to the stand-in's. */
function googleClient({ sandbox }: Started, subject?: string): calendar_v3.Calendar {
  const { googleCredentials: key, googleApiUrl: rootUrl } = sandbox.settings;
  const redirected: typeof fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    return fetch(url === GOOGLE_TOKEN ? key.token_uri : input, init);
  };
  const jwt = new auth.JWT({
    email: key.client_email,
    key: key.private_key,
    scopes: ["https://www.googleapis.com/auth/calendar.events"],
    ...(subject === undefined ? {} : { subject }),
    transporterOptions: { fetchImplementation: redirected },
  });
  return calendar({ version: "v3", auth: jwt, rootUrl, retry: false });
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

const hourOf = (day: string) => ({
  start: { dateTime: `${day}T10:00:00Z` },
  end: { dateTime: `${day}T11:00:00Z` },
});

const event = (over: calendar_v3.Schema$Event = {}): calendar_v3.Schema$Event => ({
  id: "abc123",
  summary: "Renewal call",
  start: { dateTime: "2027-03-01T10:00:00", timeZone: "Europe/Berlin" },
  end: { dateTime: "2027-03-01T10:30:00", timeZone: "Europe/Berlin" },
  attendees: [{ email: "dana@example.com" }],
  extendedProperties: { private: { revops_key: "exec-1/book" } },
  ...over,
});

async function ready(): Promise<Started & { google: calendar_v3.Calendar; calendarId: string }> {
  const started = await start();
  return {
    ...started,

    google: googleClient(started),
    calendarId: started.sandbox.settings.googleCalendarId,
  };
}

interface Refusal {
  status: number | undefined;
  reason: string | undefined;
}

const googleRefusal = z.object({
  response: z.object({
    status: z.number(),
    data: z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })) }) }),
  }),
});

async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    const { response } = googleRefusal.parse(error);
    return { status: response.status, reason: response.data.error.errors[0]?.reason };
  }
  throw new Error("the call was not refused");
}

describe("an event with the client's id", () => {
  test("is made, read, and shown on the page in the right instant", async () => {
    const { google, calendarId, page } = await ready();
    const { data } = await google.events.insert({ calendarId, requestBody: event() });
    expect(data).toMatchObject({ id: "abc123", status: "confirmed", kind: "calendar#event", sequence: 0 });
    expect(data.attendees).toEqual([{ email: "dana@example.com", responseStatus: "needsAction" }]);
    const { data: read } = await google.events.get({ calendarId, eventId: "abc123" });
    expect(read.extendedProperties?.private?.["revops_key"]).toBe("exec-1/book");
    const { events } = await page.get<{ events: PageCalendarEvent[] }>("calendar");
    expect(events).toMatchObject([
      {
        id: "abc123",
        start: "2027-03-01T09:00:00.000Z",
        end: "2027-03-01T09:30:00.000Z",
        timezone: "Europe/Berlin",
        attendees: ["dana@example.com"],
      },
    ]);
  });

  test("is there once: a repeat is 409, also after it was deleted", async () => {
    const { google, calendarId, page } = await ready();
    const insert = () => google.events.insert({ calendarId, requestBody: event() });
    await insert();
    expect(await refusal(insert())).toEqual({ status: 409, reason: "duplicate" });
    await google.events.delete({ calendarId, eventId: "abc123" });
    expect(await refusal(insert())).toEqual({ status: 409, reason: "duplicate" });
    expect((await google.events.get({ calendarId, eventId: "abc123" })).data.status).toBe("cancelled");
    expect(await refusal(google.events.delete({ calendarId, eventId: "abc123" }))).toEqual({
      status: 410,
      reason: "deleted",
    });
    expect((await page.get<{ events: PageCalendarEvent[] }>("calendar")).events).toMatchObject([
      { status: "cancelled" },
    ]);
  });

  test("of ten inserts at once one succeeds", async () => {
    const { google, calendarId } = await ready();
    const inserts = Array.from({ length: 10 }, () => google.events.insert({ calendarId, requestBody: event() }));
    const outcomes = await Promise.allSettled(inserts);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("is changed by patch field by field, by update as a whole; a move counts up the sequence", async () => {
    const { google, calendarId } = await ready();
    await google.events.insert({ calendarId, requestBody: event({ description: "Agenda" }) });
    const end = { dateTime: "2027-03-01T11:00:00Z" };
    const { data: patched } = await google.events.patch({ calendarId, eventId: "abc123", requestBody: { end } });
    expect(patched).toMatchObject({ description: "Agenda", end, sequence: 1 });
    const { id: _id, ...whole } = event({ summary: "Other" });
    const { data: replaced } = await google.events.update({ calendarId, eventId: "abc123", requestBody: whole });
    expect([replaced.summary, replaced.description, replaced.id]).toEqual(["Other", undefined, "abc123"]);
  });
});

describe("what Google refuses", () => {
  test.each<[string, calendar_v3.Schema$Event, Refusal]>([
    ["an id with letters beyond v", { id: "xyz12" }, { status: 400, reason: "invalid" }],
    ["an id of four", { id: "abc1" }, { status: 400, reason: "invalid" }],
    ["an id with capitals", { id: "ABC123" }, { status: 400, reason: "invalid" }],
    ["no start", { start: {} }, { status: 400, reason: "required" }],
    ["a time without a zone", { start: { dateTime: "2027-03-01T10:00:00" } }, { status: 400, reason: "required" }],
    [
      "a zone that nobody has",
      { start: { dateTime: "2027-03-01T10:00:00", timeZone: "Mars/Base" } },
      { status: 400, reason: "invalid" },
    ],
    [
      "an end before the start",
      { end: { dateTime: "2027-02-01T10:00:00Z" } },
      { status: 400, reason: "timeRangeEmpty" },
    ],
    ["a day and an hour", { end: { date: "2027-03-02" } }, { status: 400, reason: "invalid" }],
    ["a guest without address", { attendees: [{ email: "Dana Reyes" }] }, { status: 400, reason: "invalid" }],
  ])("%s", async (_name, over, expected) => {
    const { google, calendarId, page } = await ready();
    expect(await refusal(google.events.insert({ calendarId, requestBody: event(over) }))).toEqual(expected);
    expect((await page.get<{ events: unknown[] }>("calendar")).events).toEqual([]);
  });

  test("an event and a calendar that aren't there", async () => {
    const { google, calendarId } = await ready();
    expect(await refusal(google.events.get({ calendarId, eventId: "nothere" }))).toEqual({
      status: 404,
      reason: "notFound",
    });
    const elsewhere = google.events.insert({ calendarId: "nobody@elsewhere.example", requestBody: event() });
    expect(await refusal(elsewhere)).toEqual({ status: 404, reason: "notFound" });
  });

  test("a call without a token, or with somebody else's", async () => {
    const { sandbox, calendarId } = await ready();
    const url = `${sandbox.settings.googleApiUrl}calendar/v3/calendars/${encodeURIComponent(calendarId)}/events`;
    for (const authorization of ["", "Bearer ya29.made-up"]) {
      expect((await fetch(url, { headers: { authorization } })).status).toBe(401);
    }
  });
});

async function grantFor(
  started: Started,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = { alg: "RS256" },
): Promise<{ error?: string; access_token?: string }> {
  const { googleCredentials: key } = started.sandbox.settings;
  const now = Math.floor(Date.now() / 1_000);
  const usual = { iss: key.client_email, aud: key.token_uri, iat: now, exp: now + 3_600 };
  const signed = `${encode(header)}.${encode({ ...usual, ...claims })}`;
  const signature = createSign("RSA-SHA256").update(signed).sign(key.private_key, "base64url");
  const assertion = header["alg"] === "none" ? `${signed}.` : `${signed}.${signature}`;
  const response = await fetch(key.token_uri, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion }),
  });
  return parsed(response);
}

async function grant(started: Started, ...given: [Record<string, unknown>, Record<string, unknown>?]): Promise<string> {
  const answer = await grantFor(started, ...given);
  return answer.error ?? typeof answer.access_token;
}

describe("the token endpoint", () => {
  test("takes what our key signed, for itself or under Google's name, and nothing else", async () => {
    const started = await start();
    const now = Math.floor(Date.now() / 1_000);
    expect(await grant(started, {})).toBe("string");
    expect(await grant(started, { aud: GOOGLE_TOKEN })).toBe("string");
    expect(await grant(started, { aud: "https://elsewhere.example/token" })).toBe("invalid_grant");
    expect(await grant(started, { iss: "other@example.com" })).toBe("invalid_grant");
    expect(await grant(started, { iat: now - 7_200, exp: now - 3_600 })).toBe("invalid_grant");
    expect(await grant(started, { exp: now + 86_400 })).toBe("invalid_grant");
    expect(await grant(started, {}, { alg: "none" })).toBe("invalid_grant");
    expect(await grant(started, {}, { alg: "HS256" })).toBe("invalid_grant");
  });

  test("a token still opens the calendar after a restart, and a forged one never", async () => {
    const started = await start();
    const { googleCredentials: key } = started.sandbox.settings;
    const { access_token: token = "" } = await grantFor(started);
    await started.sandbox.close();
    const again = await start({ folder: started.folder });
    const { googleApiUrl, googleCalendarId } = again.sandbox.settings;
    const url = `${googleApiUrl}calendar/v3/calendars/${encodeURIComponent(googleCalendarId)}/events`;
    const status = async (value: string) =>
      (await fetch(url, { headers: { authorization: `Bearer ${value}` } })).status;
    expect(await status(token)).toBe(200);
    const [, , seal] = token.split(".");
    const content = encode({ subject: key.client_email, expiresAt: Date.now() + 1e9 });
    expect(await status(`ya29.${content}.${seal}`)).toBe(401);
    expect(await status(`ya29.${content}.`)).toBe(401);
  });

  test("a token ends after an hour of real time", async () => {
    const started = await start();
    const google = googleClient(started);
    const calendarId = started.sandbox.settings.googleCalendarId;
    await google.events.list({ calendarId });
    started.sandbox.clock.set(started.sandbox.clock.now() + 86_400_000);
    await google.events.list({ calendarId });
    started.time.pass(3_600_000);
    // Its own clock still trusts the token, so the library shows the same one again.
    await expect(google.events.list({ calendarId })).rejects.toThrow(/Invalid Credentials/);
  });
});

describe("who is busy", () => {
  const timeMin = "2027-03-01T00:00:00Z";
  const timeMax = "2027-03-02T00:00:00Z";

  test("guests and the calendar itself, until they decline, the event is deleted or transparent", async () => {
    const { google, calendarId } = await ready();
    await google.events.insert({ calendarId, requestBody: event() });
    const ask = async () => {
      const items = [calendarId, "dana@example.com", "out@example.com", "who@elsewhere.example"].map((id) => ({ id }));
      const { data } = await google.freebusy.query({ requestBody: { timeMin, timeMax, items } });
      return items.map(({ id }) => data.calendars?.[id]);
    };
    const busy = [{ start: "2027-03-01T09:00:00.000Z", end: "2027-03-01T09:30:00.000Z" }];
    const unknown = { busy: [], errors: [{ domain: "global", reason: "notFound" }] };
    expect(await ask()).toEqual([{ busy }, { busy }, { busy: [] }, unknown]);
    const attendees = [{ email: "dana@example.com", responseStatus: "declined" }];
    await google.events.patch({ calendarId, eventId: "abc123", requestBody: { attendees } });
    expect(await ask()).toEqual([{ busy }, { busy: [] }, { busy: [] }, unknown]);
    await google.events.delete({ calendarId, eventId: "abc123" });
    expect(await ask()).toEqual([{ busy: [] }, { busy: [] }, { busy: [] }, unknown]);
  });

  test("more than fifty calendars at once are refused", async () => {
    const { google } = await ready();
    const items = Array.from({ length: 51 }, (_, index) => ({ id: `p${index}@example.com` }));
    const asked = google.freebusy.query({ requestBody: { timeMin, timeMax, items } });
    expect(await refusal(asked)).toEqual({ status: 400, reason: "tooManyCalendarsRequested" });
  });

  test("a list holds the span, leaves out the deleted, finds by private property, and pages", async () => {
    const { google, calendarId } = await ready();
    for (const [index, day] of ["2027-03-01", "2027-03-02", "2027-03-03"].entries()) {
      const extendedProperties = { private: { revops_key: `k${index}` } };
      await google.events.insert({
        calendarId,
        requestBody: event({ id: `event${index}`, ...hourOf(day), extendedProperties }),
      });
    }
    await google.events.delete({ calendarId, eventId: "event2" });
    const ids = async (query: Omit<calendar_v3.Params$Resource$Events$List, "calendarId">) =>
      ((await google.events.list({ calendarId, ...query })).data.items ?? []).map(({ id }) => id);
    expect(await ids({})).toEqual(["event0", "event1"]);
    expect(await ids({ showDeleted: true })).toEqual(["event0", "event1", "event2"]);
    expect(await ids({ timeMin: "2027-03-01T11:00:00Z" })).toEqual(["event1"]);
    expect(await ids({ privateExtendedProperty: ["revops_key=k0"] })).toEqual(["event0"]);
    const { data } = await google.events.list({ calendarId, maxResults: 1 });
    expect(await ids({ maxResults: 1, pageToken: data.nextPageToken ?? "" })).toEqual(["event1"]);
  });

  test("in somebody's name the event is theirs", async () => {
    const started = await start();
    const google = googleClient(started, "dana@example.com");
    const { data } = await google.events.insert({ calendarId: "primary", requestBody: event() });
    expect(data.organizer?.email).toBe("dana@example.com");
  });
});

test("an insert whose answer is 503 has been carried out, so that the same id again is a duplicate", async () => {
  const { google, calendarId, page } = await ready();
  await page.post("fault", { name: "calendar_server_error" });
  const insert = () => google.events.insert({ calendarId, requestBody: event() });
  expect(await refusal(google.events.get({ calendarId, eventId: "abc123" }))).toMatchObject({ status: 404 });
  expect(await refusal(insert())).toEqual({ status: 503, reason: "backendError" });
  expect(await refusal(insert())).toEqual({ status: 409, reason: "duplicate" });
  const [lost, duplicate] = await page.traffic("events.insert");
  expect(lost).toMatchObject({ status: "503", fault: "calendar_server_error" });
  expect(duplicate).toMatchObject({ status: "409", fault: null });
});
