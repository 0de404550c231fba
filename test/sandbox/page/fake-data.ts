/** A small workspace for the page's tests: three people, the bot, two channels, a card like DESIGN §9's, a mail, an event. */
import type { PageMessage, PageState, PageUser, PageView, TrafficEntry } from "../../../src/sandbox/page-api.ts";
import type { FakeData } from "./fake-server.ts";

export const LEAD = "U0LEAD";
export const MANAGER = "U0DANA";
export const OUTSIDER = "U0OUT";
export const BOT = "U0BOT";
export const REVOPS = "C0REVOPS";
export const RENEWALS = "C0RENEWALS";
export const LEAD_DIRECT = "D0LEAD";
export const MANAGER_DIRECT = "D0DANA";
/** Tue 24 Nov 2026, 14:00 UTC: 09:00 in New York. */
export const NOW = Date.UTC(2026, 10, 24, 14);

export function fakeData(): FakeData {
  const nothing = { messages: [], mails: [], events: [], views: {}, homes: {}, traffic: [], pictures: {} };
  return { state: fakeState(), ...nothing };
}

export function fakeState(): PageState {
  return {
    users: [
      user({ id: LEAD, name: "Robin Vale", title: "RevOps lead", initials: "RV", hue: 210 }),
      user({ id: MANAGER, name: "Dana Reyes", title: "Account manager", initials: "DR", hue: 20 }),
      user({ id: OUTSIDER, name: "Kit Marlow", title: "Finance (outsider)", initials: "KM", hue: 300 }),
      user({ id: BOT, name: "RevOps Flows", title: "", initials: "RF", hue: 165, isBot: true }),
    ],
    channels: [
      { id: REVOPS, name: "revops", kind: "channel", topic: "Flows and how they are doing", members: [] },
      { id: RENEWALS, name: "renewals", kind: "channel", topic: "Renewals that need a decision", members: [] },
      { id: LEAD_DIRECT, name: "RevOps Flows", kind: "im", topic: "", members: [LEAD, BOT] },
      { id: MANAGER_DIRECT, name: "RevOps Flows", kind: "im", topic: "", members: [MANAGER, BOT] },
    ],
    defaultUser: LEAD,
    bot: { userId: BOT, name: "RevOps Flows", connected: true },
    commands: [
      {
        command: "/revops",
        description: "Start, watch and decide flows",
        usageHint: "run FLOW [CUSTOMER] | status | flows | help",
      },
      { command: "/remind", description: "Not of this app", usageHint: "" },
    ],
    clock: { now: new Date(NOW).toISOString(), offsetMs: 0, moving: false },
    faults: [],
  };
}

function user(parts: Partial<PageUser> & Pick<PageUser, "id" | "name">): PageUser {
  return {
    email: `${parts.id.toLowerCase()}@example.com`,
    title: "",
    timezone: "America/New_York",
    isBot: false,
    initials: "",
    hue: 0,
    ...parts,
  };
}

let counter = 0;

/** A message `minutes` after nine; each has a ts of its own. */
export function message(parts: Partial<PageMessage> & { minutes?: number } = {}): PageMessage {
  const { minutes = 0, ...rest } = parts;
  counter += 1;
  return {
    ts: `${NOW / 1000 + minutes * 60}.${String(counter).padStart(6, "0")}`,
    channel: REVOPS,
    threadTs: null,
    user: BOT,
    text: "",
    blocks: [],
    edited: false,
    ephemeralFor: null,
    replyCount: 0,
    files: [],
    images: {},
    ...rest,
  };
}

let seq = 0;

/** An envelope to the app or one of its calls; each has a seq of its own. */
export function exchange(parts: Partial<TrafficEntry> = {}): TrafficEntry {
  seq += 1;
  return {
    seq,
    at: NOW,
    direction: "from_app",
    via: "web_api",
    name: "chat.postMessage",
    status: "ok",
    ms: 12,
    fault: null,
    detail: JSON.stringify({ request: { channel: REVOPS }, answer: { ok: true } }, null, 2),
    ...parts,
  };
}

const mrkdwn = (text: string): unknown => ({ type: "mrkdwn", text });
const plain = (text: string): unknown => ({ type: "plain_text", text });

export function cardBlocks(): unknown[] {
  return [
    {
      type: "section",
      block_id: "summary",
      text: mrkdwn(
        "*Acme Robotics* · renews in 21 days, notice by 4 Dec · $84,000\nRisk *0.78*, up 0.11 since last week · confidence high",
      ),
    },
    {
      type: "section",
      block_id: "reasons",
      text: mrkdwn(
        "```Seat use 41 % of 120, was 68 % in August        +0.22\n2 urgent tickets open, oldest 9 days            +0.14\nChampion left on 3 Nov                          +0.11```\nUnder 0.70 if: both tickets are closed, or seats are cut to 60",
      ),
    },
    {
      type: "section",
      block_id: "proposed",
      text: mrkdwn("*Proposed:* 1. Executive check-in this week  2. Right-size to 70 seats  3. Success plan"),
    },
    {
      type: "actions",
      block_id: "decide",
      elements: [
        { type: "button", action_id: "approve", text: plain("Approve"), style: "primary", value: "a1:1" },
        { type: "button", action_id: "reject", text: plain("Reject"), value: "a1:1" },
        { type: "button", action_id: "details", text: plain("Details"), value: "a1:1" },
      ],
    },
    {
      type: "context",
      block_id: "waiting",
      elements: [
        mrkdwn(
          "Waiting for Dana Reyes or a RevOps lead · expires <!date^1795615200^{date_pretty} at {time}|Thu 09:00>",
        ),
      ],
    },
  ];
}

export function rejectView(): PageView {
  return {
    id: "V1",
    images: {},
    view: {
      id: "V1",
      hash: "1.a",
      type: "modal",
      callback_id: "reject",
      title: plain("Reject"),
      submit: plain("Reject"),
      close: plain("Cancel"),
      blocks: [
        {
          type: "section",
          block_id: "what",
          text: mrkdwn("Nothing is sent for *Acme Robotics*. The reason goes to the card."),
        },
        {
          type: "input",
          block_id: "reason",
          label: plain("Reason"),
          hint: plain("Two or three words are enough."),
          element: { type: "plain_text_input", action_id: "text", multiline: true, max_length: 500 },
        },
        {
          type: "input",
          block_id: "kind",
          optional: true,
          label: plain("What is it about?"),
          element: {
            type: "radio_buttons",
            action_id: "choice",
            options: [
              { text: plain("The price"), value: "price" },
              { text: plain("The timing"), value: "timing" },
            ],
          },
        },
      ],
    },
  };
}
