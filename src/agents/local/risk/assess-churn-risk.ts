/** `assess_churn_risk`: whether a customer is on the way out, whenever they renew, and which signs say so. */
import { z } from "zod";
import type { LocalAction } from "../local-agent.ts";
import { assessing } from "./assessing.ts";
import { RenewalRisk } from "./renewal-risk.ts";
import type { RiskModels } from "./risk-models.ts";
import type { Signals } from "./signals.ts";

export const ChurnSign = z.enum(["usage_fall", "detractor", "champion_gone", "unpaid_invoices"]);
export type ChurnSign = z.infer<typeof ChurnSign>;

export const ChurnRisk = RenewalRisk.extend({
  signs: z
    .array(ChurnSign)
    .describe("15 % fewer active users or more; an NPS below zero; a champion who left; an invoice 30 days overdue"),
});
export type ChurnRisk = z.infer<typeof ChurnRisk>;

const fallFrom = -0.15;
const overdueFromDays = 30;

export function assessChurnRisk({ models }: { models: RiskModels }): LocalAction {
  return assessing({
    action: "assess_churn_risk",
    about: "churn",
    usual: "churn_risk_v1",
    description:
      "How likely a customer is to leave, whenever they renew: a score with its reasons and what isn't known, and the signs of it.",
    models,
    output: ChurnRisk,
    complete: (risk, signals) => ({ ...risk, signs: signsIn(signals) }),
  });
}

/** A sign is there or not; what is out of date can still be one. */
export function signsIn({ usage_change, nps, champion, overdue_days }: Signals): ChurnSign[] {
  const signs: readonly [ChurnSign, boolean][] = [
    ["usage_fall", typeof usage_change.value === "number" && usage_change.value <= fallFrom],
    ["detractor", typeof nps.value === "number" && nps.value < 0],
    ["champion_gone", champion.value === "left"],
    ["unpaid_invoices", typeof overdue_days.value === "number" && overdue_days.value >= overdueFromDays],
  ];
  return signs.flatMap(([sign, isThere]) => (isThere ? [sign] : []));
}
