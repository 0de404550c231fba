/** `assess_renewal_risk`: code computes the score, no model of words does; the same data give the same answer. */
import { assessing } from "./assessing.ts";
import type { LocalAction } from "../local-agent.ts";
import { RenewalRisk } from "./renewal-risk.ts";
import type { RiskModels } from "./risk-models.ts";

export function assessRenewalRisk({ models }: { models: RiskModels }): LocalAction {
  return assessing({
    action: "assess_renewal_risk",
    about: "renewal",
    usual: "renewal_risk_v2",
    description:
      "How likely a customer is not to renew: a score that code computes, with its reasons and what isn't known.",
    models,
    output: RenewalRisk,
    complete: (risk) => risk,
  });
}
