/**
 * `record_outcome`: what has become of a churn risk since it was assessed first in this execution. It says what changed, not why:
 * a play may have helped, or it was the weather.
 */
import { z } from "zod";
import { FailureError } from "../../../flow/failure.ts";
import type { ActionRequest } from "../../agent.ts";
import { optionalInput } from "../action-input.ts";
import { joined } from "../phrase.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { ChurnRisk, ChurnSign } from "./assess-churn-risk.ts";

/** A smaller change is none. */
const least = 0.05;

const signWords: Readonly<Record<ChurnSign, string>> = {
  usage_fall: "the usage falls",
  detractor: "they are a detractor",
  champion_gone: "the champion is gone",
  unpaid_invoices: "invoices are unpaid",
};

export const ChurnOutcome = z.strictObject({
  outcome: z
    .enum(["recovered", "improved", "unchanged", "worse", "unknown"])
    .describe("recovered: under the threshold again; unknown: too little is known to say"),
  before: z.number().min(0).max(1),
  after: z.number().min(0).max(1),
  signs_gone: z.array(ChurnSign),
  signs_left: z.array(ChurnSign),
  summary: z.string(),
});
export type ChurnOutcome = z.infer<typeof ChurnOutcome>;

export function recordOutcome(): LocalAction {
  return defineAction({
    agent: "decision_agent",
    action: "record_outcome",
    parameters: z
      .strictObject({})
      .describe("What has become of a churn risk between the first and the last assessment of this execution."),
    output: ChurnOutcome,
    reads: [{ action: "assess_churn_risk", required: true }],
    plansEffects: false,
    readsCustomer: false,
    run: async (_, request) => {
      const [after, before] = [request.outputs, request.outputs.toReversed()].map((outputs) =>
        optionalInput({ ...request, outputs }, { action: "assess_churn_risk", schema: ChurnRisk }),
      );
      if (!before || !after || stepsThatAssessed(request) < 2)
        throw new FailureError({
          error: "Input.Invalid",
          cause: "record_outcome needs two steps before it that assess_churn_risk: one from before and one from after.",
        });
      return { output: churnOutcome(before, after) };
    },
  });
}

function stepsThatAssessed({ outputs }: ActionRequest): number {
  return outputs.filter(({ action, output }) => action === "assess_churn_risk" && output !== null).length;
}

export function churnOutcome(before: ChurnRisk, after: ChurnRisk): ChurnOutcome {
  const signs_gone = before.signs.filter((sign) => !after.signs.includes(sign));
  const signs_left = after.signs;
  const outcome = outcomeOf(before, after);
  const scores = { before: before.risk_score, after: after.risk_score };
  return { outcome, ...scores, signs_gone, signs_left, summary: summaryOf({ outcome, ...scores, signs_left }) };
}

function outcomeOf(before: ChurnRisk, after: ChurnRisk): ChurnOutcome["outcome"] {
  const change = after.risk_score - before.risk_score;
  if (change >= least) return "worse";
  // What isn't known any more is no recovery.
  if (after.confidence === "low") return "unknown";
  if (before.over_threshold && !after.over_threshold && change <= -least) return "recovered";
  return change <= -least ? "improved" : "unchanged";
}

function summaryOf({
  outcome,
  before,
  after,
  signs_left,
}: Pick<ChurnOutcome, "outcome" | "before" | "after" | "signs_left">): string {
  const words = signs_left.map((sign) => signWords[sign]);
  const left = words.length === 0 ? "no sign is left" : `what is left: ${joined(words, "and")}`;
  return `${outcome}, risk ${before.toFixed(2)} then and ${after.toFixed(2)} now; ${left}.`;
}
