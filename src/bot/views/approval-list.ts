/** What waits for one person, the longest first. */
import type { ApprovalCard } from "../../flow/card.ts";
import { count, dotted } from "../../notify/slack/format.ts";
import { instant } from "./instant.ts";
import { sentence, type Message } from "./message.ts";
import { context, listBlocks } from "./rows.ts";
import { channelName } from "./start.ts";
import { code, shown } from "./text.ts";

export interface WaitingApproval {
  card: ApprovalCard;
  /** Where its card stands. */
  channel: string;
}

export function approvalList(parameters: {
  waiting: WaitingApproval[];
  /** False: there are more executions than were looked at. */
  isComplete: boolean;
  timezone: string;
}): Message {
  const { waiting, isComplete, timezone } = parameters;
  const more = isComplete
    ? []
    : [context("Only the newest executions were looked at; older ones may wait for you too.")];
  if (waiting.length === 0) {
    const nothing = sentence("Nothing waits for your decision.");
    return isComplete ? nothing : { ...nothing, text: `${nothing.text} Only the newest executions were looked at.` };
  }
  const oldestFirst = waiting.toSorted((one, other) => one.card.requestedAt - other.card.requestedAt);
  const heading = `*${count(waiting.length, "approval")} ${waiting.length === 1 ? "waits" : "wait"} for you*`;
  const { blocks, left } = listBlocks([{ heading, rows: oldestFirst.map((item) => row(item, timezone)) }]);
  const rest = left === 0 ? [] : [context(`and ${left} more`)];
  return { text: `${count(waiting.length, "approval")} wait for your decision`, blocks: [...blocks, ...rest, ...more] };
}

function row({ card, channel }: WaitingApproval, timezone: string): string {
  const facts = dotted([
    `asked ${instant({ at: card.requestedAt, timezone })}`,
    card.expiresAt === null ? null : `expires ${instant({ at: card.expiresAt, timezone })}`,
    `card in ${channelName(channel)}`,
    code(card.executionId),
  ]);
  const about = card.customer === null ? "no customer" : shown(card.customer.name);
  return `• *${about}* · ${code(card.flowId)}\n    ${facts}`;
}
