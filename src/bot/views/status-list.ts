/** What runs and what waits for whom: what waits for people first, then what runs by itself, then what has ended. */
import type { ExecutionHeader, WaitingFor } from "../../flow/record.ts";
import { count, dotted } from "../../notify/slack/format.ts";
import { doubtBlocks, type Doubt } from "./doubts.ts";
import { instant } from "./instant.ts";
import { sentence, type Message } from "./message.ts";
import { context, listBlocks, type Group } from "./rows.ts";
import { aboutOf, anyOf, code, shown } from "./text.ts";

interface StatusList {
  headers: ExecutionHeader[];
  /** A flow or customers, raw; null: everything that runs. */
  about: string | null;
  /** Of these executions, with buttons to settle them; the others stand in their rows. */
  doubts: readonly Doubt[];
  /** One more than these was asked for, so more are known to exist. */
  maxListed: number;
  timezone: string;
  /** Characters of the message that others need. */
  taken?: number;
}

export function statusList(parameters: StatusList): Message {
  const { about, maxListed, timezone, doubts, taken = 0 } = parameters;
  const headers = parameters.headers.slice(0, maxListed);
  const isCut = parameters.headers.length > maxListed;
  const subject = about === null ? "" : ` of ${shown(about, 200)}`;
  if (headers.length === 0) return nothing(about);
  const asking = doubtBlocks(doubts, timezone);
  const groups = grouped(headers, timezone);
  const { blocks, left } = listBlocks(groups, JSON.stringify(asking).length + taken);
  const total = `${isCut ? "more than " : ""}${count(headers.length, "execution")}`;
  const follow = "`/revops status EXECUTION` shows the steps of one.";
  const rest = left === 0 ? follow : `and ${isCut ? "more than " : ""}${left} more. ${follow}`;
  return { text: `${total}${subject}`, blocks: [context(`${total}${subject}`), ...asking, ...blocks, context(rest)] };
}

function nothing(about: string | null): Message {
  if (about === null)
    return sentence("Nothing is running. `/revops run FLOW` starts a flow; `/revops flows` lists them.");
  return sentence(`There is no execution of ${shown(about, 200)} yet.`);
}

/** Where an execution waits for several things, what a person must do comes first. */
const urgency: Readonly<Record<WaitingFor["kind"], number>> = {
  doubt: 0,
  approval: 1,
  retry: 2,
  flow: 3,
  held: 4,
  wait: 5,
  queue: 6,
};

function mostUrgent(header: ExecutionHeader): WaitingFor | null {
  return header.waiting_for.toSorted((one, other) => urgency[one.kind] - urgency[other.kind])[0] ?? null;
}

function grouped(headers: ExecutionHeader[], timezone: string): Group[] {
  const groups = new Map<string, { rank: number; rows: string[] }>();
  for (const header of headers) {
    const wait = mostUrgent(header);
    const { rank, title } = groupOf(header, wait);
    const group = groups.get(title) ?? { rank, rows: [] };
    group.rows.push(row({ header, wait, timezone }));
    groups.set(title, group);
  }
  return [...groups]
    .toSorted(([, one], [, other]) => one.rank - other.rank || other.rows.length - one.rows.length)
    .map(([title, { rows }]) => ({ heading: `*${title}* (${rows.length})`, rows }));
}

function groupOf(header: ExecutionHeader, wait: WaitingFor | null): { rank: number; title: string } {
  if (header.status !== "running") return { rank: 4, title: "Ended" };
  if (wait?.kind === "doubt") return { rank: 0, title: inDoubt(wait) };
  if (wait?.kind === "approval") return { rank: 1, title: `Waiting for ${anyOf(wait.people)}` };
  if (wait?.kind === "retry") return { rank: 2, title: "Trying again" };
  if (wait?.kind === "flow") return { rank: 3, title: "Waiting for a sub-flow" };
  if (wait?.kind === "held") return { rank: 3, title: "Held back until working time" };
  if (wait?.kind === "wait") return { rank: 3, title: "Waiting for a time" };
  if (wait?.kind === "queue") return { rank: 3, title: "Queued" };
  return { rank: 3, title: "Running" };
}

/** E2: without names, it is whoever may answer a doubt. */
function inDoubt(wait: WaitingFor): string {
  const people = wait.people.length === 0 ? "an operator or an approver of the flow" : anyOf(wait.people);
  return `In doubt whether it was sent, waiting for ${people}`;
}

function row(parameters: { header: ExecutionHeader; wait: WaitingFor | null; timezone: string }): string {
  const { header, wait, timezone } = parameters;
  const about = aboutOf(header);
  return `• ${dotted([
    about === null ? null : shown(about),
    shown(header.flow_id),
    timing({ header, wait, timezone }),
    code(header.execution_id),
  ])}`;
}

function timing(parameters: { header: ExecutionHeader; wait: WaitingFor | null; timezone: string }): string {
  const { header, wait, timezone } = parameters;
  const at = (instantMs: number) => instant({ at: instantMs, timezone });
  if (header.status !== "running") {
    return `${ending(header)}${header.ended_at === null ? "" : ` ${at(header.ended_at)}`}`;
  }
  if (wait === null) return `since ${at(header.started_at)}`;
  if (wait.until === null) return `since ${at(wait.since)}`;
  return `since ${at(wait.since)}, ${wait.kind === "retry" ? "again" : "until"} ${at(wait.until)}`;
}

/** "waits for Dana Reyes", "trying again", "succeeded, rejected": what somebody asks who sees one line of it. */
export function standing(header: ExecutionHeader): string {
  if (header.status !== "running") return ending(header);
  const wait = mostUrgent(header);
  if (wait === null) return "running";
  switch (wait.kind) {
    case "doubt":
      return "in doubt whether it was sent";
    case "approval":
      return `waits for ${anyOf(wait.people)}`;
    case "retry":
      return "trying again";
    case "flow":
      return "waits for a sub-flow";
    case "held":
      return "held back until working time";
    case "wait":
      return "waits for a time";
    case "queue":
      return "queued";
    default:
      return wait.kind satisfies never;
  }
}

/** "succeeded, rejected", "timed out". */
export function ending(header: Pick<ExecutionHeader, "status" | "outcome">): string {
  const status = header.status.replaceAll("_", " ");
  return header.outcome === null ? status : `${status}, ${header.outcome.replaceAll("_", " ")}`;
}
