/** `track_case`: what an assessment changes about the customer's case, and whether a person is to be asked about it. */
import { z } from "zod";
import { caseCustomer, CaseReason } from "../../../flow/case.ts";

import type { Customer } from "../../../flow/customer.ts";
import { FailureError } from "../../../flow/failure.ts";
import { isGone } from "../../../flow/gone-customer.ts";
import { TrackedCase, trackedCase } from "../../../flow/tracked-case.ts";
import { localDate } from "../../../flow/zone.ts";
import type { ActionRequest, CaseBook } from "../../agent.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { Confidence } from "../risk/renewal-risk.ts";

const share = z.number().min(0).max(1);

const Parameters = z
  .strictObject({
    reason: CaseReason,
    score: share.nullable().describe("of the assessment; null: there is none, which changes nothing"),
    confidence: Confidence.nullable()
      .optional()
      .describe("of the assessment: a low one is no recovery, for too little is known"),
    enter: share.default(0.7).describe("from this score on a case is opened"),
    exit: share.default(0.6).describe("under this score it recovers"),
    days: z.number().int().min(1).max(365).default(3).describe("on so many assessed days in a row"),
    step: z.number().positive().max(1).default(0.1).describe("by so much the score must rise to be asked about again"),
    asked: z.boolean().default(false).describe("somebody has started this about this customer, and wants to see it"),
  })
  .refine(({ enter, exit }) => exit <= enter, { path: ["exit"], error: "exit must not be above enter" })
  .describe(
    "Opens, follows and closes the customer's case for a reason, so that a person is asked when something changes.",
  );

export function trackCase({ cases }: { cases: CaseBook }): LocalAction {
  return defineAction({
    agent: "decision_agent",
    action: "track_case",
    parameters: Parameters,
    output: TrackedCase,
    reads: [],
    plansEffects: false,
    readsCustomer: true,
    run: async ({ confidence, ...asked }, request) => {
      const customer = customerOf(request);
      const { executionId, idempotencyKey: key, now: at, timezone } = request.context;
      const finding = await cases.observe({
        ...asked,
        key,
        executionId,
        at,
        today: localDate({ at, timezone }),
        customer: caseCustomer(customer),
        hasChurned: isGone(customer),
        isCertain: confidence !== "low",
      });
      const { reason, score } = asked;
      return { output: trackedCase({ reason, customerId: customer.id, score, finding }) };
    },
  });
}

function customerOf({ customer }: ActionRequest): Customer {
  if (customer !== null) return customer;
  throw new FailureError({
    error: "Input.Invalid",
    cause: "track_case needs a customer: start the flow with customer_id.",
  });
}
