/**
 * `create_task`: plans one direct message that asks its owner for something by a day. There is no list of tasks behind it: the
 * message is the task. A day that has passed is refused rather than moved.
 */
import { z } from "zod";
import { FailureError } from "../../../flow/failure.ts";
import { addDays, localDate } from "../../../flow/zone.ts";
import type { ActionRequest } from "../../agent.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { dayInWords } from "../phrase.ts";
import { personMessageEffect } from "./message-effect.ts";
import { asLine, asMrkdwn } from "./plain-text.ts";
import { recipient, RecipientParameter } from "./recipient.ts";

const Parameters = z
  .strictObject({
    owner: RecipientParameter.describe("one mail address"),
    title: z.string().trim().min(1).max(300),
    due_date: z.iso.date().optional().describe("not before today in the flow's zone"),
    due_in_days: z.number().int().min(0).max(365).optional().describe("in place of due_date; without either, 7"),
    notes: z.string().max(2_000).default(""),
  })
  .describe("Plans a direct message that asks its owner for something by a day.");

const Output = z.strictObject({ owner: z.string(), title: z.string(), due_date: z.iso.date() });

export function createTask(): LocalAction {
  return defineAction({
    agent: "execution_agent",
    action: "create_task",
    parameters: Parameters,
    output: Output,
    reads: [],
    plansEffects: true,
    readsCustomer: false,
    run: async (parameters, request) => {
      const owner = recipient(parameters.owner, { what: "the owner" });
      const title = asLine(parameters.title);
      const { context, customer } = request;
      const today = localDate({ at: context.now, timezone: context.timezone });
      const due_date = dueDate(parameters, { today, context });
      const about = customer === null ? "" : ` · ${asMrkdwn(asLine(customer.name))}`;
      const head = `*Task for you, by ${dayInWords(due_date, today)}*${about}`;
      const text = [head, asMrkdwn(title), asMrkdwn(parameters.notes.trim())].filter((line) => line !== "").join("\n");
      return { output: { owner, title, due_date }, effects: [personMessageEffect(owner, text)] };
    },
  });
}

function dueDate(
  { due_date, due_in_days }: z.infer<typeof Parameters>,
  { today, context }: { today: string; context: ActionRequest["context"] },
): string {
  if (due_date === undefined) return addDays({ date: today, days: due_in_days ?? 7 });
  if (due_in_days !== undefined) throw invalid("create_task takes either due_date or due_in_days.");
  if (due_date >= today) return due_date;
  throw invalid(`due_date ${due_date} has passed: today is ${today} in ${context.timezone}.`);
}

function invalid(cause: string): FailureError {
  return new FailureError({ error: "Input.Invalid", cause });
}
