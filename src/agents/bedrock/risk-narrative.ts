/** `assess_renewal_risk`: code has the score and its reasons; the model says in two sentences what they come to. */
import { z } from "zod";
import type { ActionRequest } from "../agent.ts";
import { RenewalRisk } from "../local/risk/renewal-risk.ts";
import { factsFor } from "./facts.ts";
import { knownFigures } from "./figures.ts";
import { type Bedrock, type Submitted, submitted } from "./submission.ts";
import { tidied, wordingProblems } from "./wording.ts";

const most = 500;

/** Of the local answer: the figures that the model is to repeat, so that it is seen to speak of this score. */
const Narrative = RenewalRisk.pick({ risk_score: true, risk_level: true, over_threshold: true, summary: true }).extend({
  summary: z.string(),
});

const ask = [
  "An account manager looks at a renewal for half a minute. Say in at most two plain sentences why this customer's risk is what it",
  "is: the strongest reasons, and what isn't known. Repeat risk_score, risk_level and over_threshold as they stand in the facts.",
].join(" ");

export async function riskNarrative(
  bedrock: Bedrock,
  request: ActionRequest,
  risk: RenewalRisk,
): Promise<Submitted<RenewalRisk>> {
  const { facts, quoted } = factsFor(request, risk);
  const known = knownFigures(facts);
  const question = {
    action: request.action,
    ask,
    schema: Narrative,
    facts,
    quoted,
    accept: (answer: z.infer<typeof Narrative>) => {
      const summary = tidied(answer.summary, most);
      const name = request.customer?.name ?? null;
      const problems = [
        ...differing("risk_score", answer.risk_score, risk.risk_score),
        ...differing("risk_level", answer.risk_level, risk.risk_level),
        ...differing("over_threshold", answer.over_threshold, risk.over_threshold),
        ...wordingProblems({ place: "summary", text: summary, most, known, name }),
      ];
      return problems.length === 0
        ? { ok: true as const, accepted: { ...risk, summary } }
        : { ok: false as const, problems };
    },
  };
  return submitted(bedrock, question, request);
}

/** What code has computed stands. */
export function differing<T extends string | number | boolean | null>(place: string, said: T, computed: T): string[] {
  return said === computed ? [] : [`${place} must be ${JSON.stringify(computed)}, as in the facts.`];
}
