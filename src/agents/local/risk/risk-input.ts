/** The assessment that an action rests on: of the renewal, or where a flow assesses that, of churn. */
import type { ActionRequest } from "../../agent.ts";
import { optionalInput, requiredInput } from "../action-input.ts";
import { ChurnRisk } from "./assess-churn-risk.ts";
import { RenewalRisk } from "./renewal-risk.ts";

export function optionalRisk(request: ActionRequest): RenewalRisk | null {
  const renewal = optionalInput(request, { action: "assess_renewal_risk", schema: RenewalRisk });
  return renewal ?? optionalInput(request, { action: "assess_churn_risk", schema: ChurnRisk });
}

export function requiredRisk(request: ActionRequest): RenewalRisk {
  return optionalRisk(request) ?? requiredInput(request, { action: "assess_renewal_risk", schema: RenewalRisk });
}
