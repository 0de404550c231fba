/** `build_digest`: one account manager's week; no page where there is nothing to do and nothing has changed. */
import { z } from "zod";
import type { Case } from "../../../flow/case.ts";
import type { CaseBook } from "../../agent.ts";
import type { CustomerSource } from "../../crm/customer-source.ts";
import { recipient, RecipientParameter } from "../execution/recipient.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import type { Standing } from "./digest-settings.ts";
import { ownerDigest } from "./owner-digest.ts";
import { ownerOf, presentCustomers } from "./owners.ts";

const Parameters = z
  .strictObject({
    owner: RecipientParameter.describe("whose week it is"),
    timezone: z.string().describe("where they live"),
  })
  .describe("An account manager's approvals, open cases, next renewals and what has changed, as messages.");

const Output = z.strictObject({
  owner: z.string(),
  pages: z.array(z.string()).describe("messages, one after another; empty: there is nothing to do"),
});

export function buildDigest(parts: { source: CustomerSource; cases: CaseBook; standing: Standing }): LocalAction {
  const { source, cases, standing } = parts;
  return defineAction({
    agent: "decision_agent",
    action: "build_digest",
    parameters: Parameters,
    output: Output,
    reads: [],
    plansEffects: false,
    readsCustomer: false,
    run: async ({ owner: given, timezone }, { context: { now }, signal }) => {
      const owner = recipient(given, { what: "owner" });
      const customers = await presentCustomers(source, signal);
      const pages = ownerDigest({
        now,
        timezone,
        approvals: await standing.approvalsFor({ email: owner }),
        open: await casesOf(cases.all({ open: true }), owner),
        closed: await casesOf(cases.all({ open: false }), owner),
        customers: customers.filter((customer) => ownerOf(customer) === owner),
      });
      return { output: { owner, pages } };
    },
  });
}

async function casesOf(pages: AsyncIterable<Case[]>, owner: string): Promise<Case[]> {
  const found: Case[] = [];
  for await (const page of pages) found.push(...page.filter(({ customer }) => customer.owner?.toLowerCase() === owner));
  return found;
}
