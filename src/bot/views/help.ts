/** Help: what works today, one line a word; a topic has its examples. */
import { nearest } from "../../flow/nearest.ts";
import { usage, words, type Word } from "../listeners/commands/command-line.ts";
import { sentence, type Message } from "./message.ts";
import { context, section } from "./rows.ts";
import { shown } from "./text.ts";

const purpose: Readonly<Record<Word, string>> = {
  run: "starts a flow: for one customer, or for all that its filter matches",
  status: "what runs and what waits for whom; of one execution, each step",
  flows: "the flows, their versions and when they fire next",
  approvals: "what waits for your decision",
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
  flows: ["`/revops flows` — what can be started; Graph draws a flow"],
  approvals: ["`/revops approvals` — the cards that you may decide, oldest first"],
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
  const elsewhere = "The same words work by mention and in a direct message. `/revops help run` shows examples.";
  return { text: "What works today: run, status, flows, approvals, help", blocks: [section(text), context(elsewhere)] };
}

function unknownTopic(topic: string): Message {
  const suggestion = nearest(topic, words);
  const hint =
    suggestion === null ? "`/revops help` lists what works." : `Did you mean \`/revops help ${suggestion}\`?`;
  return sentence(`There is no help on “${shown(topic)}”. ${hint}`);
}
