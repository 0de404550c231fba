/**
 * What the sandbox's page and its server say to each other: JSON over `/sandbox/*`, and server-sent events for changes.
 * Slack's own shapes (blocks, views) travel untouched. Instants are ISO 8601; `ts` is Slack's.
 */

export interface PageUser {
  id: string;
  name: string;
  email: string;
  title: string;
  timezone: string;
  isBot: boolean;
  /** Two letters for the picture, and a hue 0–359. */
  initials: string;
  hue: number;
}

export interface PageChannel {
  id: string;
  /** Without `#`; for a direct message the other's name. */
  name: string;
  kind: "channel" | "im";
  topic: string;
  /** Of an im: the two people. */
  members: string[];
}

export interface PageMessage {
  ts: string;
  channel: string;
  threadTs: string | null;
  user: string;
  text: string;
  blocks: unknown[];
  edited: boolean;
  /** Only this user sees it; gone from the live feed of everybody else. */
  ephemeralFor: string | null;
  replyCount: number;
  files: PageFile[];
  /** Where the page finds the images of the blocks: see `PageImages`. */
  images: PageImages;
}

export interface PageFile {
  id: string;
  name: string;
  title: string;
  /** What a screen reader says; empty where nobody gave one. */
  altText: string;
  mimetype: string;
  sizeBytes: number;
  /** Of the same origin, without a token. */
  url: string;
}

/**
 * By what the block says (`slack_file.id` or `slack_file.url`): an address of the same origin. An `image_url` lies elsewhere and
 * isn't fetched: show its `alt_text` (which each image has) and `title`.
 */
export type PageImages = Record<string, string>;

export interface PageMail {
  id: string;
  at: string;
  from: string;
  to: string[];
  subject: string;
  html: string | null;
  text: string | null;
  headers: { name: string; value: string }[];
}

export interface PageCalendarEvent {
  id: string;
  status: string;
  summary: string;
  description: string;
  start: string;
  end: string;
  timezone: string;
  attendees: string[];
  organizer: string;
}

export interface PageView {
  id: string;
  /** A modal's or a Home's view as the bot gave it, with `id` and `hash`. */
  view: Record<string, unknown>;
  images: PageImages;
}

/** `socket`, `http`: what is sent to the app, by Socket Mode or by signed requests; the others: what the app asks. */
export type TrafficVia = "socket" | "http" | "web_api" | "response_url" | "smtp" | "google";

export interface TrafficEntry {
  /** Increasing; a later entry under the same one replaces it (an envelope that has been acknowledged meanwhile). */
  seq: number;
  /** Real time, in milliseconds since 1970: the sandbox's moved clock has no say in protocols. */
  at: number;
  direction: "to_app" | "from_app";
  via: TrafficVia;
  /** A method or an envelope: "chat.postMessage", "slash_commands", "block_actions", "app_mention", "mail", "events.insert". */
  name: string;
  /** "ok", "waiting", Slack's word ("channel_not_found", "operation_timeout"), an HTTP or SMTP status ("503"), or "cut". */
  status: string;
  /** How long until answered or acknowledged; null: not yet. */
  ms: number | null;
  fault: FaultName | null;
  /** `{ request, answer }` as JSON for reading: without tokens, cut after a few thousand characters. */
  detail: string;
}

export type FaultName =
  /** The next `chat.*` call: HTTP 429, Retry-After 2 s, nothing done. */
  | "rate_limited"
  /** The next `chat.*` call: HTTP 500, nothing done. */
  | "server_error"
  /** The next `chat.postMessage` or `chat.update` is carried out, then the connection is cut. */
  | "lost_answer"
  /** At once: the socket is told to go and then closed, as Slack does every few hours. */
  | "socket_refresh"
  /** At once: the last event comes again, under the same id. */
  | "redelivery"
  /** The next mail is taken, then the connection is cut without a word. */
  | "mail_lost_answer"
  /** The next calendar event is stored, then 503. */
  | "calendar_server_error";

export interface PageState {
  users: PageUser[];
  channels: PageChannel[];
  /** Of the last moved-to acting user; the page may switch locally. */
  defaultUser: string;
  bot: { userId: string; name: string; connected: boolean };
  commands: { command: string; description: string; usageHint: string }[];
  clock: { now: string; offsetMs: number; moving: boolean };
  /** Armed, each for the next time that it fits. Never `socket_refresh` and `redelivery`, which happen at once. */
  faults: FaultName[];
}

/** `GET /sandbox/state` → PageState */
/** `GET /sandbox/messages?channel=C…&as=U…` → { messages: PageMessage[] }, whole channel, threads included, oldest first */
/** `GET /sandbox/mails` → { mails: PageMail[] } newest first; `GET /sandbox/calendar` → { events: PageCalendarEvent[] } by start */
/** `GET /sandbox/views?as=U…` → { view: PageView | null }, the open modal of that user */
/** `POST /sandbox/message` { as, channel, text, threadTs? }: a text that starts with `/` is a slash command. → { ok } or { ok: false, error } */
/** `POST /sandbox/action` { as, channel, ts, blockId, actionId, value } presses a button of a message; → { ok } or { ok: false, error } */
/** `POST /sandbox/view-submit` { as, viewId, values } → { ok } | { ok: false, errors: Record<blockId, string> }; values as in Slack's view.state.values */
/** `POST /sandbox/view-action` { as, viewId, blockId, actionId, value, values? }, of a modal or of Home; values: what stands in its inputs */
/** `POST /sandbox/view-close` { as, viewId } */
/** `POST /sandbox/home-open` { as }: the person opens the bot's Home; `GET /sandbox/home?as=U…` → { view: PageView | null } */
/** `POST /sandbox/clock` { advanceMs } or { to: "next" }: moves through every due instant; → { now } when it has settled, or { ok: false, error } */

/** `GET /sandbox/traffic` → { entries: TrafficEntry[] }, oldest first, the last 500 */
/** `POST /sandbox/fault` { name } arms it, or does it at once; → { ok } or { ok: false, error }: a sentence. */
/** `POST /sandbox/fault-clear` { name } disarms it; → { ok } */

/** `GET /sandbox/events` (text/event-stream): one JSON document each. */
export type PageChange =
  | { type: "message"; message: PageMessage }
  | { type: "message_deleted"; channel: string; ts: string }
  | { type: "mail"; mail: PageMail }
  | { type: "calendar_event"; event: PageCalendarEvent }
  | { type: "view"; user: string; view: PageView | null }
  /** The bot published a person's Home. */
  | { type: "home"; user: string; view: PageView }
  | { type: "channel"; channel: PageChannel }
  | { type: "clock"; now: string; offsetMs: number; moving: boolean }
  | { type: "bot"; connected: boolean }
  | { type: "traffic"; entry: TrafficEntry }
  | { type: "faults"; armed: FaultName[] }
  /** Slack's own words under the composer: `dispatch_failed`, "/foo is not a valid command". */
  | { type: "notice"; user: string; channel: string; text: string };
