/** `generate_renewal_recommendations`: two to four plays that answer the reasons of the risk, in the order of a strategy. */
import { z } from "zod";
import type { Customer } from "../../../flow/customer.ts";
import { localDate } from "../../../flow/zone.ts";
import { optionalInput } from "../action-input.ts";
import { CustomerData } from "../data/customer-data.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { comfortableSeats } from "../risk/remedy.ts";
import { requiredRisk } from "../risk/risk-input.ts";
import { recommend } from "./recommend.ts";
import { Recommendations } from "./recommendations.ts";
import { Strategy } from "./strategy.ts";

const Parameters = z
  .strictObject({
    strategy: Strategy.default("value_based").describe(
      "value_based: what keeps most revenue first; retention_first: what works soonest on the strongest reasons; expansion: what grows first, while the risk isn't high",
    ),
  })
  .describe("Two to four plays for the customer, each with its owner, its day and what speaks for it.");

export function generateRenewalRecommendations(): LocalAction {
  return defineAction({
    agent: "decision_agent",
    action: "generate_renewal_recommendations",
    parameters: Parameters,
    output: Recommendations,
    reads: [
      { action: "assess_renewal_risk", or: "assess_churn_risk", required: true },
      { action: "retrieve_customer_data", required: false },
    ],
    plansEffects: false,
    readsCustomer: true,
    run: async ({ strategy }, request) => {
      const risk = requiredRisk(request);
      const data = optionalInput(request, { action: "retrieve_customer_data", schema: CustomerData });
      const today = localDate({ at: request.context.now, timezone: request.context.timezone });
      const { customer } = request;
      return {
        output: recommend({ strategy, risk, customer, data, fittingSeats: fittingSeats(data, customer), today }),
      };
    },
  });
}

function fittingSeats(data: CustomerData | null, customer: Customer | null): number | null {
  const usage = data?.usage_metrics ?? null;
  return comfortableSeats({ activeUsers: usage?.active_users ?? null, seats: usage?.seats ?? customer?.seats ?? null });
}
