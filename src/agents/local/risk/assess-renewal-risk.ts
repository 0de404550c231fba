/** `assess_renewal_risk`: code computes the score, no model of words does; the same data give the same answer. */
import { z } from "zod";
import type { Customer } from "../../../flow/customer.ts";
import { localDate } from "../../../flow/zone.ts";
import { optionalInput } from "../action-input.ts";
import { CustomerData } from "../data/customer-data.ts";
import { monthInWords } from "../phrase.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { reasonFor } from "./reason.ts";
import { whatWouldHelp } from "./remedy.ts";
import { RenewalRisk, type RiskReason } from "./renewal-risk.ts";
import { renewalRiskV2 } from "./renewal-risk-v2.ts";
import { gatherEvidence, isUsageOutdated, type RiskEvidence, signalsOf } from "./risk-evidence.ts";
import { type RiskModel, type Scored, scoreWith } from "./risk-model.ts";

const Parameters = z
  .strictObject({
    model: z.enum([renewalRiskV2.name]).default(renewalRiskV2.name),
    threshold: z.number().min(0).max(1).default(0.7).describe("from which score on a customer counts as over it"),
  })
  .describe(
    "How likely a customer is not to renew: a score that code computes, with its reasons and what isn't known.",
  );

export function assessRenewalRisk(): LocalAction {
  return defineAction({
    agent: "decision_agent",
    action: "assess_renewal_risk",
    parameters: Parameters,
    output: RenewalRisk,
    reads: [{ action: "retrieve_customer_data", required: false }],
    plansEffects: false,
    readsCustomer: true,
    run: async ({ threshold }, request) => {
      const data = optionalInput(request, { action: "retrieve_customer_data", schema: CustomerData });
      const today = localDate({ at: request.context.now, timezone: request.context.timezone });
      return { output: assess({ model: renewalRiskV2, data, customer: request.customer, today, threshold }) };
    },
  });
}

export function assess(parameters: {
  model: RiskModel;
  data: CustomerData | null;
  customer: Customer | null;
  today: string;
  threshold: number;
}): RenewalRisk {
  const { model, data, customer, today, threshold } = parameters;
  const evidence = gatherEvidence({ data, customer, today });
  const scored = scoreWith(model, signalsOf(evidence));
  return {
    model: model.name,
    risk_score: scored.score,
    risk_level: scored.level,
    threshold,
    over_threshold: scored.score >= threshold,
    confidence: scored.confidence,
    reasons: reasonsOf(scored, evidence),
    missing: missingOf(scored, evidence),
    what_would_help: whatWouldHelp({ model, evidence, threshold }),
  };
}

function reasonsOf({ factors }: Scored, evidence: RiskEvidence): RiskReason[] {
  return factors
    .filter(({ hundredths }) => hundredths !== 0)
    .toSorted(
      (a, b) => Number(b.hundredths > 0) - Number(a.hundredths > 0) || Math.abs(b.hundredths) - Math.abs(a.hundredths),
    )
    .map(({ id, hundredths }) => ({ factor: id, ...reasonFor(id, evidence), points: hundredths / 100 }));
}

/** Figures that are there but old are named as what is really missing: newer ones. */
function missingOf({ missing }: Scored, evidence: RiskEvidence): string[] {
  const { month } = evidence.usage;
  if (month === null || !isUsageOutdated(evidence)) return missing;
  const since = monthInWords(month, evidence.today);
  return missing.map((what) => (what === "seat use" || what === "usage trend" ? `${what} since ${since}` : what));
}
