/** The forms that set a case aside: a snooze with its end and reason, a dismissal with its kind. They carry opaque ids alone (A1). */
import type { InputBlock, ModalView, PlainTextOption } from "@slack/types";
import { Dismissal } from "../../flow/case.ts";
import { addDays, localDate, startOfDay } from "../../flow/zone.ts";
import { callbackIds } from "../../notify/slack/action-ids.ts";
import { dismissalWords } from "../../notify/slack/case-lines.ts";
import { piece } from "../../notify/slack/escape.ts";
import { inWords } from "../../notify/slack/format.ts";
import { limits, truncate } from "../../notify/slack/limits.ts";
import type { StateValue } from "./scalar-input.ts";

/** It stands on the card, whose blocks together are limited. */
const maxReasonLength = 500;

export const asideBlocks = { until: "until", date: "date", reason: "reason", why: "why" } as const;

const spans = [
  { value: "day", label: "1 day" },
  { value: "week", label: "1 week" },
  { value: "date", label: "Until a date" },
] as const;

interface Form {
  /** The approval or the case. */
  metadata: string;
  /** The customer's name, raw. */
  about: string;
}

export function snoozeModal({ metadata, about, today }: Form & { today: string }): ModalView {
  return {
    ...frame("Snooze", metadata),
    callback_id: callbackIds.snooze,
    blocks: [
      said(`Nobody is asked about *${piece(about, 150)}* until then, unless the risk becomes clearly worse.`),
      input(asideBlocks.until, "For how long?", {
        type: "radio_buttons",
        action_id: asideBlocks.until,
        options: spans.map(({ value, label }) => option(label, value)),
        initial_option: option("1 week", "week"),
      }),
      {
        ...input(asideBlocks.date, "Date", {
          type: "datepicker",
          action_id: asideBlocks.date,
          initial_date: addDays({ date: today, days: 14 }),
        }),
        optional: true,
        hint: {
          type: "plain_text",
          text: "Counts with “Until a date”. Whichever it is: asked again from that morning on.",
        },
      },
      reason("Why?", false),
    ],
  };
}

export function dismissModal({ metadata, about }: Form): ModalView {
  return {
    ...frame("Dismiss", metadata),
    callback_id: callbackIds.dismiss,
    blocks: [
      said(
        `Nobody is asked about *${piece(about, 150)}* again until the risk becomes clearly worse or a new renewal term begins.`,
      ),
      input(asideBlocks.why, "What is it?", {
        type: "radio_buttons",
        action_id: asideBlocks.why,
        options: Dismissal.options.map((why) => option(inWords(dismissalWords[why]), why)),
      }),
      reason("Anything to add?", true),
    ],
  };
}

function frame(title: "Snooze" | "Dismiss", metadata: string) {
  return {
    type: "modal" as const,
    private_metadata: metadata,
    title: { type: "plain_text" as const, text: title },
    submit: { type: "plain_text" as const, text: title },
    close: { type: "plain_text" as const, text: "Cancel" },
  };
}

function said(text: string) {
  return { type: "section" as const, text: { type: "mrkdwn" as const, text, verbatim: true } };
}

function input(block_id: string, label: string, element: InputBlock["element"]): InputBlock {
  return { type: "input", block_id, label: { type: "plain_text", text: label }, element };
}

function reason(label: string, optional: boolean): InputBlock {
  const element = { type: "plain_text_input" as const, action_id: asideBlocks.reason, max_length: maxReasonLength };
  return { ...input(asideBlocks.reason, label, { ...element, multiline: true }), optional };
}

function option(text: string, value: string): PlainTextOption {
  return { text: { type: "plain_text", text: truncate(text, limits.optionText), emoji: false }, value };
}

export type AsideValues = Record<string, Record<string, StateValue>>;
export type ReadAside<T> = { ok: true; value: T } | { ok: false; errors: Record<string, string> };

export function readSnooze(
  values: AsideValues,
  { now, timezone }: { now: number; timezone: string },
): ReadAside<{ until: number; reason: string }> {
  const reason = text(values);
  const span = at(values, asideBlocks.until)?.selected_option?.value ?? "";
  const date = at(values, asideBlocks.date)?.selected_date ?? null;
  const until = untilOf({ span, date, now, timezone });
  const errors = {
    ...(until === "no_span" ? { [asideBlocks.until]: "Pick how long." } : {}),
    ...(until === "no_date" ? { [asideBlocks.date]: "Pick a date." } : {}),
    ...(reason === null ? { [asideBlocks.reason]: "Say why in a few words." } : {}),
  };
  if (typeof until !== "number" || reason === null) return { ok: false, errors };
  if (until <= now) return { ok: false, errors: { [asideBlocks.date]: "Pick a date that is still to come." } };
  return { ok: true, value: { until, reason } };
}

export function readDismissal(values: AsideValues): ReadAside<{ why: Dismissal; note: string | null }> {
  const why = Dismissal.safeParse(at(values, asideBlocks.why)?.selected_option?.value);
  if (!why.success) return { ok: false, errors: { [asideBlocks.why]: "Pick what it is." } };
  return { ok: true, value: { why: why.data, note: text(values) } };
}

/** From a day's beginning in the reader's zone: that morning's assessment asks again. */
function untilOf(parameters: {
  span: string;
  date: string | null;
  now: number;
  timezone: string;
}): number | "no_span" | "no_date" {
  const { span, date, now, timezone } = parameters;
  const inDays = (days: number) =>
    startOfDay({ date: addDays({ date: localDate({ at: now, timezone }), days }), timezone });
  switch (spans.find(({ value }) => value === span)?.value) {
    case "day":
      return inDays(1);
    case "week":
      return inDays(7);
    case "date":
      return date === null ? "no_date" : startOfDay({ date, timezone });
    case undefined:
      return "no_span";
  }
}

function at(values: AsideValues, block: string): StateValue | undefined {
  return values[block]?.[block];
}

function text(values: AsideValues): string | null {
  const given = (at(values, asideBlocks.reason)?.value ?? "").trim();
  return given === "" ? null : given;
}
