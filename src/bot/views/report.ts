/** A long answer: its first rows as a message, all of them as a modal with pages. */
import type { KnownBlock, ModalView } from "@slack/types";
import {
  actionIds,
  callbackIds,
  encodeReport,
  type ActionId,
  type ReportReference,
} from "../../notify/slack/action-ids.ts";
import { actions, button, context, longSections, section } from "../../notify/slack/blocks.ts";
import { count, number } from "../../notify/slack/format.ts";
import type { Message } from "./message.ts";

const rowsInMessage = 15;
export const rowsOnPage = 30;
/** Of a message's characters, and as many as a modal's page has room for. */
const messageRoom = 8_000;

export interface Report {
  /** Of the modal, at most 24 characters. */
  title: string;
  /** mrkdwn, escaped. */
  head: string[];
  /** mrkdwn, escaped; each a line or a few. */
  rows: string[];
  /** What a row is: "line". */
  noun: string;
  /** In place of rows. */
  nothing: string;
}

export function reportMessage(report: Report, reference: Omit<ReportReference, "offset">): Message {
  const { head, rows, noun, nothing } = report;
  const shown = fitting(rows);
  const all = pageButton(actionIds.reportOpen, `Show all ${count(rows.length, noun)}`, { ...reference, offset: 0 });
  return {
    text: head[0] ?? report.title,
    blocks: [
      section(head),
      ...(rows.length === 0 ? [section([nothing])] : longSections(shown)),
      ...(shown.length < rows.length ? [actions("report", [all])] : []),
    ],
  };
}

export function reportModal(report: Report, reference: ReportReference): ModalView {
  const { title, head, rows, noun, nothing } = report;
  // What it was made of may be less by now: then the first page.
  const offset = reference.offset < rows.length ? reference.offset : 0;
  const page = rows.slice(offset, offset + rowsOnPage);
  return {
    type: "modal",
    callback_id: callbackIds.report,
    private_metadata: encodeReport({ ...reference, offset }),
    title: { type: "plain_text", text: title },
    close: { type: "plain_text", text: "Close" },
    blocks: [
      section(head),
      ...(rows.length === 0 ? [section([nothing])] : longSections(page)),
      ...(page.length < rows.length
        ? [context(position(offset, page.length, rows.length, noun)), pages({ ...reference, offset }, rows.length)]
        : []),
    ],
  };
}

/** The first ones, in order: as many as a message has room for. */
function fitting(rows: readonly string[]): string[] {
  let room = messageRoom;
  const from = rows.slice(0, rowsInMessage);
  const end = from.findIndex((row) => (room -= JSON.stringify(row).length) < 0);
  return end === -1 ? from : from.slice(0, end);
}

function position(offset: number, shown: number, total: number, noun: string): string {
  return `${number(offset + 1)} to ${number(offset + shown)} of ${count(total, noun)}`;
}

function pages(reference: ReportReference, total: number): KnownBlock {
  const { offset } = reference;
  const before = { ...reference, offset: Math.max(0, offset - rowsOnPage) };
  const after = { ...reference, offset: offset + rowsOnPage };
  return actions("report", [
    ...(offset > 0 ? [pageButton(actionIds.reportPrevious, "Previous", before)] : []),
    ...(after.offset < total ? [pageButton(actionIds.reportNext, "Next", after)] : []),
  ]);
}

function pageButton(actionId: ActionId, label: string, reference: ReportReference) {
  return button({ actionId, label, value: encodeReport(reference) });
}
