/** `review_cases`: closes the cases of customers that nobody assesses any more, since they have churned, renewed or gone. */
import { z } from "zod";
import { type Case, caseCustomer } from "../../../flow/case.ts";
import type { Observation } from "../../../flow/decide-case.ts";
import { isGone } from "../../../flow/gone-customer.ts";
import type { CaseBook } from "../../agent.ts";
import type { CustomerSource } from "../../crm/customer-source.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";

const Parameters = z
  .strictObject({})
  .describe("Closes cases about customers who have churned, begun a new term, or left the customer source.");

const Output = z.strictObject({ reviewed: z.number().int().min(0), closed: z.number().int().min(0) });

export function reviewCases({ source, cases }: { source: CustomerSource; cases: CaseBook }): LocalAction {
  return defineAction({
    agent: "decision_agent",
    action: "review_cases",
    parameters: Parameters,
    output: Output,
    reads: [],
    plansEffects: false,
    readsCustomer: false,
    run: async (_none, { context: { now: at }, signal }) => {
      const open: Case[] = [];
      for await (const page of cases.all({ open: true })) open.push(...page);
      let closed = 0;
      for (const record of open) {
        signal.throwIfAborted();
        if (await cases.review({ record, now: await known(source, record, signal), at })) closed += 1;
      }
      return { output: { reviewed: open.length, closed } };
    },
  });
}

/** Null: the source has them no more. */
async function known(
  source: CustomerSource,
  { customer: { id } }: Case,
  signal: AbortSignal,
): Promise<Pick<Observation, "customer" | "hasChurned"> | null> {
  const customer = await source.get({ customerId: id, signal });
  return customer === null ? null : { customer: caseCustomer(customer), hasChurned: isGone(customer) };
}
