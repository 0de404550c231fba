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
}

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
  /** A modal's view as the bot gave it, with `id` and `hash`. */
  view: Record<string, unknown>;
}

export interface PageState {
  users: PageUser[];
  channels: PageChannel[];
  /** Of the last moved-to acting user; the page may switch locally. */
  defaultUser: string;
  bot: { userId: string; name: string; connected: boolean };
  commands: { command: string; description: string; usageHint: string }[];
  clock: { now: string; offsetMs: number; moving: boolean };
}

/** `GET /sandbox/state` → PageState */
/** `GET /sandbox/messages?channel=C…&as=U…` → { messages: PageMessage[] }, whole channel, threads included, oldest first */
/** `GET /sandbox/mails` → { mails: PageMail[] } newest first; `GET /sandbox/calendar` → { events: PageCalendarEvent[] } by start */
/** `GET /sandbox/views?as=U…` → { view: PageView | null }, the open modal of that user */
/** `POST /sandbox/message` { as, channel, text, threadTs? }: a text that starts with `/` is a slash command. → { ok } or { ok: false, error } */
/** `POST /sandbox/action` { as, channel, ts, blockId, actionId, value } presses a button of a message; → { ok } or { ok: false, error } */
/** `POST /sandbox/view-submit` { as, viewId, values } → { ok } | { ok: false, errors: Record<blockId, string> }; values as in Slack's view.state.values */
/** `POST /sandbox/view-action` { as, viewId, blockId, actionId, value }; `POST /sandbox/view-close` { as, viewId } */
/** `POST /sandbox/home-open` { as }: the person opens the bot's Home; `GET /sandbox/home?as=U…` → { view: PageView | null } */
/** `POST /sandbox/clock` { advanceMs } or { to: "next" }: moves through every due instant; → { now } when it has settled, or { ok: false, error } */

/** `GET /sandbox/events` (text/event-stream): one JSON document each. */
export type PageChange =
  | { type: "message"; message: PageMessage }
  | { type: "message_deleted"; channel: string; ts: string }
  | { type: "mail"; mail: PageMail }
  | { type: "calendar_event"; event: PageCalendarEvent }
  | { type: "view"; user: string; view: PageView | null }
  | { type: "channel"; channel: PageChannel }
  | { type: "clock"; now: string; offsetMs: number; moving: boolean }
  | { type: "bot"; connected: boolean }
  /** Slack's own words under the composer: `dispatch_failed`, "/foo is not a valid command". */
  | { type: "notice"; user: string; channel: string; text: string };
