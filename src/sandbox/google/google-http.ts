/** Google's addresses, at the root: Google's library replaces an origin and drops whatever path stands behind it. */
import type { IncomingMessage } from "node:http";
import type { Faults } from "../faults.ts";
import { parseForm, readBody } from "../http/body.ts";
import { reply, replyJson } from "../http/reply.ts";
import type { HttpExchange, HttpPart } from "../http/sandbox-server.ts";
import { isObject, type Fields } from "../slack/problems.ts";
import type { Traffic } from "../traffic.ts";
import type { AccessTokens } from "./access-tokens.ts";
import {
  changeEvent,
  deleteEvent,
  getEvent,
  insertEvent,
  type CalendarCall,
  type CalendarContext,
} from "./calendar-api.ts";
import { callName } from "./call-name.ts";
import { freeBusy, listEvents } from "./event-list.ts";
import { GoogleError, notFound } from "./google-error.ts";

const LIMIT_BYTES = 1_000_000;
const CALENDAR = "/calendar/v3/";
const NO_CONTENT = Symbol("no content");

export interface GoogleParts {
  tokens: AccessTokens;
  calendar: CalendarContext;
  traffic: Traffic;
  faults: Faults;
}

export function googleHttp(parts: GoogleParts): HttpPart {
  return async (exchange) => {
    const { pathname } = exchange.url;
    if (pathname === "/token") await answerToken(exchange, parts);
    else if (pathname.startsWith(CALENDAR)) await answerCalendar(exchange, parts);
    else return false;
    return true;
  };
}

async function answerToken({ request, response }: HttpExchange, { tokens, traffic }: GoogleParts): Promise<void> {
  const given = parseForm(await readBody(request, LIMIT_BYTES));
  const passage = traffic.begin({ direction: "from_app", via: "google", name: "token", request: given });
  const { status, body } = tokens.answer(given);
  passage.end({ status: status === 200 ? "ok" : String(status), answer: body });
  replyJson(response, status, body);
}

async function answerCalendar(exchange: HttpExchange, parts: GoogleParts): Promise<void> {
  const { request, response, url } = exchange;
  const body = await readBody(request, LIMIT_BYTES);
  const name = callName(request.method ?? "", url.pathname);
  const passage = parts.traffic.begin({
    direction: "from_app",
    via: "google",
    name,
    request: { path: `${url.pathname}${url.search}`, body: readableBody(body) },
  });
  try {
    const answer = answered({ exchange, body, parts });
    const isLost = name === "events.insert" && parts.faults.take("calendar_server_error");
    if (isLost) throw new GoogleError(503, "backendError", "The service is currently unavailable.");
    passage.end({ status: "ok", answer: answer === NO_CONTENT ? null : answer });
    if (answer === NO_CONTENT) reply(response, { status: 204, type: "application/json", body: "" });
    else replyJson(response, 200, answer);
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    const fault = error.reason === "backendError" ? "calendar_server_error" : null;
    passage.end({ status: String(error.status), answer: error.toBody(), fault });
    replyJson(response, error.status, error.toBody());
  }
}

function answered({ exchange, body, parts }: { exchange: HttpExchange; body: string; parts: GoogleParts }): unknown {
  const subject = parts.tokens.subjectOf(exchange.request.headers.authorization);
  if (subject === null) throw new GoogleError(401, "authError", "Invalid Credentials");
  return route({ exchange, body, subject, calendar: parts.calendar });
}

function readableBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
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
