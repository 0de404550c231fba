/**
 * Where customers and what hangs on them come from: the port inside the agents' layer that the data agent reads through.
 *
 * Job: hand out the customers, and the records of one of them, as they stand. Non-job: no metrics, no judgement.
 * A list is null where the source keeps no such records at all; an empty list means that there are none, which is knowledge.
 */
import { z } from "zod";
import type { CustomerDirectory, FilterHint } from "../agent.ts";

export const UsageMonth = z.strictObject({
  /** `2026-11` */
  month: z.string(),
  active_users: z.number().nullable(),
  events: z.number().nullable(),
});
export type UsageMonth = z.infer<typeof UsageMonth>;

export const Ticket = z.strictObject({
  id: z.string(),
  /** A date, or an instant with its offset. */
  opened_at: z.string().nullable(),
  closed_at: z.string().nullable(),
  priority: z.enum(["urgent", "high", "normal", "low"]).nullable(),
  /** 1 (bad) to 5 (good). */
  csat: z.number().nullable(),
  subject: z.string().nullable(),
});
export type Ticket = z.infer<typeof Ticket>;

export const Invoice = z.strictObject({
  due_date: z.iso.date(),
  paid_date: z.iso.date().nullable(),
  amount: z.number().nullable(),
});
export type Invoice = z.infer<typeof Invoice>;

export const Contact = z.strictObject({
  name: z.string(),
  email: z.string().nullable(),
  role: z.string().nullable(),
  left_at: z.iso.date().nullable(),
});
export type Contact = z.infer<typeof Contact>;

export interface CustomerRecords {
  /** In the order of the months. */
  usage: readonly UsageMonth[] | null;
  tickets: readonly Ticket[] | null;
  invoices: readonly Invoice[] | null;
  contacts: readonly Contact[] | null;
}

export interface CustomerSource extends CustomerDirectory {
  /** Of a customer that the source doesn't know, every list is null. */
  records(parameters: { customerId: string; signal?: AbortSignal }): Promise<CustomerRecords>;
  /** Of the filter's conditions, in order: whether the source itself narrows by it. Left out: it narrows by none. */
  pushedDown?(hint: FilterHint): Promise<boolean[]>;
}

/** The source can't be read at all: a sentence that says what to do. */
export class CustomerSourceError extends Error {
  override readonly name = "CustomerSourceError";
}
