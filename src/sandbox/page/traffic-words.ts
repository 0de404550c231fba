/** What the traffic pane says of an envelope or a call. Pure. */
import type { FaultName, TrafficEntry, TrafficVia } from "../page-api.ts";
import { fields } from "./shape.ts";

export const VIAS: Record<TrafficVia, string> = {
  socket: "Socket Mode",
  http: "HTTP",
  web_api: "Web API",
  response_url: "response_url",
  smtp: "SMTP",
  google: "Google",
};

export interface FaultWords {
  title: string;
  /** What will happen. */
  happens: string;
  /** What a good bot does about it. */
  goodBot: string;
  /** Armed for the next time that it fits, or done at once. */
  when: "armed" | "at_once";
}

export const FAULTS: Record<FaultName, FaultWords> = {
  rate_limited: {
    title: "Rate limited",
    happens: "Slack answers the next chat call 429, Retry-After 2 s, and does nothing.",
    goodBot: "A good bot waits, sends it again once, and writes to other channels meanwhile.",
    when: "armed",
  },
  server_error: {
    title: "Server error",
    happens: "Slack answers the next chat call 500 and does nothing.",
    goodBot: "A good bot tries again; the message stands once.",
    when: "armed",
  },
  lost_answer: {
    title: "Lost answer",
    happens: "The next message is posted or edited, then the connection is cut.",
    goodBot: "A good bot looks into the channel before it posts again: one message, not two.",
    when: "armed",
  },
  socket_refresh: {
    title: "Socket refresh",
    happens: "Slack tells the socket to go and closes it, as it does every few hours.",
    goodBot: "A good bot is back in seconds, and no click is lost.",
    when: "at_once",
  },
  redelivery: {
    title: "Redelivery",
    happens: "The last event comes again under the same id.",
    goodBot: "A good bot acknowledges it and does nothing twice.",
    when: "at_once",
  },
  mail_lost_answer: {
    title: "Mail’s lost answer",
    happens: "The next mail is taken, then the connection is cut without a word.",
    goodBot: "A good bot doesn’t guess: a person is asked whether to send again.",
    when: "armed",
  },
  calendar_server_error: {
    title: "Calendar’s server error",
    happens: "The next event is stored, then Google answers 503.",
    goodBot: "A good bot asks again under the same id: one event, not two.",
    when: "armed",
  },
};

export const FAULT_NAMES: FaultName[] = [
  "rate_limited",
  "server_error",
  "lost_answer",
  "socket_refresh",
  "redelivery",
  "mail_lost_answer",
  "calendar_server_error",
];

/** "12 ms", "1.4 s". */
export function durationText(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** In the words of the direction: an envelope is acknowledged, a call is answered. */
export function statusText(entry: TrafficEntry, late: boolean, realNow: number): string {
  if (late) return `not acknowledged for ${Math.floor((realNow - entry.at) / 1_000)} s`;
  if (entry.ms === null) return "waiting";
  return entry.status === "ok" && entry.direction === "to_app" ? "acknowledged" : entry.status;
}

export function isFailed(entry: TrafficEntry): boolean {
  return entry.ms !== null && !/^(ok|2\d\d)$/.test(entry.status);
}

export interface DetailPart {
  title: string;
  json: string;
}

/** Request and answer apart; what was cut off in the middle stays one text. */
export function detailParts(detail: string): DetailPart[] {
  const exchange = parse(detail);
  if (exchange === null) return [{ title: "Request and answer", json: detail }];
  return Object.entries(exchange).map(([name, value]) => ({
    title: name === "request" ? "Request" : name === "answer" ? "Answer" : name,
    json: typeof value === "string" ? value : JSON.stringify(value, null, 2),
  }));
}

function parse(detail: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(detail);
    const exchange = fields(value);
    return Object.keys(exchange).length === 0 ? null : exchange;
  } catch {
    return null;
  }
}
