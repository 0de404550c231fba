/** Help: what works today, one line a word; a topic has its examples. */
import { nearest } from "../../flow/nearest.ts";
import { usage, words, type Word } from "../listeners/commands/command-line.ts";
import { sentence, type Message } from "./message.ts";
import { context, section } from "./rows.ts";
import { shown } from "./text.ts";

const purpose: Readonly<Record<Word, string>> = {
  run: "starts a flow: for one customer, or for all that its filter matches",
  status: "what runs and what waits for whom; of one execution, each step",
  customer: "how likely a customer is to stay, why, what is at stake and how that has changed",
  explain: "what an execution waits for, step by step, or why it ended as it did",
  history: "all that happened to an execution; of a flow or of all, the newest executions",
  flows: "the flows and when they fire next; of one, its versions and what changed",
  approvals: "what waits for your decision",
  pause: "holds a flow's schedules and events until it is resumed",
  resume: "lets them start it again",
  abort: "ends an execution, after asking; with `compensate`, what was done is taken back",
  redrive: "lets one that failed, timed out or was aborted go on; what finished is kept",
  metrics: "how often, how well and how fast, over the last 30 days; of one flow, each step",
  simulate: "what a flow would do over a period: who would get what, when, and why not; nothing is sent",
  doctor: "whether Slack, mail, calendar, state, state machines, customers, flows and roles are as they must be",
  help: "this list; behind a word, its examples",
};

const examples: Readonly<Record<Word, readonly string[]>> = {
  run: [
    "`/revops run renewal_management` — every customer that matches the flow's filter; one message shows the progress",
    "`/revops run renewal_management Acme Robotics` — one customer, by name or id",
    '`/revops run renewal_management "Acme Robotics" note="call first"` — inputs as name=value, quotes around spaces',
  ],
  status: [
    "`/revops status` — everything that runs",
    "`/revops status renewal_management` — of one flow, ended executions too",
    "`/revops status Acme Robotics` — about one customer",
    "`/revops status EXECUTION` — each step with its times; Timeline and Graph draw it",
  ],
  customer: ["`/revops customer Acme Robotics` — the risk as of now, its reasons and gaps; Over time draws them"],
  explain: ["`/revops explain EXECUTION` — whose word is missing, what is tried again and when"],
  history: [
    "`/revops history EXECUTION` — line by line: steps, attempts, waits, decisions",
    "`/revops history renewal_management` — its newest executions",
  ],
  flows: [
    "`/revops flows` — what can be started; Graph draws a flow",
    "`/revops flows renewal_management` — its versions, newest first, and what the newest has changed",
  ],
  approvals: ["`/revops approvals` — the cards that you may decide, oldest first"],
  pause: [
    "`/revops pause renewal_management` — nothing starts it but a person; what runs goes on, what falls due isn't caught up",
  ],
  resume: ["`/revops resume renewal_management` — says when it fires next"],
  abort: [
    "`/revops abort EXECUTION` — says what would be withdrawn and cut off, and asks",
    "`/revops abort EXECUTION compensate` — then also what is taken back, in its order",
  ],
  redrive: [
    "`/revops redrive EXECUTION` — from what failed or was cut off",
    "`/revops redrive EXECUTION from send_notifications` — that step and all behind it",
    '`/revops redrive EXECUTION note="call first"` — with another input; what reads it starts again',
  ],
  metrics: [
    "`/revops metrics` — each flow",
    "`/revops metrics renewal_management` — one, with its steps and how long people took to decide",
  ],
  simulate: [
    "`/revops simulate renewal_management` — the next 30 days, as a summary, a calendar and a list",
    "`/revops simulate renewal_management 2026-Q4 approvals=expire` — a quarter in which nobody decides",
    "`/revops simulate renewal_management 2026-11-01..2026-12-31` — two months",
    '`/revops simulate renewal_management 90d customer="Acme Robotics"` — one customer\'s course',
  ],
  doctor: ["`/revops doctor` — what is wrong, and what to do; nothing is sent or changed"],
  help: ["`/revops help run` — examples for a word"],
};

export function helpMessage(topic: string | null): Message {
  if (topic === null) return helpList();
  const word = words.find((word) => word === topic);
  if (word === undefined) return unknownTopic(topic);
  const text = [`*${usage[word]}*`, purpose[word], "", ...examples[word].map((line) => `• ${line}`)].join("\n");
  return { text: usage[word], blocks: [section(text)] };
}

/** Also what the Home tab shows. */
export function helpRows(): string[] {
  return words.map((word) => `\`${usage[word]}\` — ${purpose[word]}`);
}

function helpList(): Message {
  const text = ["*What works today*", ...helpRows()].join("\n");
  const elsewhere = [
    "The same words work by mention and in a direct message, where a sentence is a question: “why is Acme Robotics at risk?”,",
    "“what is due this week?”, “what happened to Acme?”. `/revops help run` shows examples.",
  ].join(" ");
  return { text: `What works today: ${words.join(", ")}`, blocks: [section(text), context(elsewhere)] };
}

function unknownTopic(topic: string): Message {
  const suggestion = nearest(topic, words);
  const hint =
    suggestion === null ? "`/revops help` lists what works." : `Did you mean \`/revops help ${suggestion}\`?`;
  return sentence(`There is no help on “${shown(topic)}”. ${hint}`);
}
