/** What waits for one person, those that expire first on top: each with its Review button, the rest behind "Show all". */
import type { WaitingApproval } from "../../engine/engine.ts";
import { actionIds, encodeListPage } from "../../notify/slack/action-ids.ts";
import { actions, button } from "../../notify/slack/blocks.ts";
import { count, number } from "../../notify/slack/format.ts";
import { sentence, type Message } from "./message.ts";
import { section } from "./rows.ts";
import { waitingRow } from "./waiting-row.ts";

export const approvalsShown = 10;

export function approvalList(parameters: { items: WaitingApproval[]; total: number; timezone: string }): Message {
  const { items, total, timezone } = parameters;
  if (total === 0) return sentence("Nothing waits for your decision.");
  const text = `${count(total, "approval")} ${total === 1 ? "waits" : "wait"} for you`;
  const value = encodeListPage({ batchId: null, offset: 0 });
  const all = button({ actionId: actionIds.listOpen, label: `Show all ${number(total)}`, value });
  const rows = items.map((item) => waitingRow(item, timezone));
  return { text, blocks: [section(`*${text}*`), ...rows, ...(total > items.length ? [actions("all", [all])] : [])] };
}
