/** Google's addresses, at the root: Google's library replaces an origin and drops whatever path stands behind it. */
import type { IncomingMessage } from "node:http";
import { parseForm, readBody } from "../http/body.ts";
import { reply, replyJson } from "../http/reply.ts";
import type { HttpExchange, HttpPart } from "../http/sandbox-server.ts";
import { isObject, type Fields } from "../slack/problems.ts";
import type { AccessTokens } from "./access-tokens.ts";
import {
  changeEvent,
  deleteEvent,
  getEvent,
  insertEvent,
  type CalendarCall,
  type CalendarContext,
} from "./calendar-api.ts";
import { freeBusy, listEvents } from "./event-list.ts";
import { GoogleError, notFound } from "./google-error.ts";

const LIMIT_BYTES = 1_000_000;
const CALENDAR = "/calendar/v3/";
const NO_CONTENT = Symbol("no content");

export function googleHttp(parameters: { tokens: AccessTokens; calendar: CalendarContext }): HttpPart {
  const { tokens, calendar } = parameters;
  return async (exchange) => {
    const { pathname } = exchange.url;
    if (pathname === "/token") await answerToken(exchange, tokens);
    else if (pathname.startsWith(CALENDAR)) await answerCalendar(exchange, { tokens, calendar });
    else return false;
    return true;
  };
}

async function answerToken({ request, response }: HttpExchange, tokens: AccessTokens): Promise<void> {
  const { status, body } = tokens.answer(parseForm(await readBody(request, LIMIT_BYTES)));
  replyJson(response, status, body);
}

async function answerCalendar(
  exchange: HttpExchange,
  parameters: { tokens: AccessTokens; calendar: CalendarContext },
): Promise<void> {
  const { request, response } = exchange;
  try {
    const body = await readBody(request, LIMIT_BYTES);
    const subject = parameters.tokens.subjectOf(request.headers.authorization);
    if (subject === null) throw new GoogleError(401, "authError", "Invalid Credentials");
    const answer = route({ exchange, body, subject, calendar: parameters.calendar });
    if (answer === NO_CONTENT) reply(response, { status: 204, type: "application/json", body: "" });
    else replyJson(response, 200, answer);
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    replyJson(response, error.status, error.toBody());
  }
}

interface Routed {
  exchange: HttpExchange;
  body: string;
  subject: string;
  calendar: CalendarContext;
}

function route({ exchange, body, subject, calendar }: Routed): unknown {
  const { request, url } = exchange;
  const path = url.pathname.slice(CALENDAR.length);
  if (path === "freeBusy" && request.method === "POST") return freeBusy(parse(body), calendar);
  const match = /^calendars\/([^/]+)\/events(?:\/([^/]+))?$/.exec(path);
  if (match === null) throw notFound();
  const call = calendarOf({ id: decode(match[1] ?? ""), subject, calendar });
  const id = match[2] === undefined ? null : decode(match[2]);
  if (id === null) return onEvents({ request, url, body, call, calendar });
  return onEvent({ request, body, call, id, calendar });
}

function onEvents(parameters: {
  request: IncomingMessage;
  url: URL;
  body: string;
  call: CalendarCall;
  calendar: CalendarContext;
}): unknown {
  const { request, url, body, call, calendar } = parameters;
  if (request.method === "POST") return insertEvent(call, parse(body), calendar);
  if (request.method === "GET") return listEvents(call, url.searchParams, calendar);
  throw notFound();
}

function onEvent(parameters: {
  request: IncomingMessage;
  body: string;
  call: CalendarCall;
  id: string;
  calendar: CalendarContext;
}): unknown {
  const { request, body, call, id, calendar } = parameters;
  switch (request.method ?? "") {
    case "GET":
      return getEvent(call, id, calendar);
    case "PATCH":
    case "PUT":
      return changeEvent(call, { id, given: parse(body), isPatch: request.method === "PATCH" }, calendar);
    case "DELETE":
      deleteEvent(call, id, calendar);
      return NO_CONTENT;
    default:
      throw notFound();
  }
}

function calendarOf(parameters: { id: string; subject: string; calendar: CalendarContext }): CalendarCall {
  const { id, subject, calendar } = parameters;
  if (id === "primary") return { calendar: subject, subject };
  if (!calendar.isCalendar(id)) throw notFound();
  return { calendar: id, subject };
}

function parse(body: string): Fields {
  try {
    const value: unknown = JSON.parse(body === "" ? "{}" : body);
    if (isObject(value)) return value;
  } catch {
    // Told below, like every other body that is no object.
  }
  throw new GoogleError(400, "parseError", "Parse Error");
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw notFound();
  }
}
