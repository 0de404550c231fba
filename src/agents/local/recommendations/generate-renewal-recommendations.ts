/** `generate_renewal_recommendations`: two to four plays that answer the reasons of the risk, ranked by value. */
import { z } from "zod";
import type { Customer } from "../../../flow/customer.ts";
import { localDate } from "../../../flow/zone.ts";
import { optionalInput, requiredInput } from "../action-input.ts";
import { CustomerData } from "../data/customer-data.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { comfortableSeats } from "../risk/remedy.ts";
import { RenewalRisk } from "../risk/renewal-risk.ts";
import { recommend } from "./recommend.ts";
import { Recommendations } from "./recommendations.ts";

const Parameters = z
  .strictObject({ strategy: z.enum(["value_based"]).default("value_based") })
  .describe("Two to four plays for the renewal, the most valuable first.");

export function generateRenewalRecommendations(): LocalAction {
  return defineAction({
    agent: "decision_agent",
    action: "generate_renewal_recommendations",
    parameters: Parameters,
    output: Recommendations,
    reads: [
      { action: "assess_renewal_risk", required: true },
      { action: "retrieve_customer_data", required: false },
    ],
    plansEffects: false,
    readsCustomer: true,
    run: async ({ strategy }, request) => {
      const risk = requiredInput(request, { action: "assess_renewal_risk", schema: RenewalRisk });
      const data = optionalInput(request, { action: "retrieve_customer_data", schema: CustomerData });
      const today = localDate({ at: request.context.now, timezone: request.context.timezone });
      const { customer } = request;
      return { output: recommend({ strategy, risk, customer, fittingSeats: fittingSeats(data, customer), today }) };
    },
  });
}

function fittingSeats(data: CustomerData | null, customer: Customer | null): number | null {
  const usage = data?.usage_metrics ?? null;
  return comfortableSeats({ activeUsers: usage?.active_users ?? null, seats: usage?.seats ?? customer?.seats ?? null });
}
