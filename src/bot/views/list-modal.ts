/** What waits for one person, as a list with pages: all of it, or what one batch asked. */
import type { KnownBlock, ModalView } from "@slack/types";
import type { WaitingApproval } from "../../engine/engine.ts";
import { actionIds, callbackIds, encodeListPage } from "../../notify/slack/action-ids.ts";
import { actions, button } from "../../notify/slack/blocks.ts";
import { count, number } from "../../notify/slack/format.ts";
import { context, section } from "./rows.ts";
import { waitingRow } from "./waiting-row.ts";

export const listPageSize = 10;

export interface ListPage {
  items: WaitingApproval[];
  total: number;
  offset: number;
  /** Null: of all batches and single starts. */
  batchId: string | null;
  timezone: string;
}

export function listModal(page: ListPage): ModalView {
  const { items, total, timezone } = page;
  const rows =
    items.length === 0
      ? [section("Nothing here waits for your decision.")]
      : [context(position(page)), ...items.map((item) => waitingRow(item, timezone))];
  return {
    type: "modal",
    callback_id: callbackIds.list,
    private_metadata: encodeListPage(page),
    title: { type: "plain_text", text: "Waiting for you" },
    close: { type: "plain_text", text: "Close" },
    blocks: [...rows, ...(total > listPageSize ? [pages(page)] : [])],
  };
}

function position({ items, total, offset }: ListPage): string {
  const order = total === 1 ? "" : ", those that expire first on top";
  if (items.length === total) return `${count(total, "approval")}${order}`;
  const from = number(offset + 1);
  return `${from} to ${number(offset + items.length)} of ${count(total, "approval")}${order}`;
}

function pages({ offset, total, batchId }: ListPage): KnownBlock {
  const value = (to: number) => encodeListPage({ batchId, offset: to });
  const before = Math.max(0, offset - listPageSize);
  const after = offset + listPageSize;
  return actions("pages", [
    ...(offset > 0 ? [button({ actionId: actionIds.listPrevious, label: "Previous", value: value(before) })] : []),
    ...(after < total ? [button({ actionId: actionIds.listNext, label: "Next", value: value(after) })] : []),
    button({ actionId: actionIds.listReload, label: "Reload", value: value(offset) }),
  ]);
}
