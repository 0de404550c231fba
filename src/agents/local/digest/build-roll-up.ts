/** `build_roll_up`: all renewals by week, value and risk, with what was told of the same weeks last time. */
import { z } from "zod";
import type { Case } from "../../../flow/case.ts";
import { isZone } from "../../../flow/zone.ts";
import type { CaseBook } from "../../agent.ts";
import type { CustomerSource } from "../../crm/customer-source.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import type { Standing } from "./digest-settings.ts";
import { presentCustomers } from "./owners.ts";
import { rollUp, RollUpWeek } from "./roll-up.ts";

const Parameters = z
  .strictObject({
    weeks: z.number().int().min(1).max(26).default(8).describe("how many weeks ahead, this one included"),
    timezone: z.string().refine(isZone, { error: "no time zone" }).default("UTC").describe("where a week begins"),
    flow: z.string().describe("whose last roll-up this one is compared with"),
  })
  .describe("Renewals by week: how many, worth what, how much of it at risk, and what has changed since last week.");

const Output = z.strictObject({
  weeks: z.array(RollUpWeek),
  pages: z.array(z.string()).describe("messages, one after another; empty: nothing renews"),
});

export function buildRollUp(parts: { source: CustomerSource; cases: CaseBook; standing: Standing }): LocalAction {
  const { source, cases, standing } = parts;
  return defineAction({
    agent: "decision_agent",
    action: "build_roll_up",
    parameters: Parameters,
    output: Output,
    reads: [],
    plansEffects: false,
    readsCustomer: false,
    run: async ({ weeks, timezone, flow: flowId }, { context: { now, stepId }, signal }) => {
      const last = Output.safeParse(await standing.lastOutput({ flowId, stepId, before: now }));
      const open: Case[] = [];
      for await (const page of cases.all({ open: true })) open.push(...page);
      const customers = await presentCustomers(source, signal);
      const before = last.success ? last.data.weeks : null;
      return { output: rollUp({ now, timezone, weeks, customers, open, before }) };
    },
  });
}
