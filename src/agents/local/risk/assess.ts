/** A customer under a risk model: the score with its reasons, gaps, remedies, urgency and priority. Pure. */
import type { Customer } from "../../../flow/customer.ts";
import type { CustomerData } from "../data/customer-data.ts";
import { monthInWords } from "../phrase.ts";
import { type Doubt, doubtsIn } from "./doubts.ts";
import { reasonFor, topicsOf } from "./reason.ts";
import { whatWouldHelp } from "./remedy.ts";
import type { RenewalRisk, RiskReason } from "./renewal-risk.ts";
import { gatherEvidence, isUsageOutdated, type RiskEvidence, signalsOf, unusableIn } from "./risk-evidence.ts";
import { evaluate, gapsFactor, type RiskModel, type Scored } from "./risk-model.ts";
import { type SignalName, signals } from "./signals.ts";
import { summaryOf } from "./summary.ts";
import { arrOf, priorityOf, urgencyOf } from "./urgency.ts";

export interface Assessing {
  model: RiskModel;
  data: CustomerData | null;
  customer: Customer | null;
  /** In the flow's zone. */
  today: string;
  /** Left out: the model's own. */
  threshold?: number | undefined;
}

export function assess({ model, threshold = model.threshold, ...sources }: Assessing): RenewalRisk {
  const evidence = gatherEvidence(sources);
  const found = doubtsIn(sources);
  // A source that is wrong in one figure is less to be relied on in the others.
  const isContradicted = unusableIn(evidence).size > 0;
  const doubts = found.filter(({ lowersConfidence }) => lowersConfidence).length + Number(isContradicted);
  const scored = evaluate(model, signalsOf(evidence), { doubts });
  const urgency = urgencyOf(sources);
  const priority = priorityOf(sources, scored.score);
  return {
    model: model.name,
    risk_score: scored.score,
    risk_level: scored.level,
    threshold,
    over_threshold: scored.score >= threshold,
    confidence: scored.confidence,
    base: scored.base / 100,
    reasons: reasonsOf(model, scored, evidence),
    missing: [...missingOf(scored, evidence, found), ...(urgency.level === "unknown" ? ["renewal date"] : [])],
    what_would_help: whatWouldHelp({ model, evidence, threshold, doubts }),
    urgency,
    priority,
    summary: summaryOf({ model, scored, urgency, priority, arr: arrOf(sources) }),
  };
}

function reasonsOf(model: RiskModel, { contributions }: Scored, evidence: RiskEvidence): RiskReason[] {
  return contributions
    .filter(({ hundredths }) => hundredths !== 0)
    .toSorted(
      (a, b) => Number(b.hundredths > 0) - Number(a.hundredths > 0) || Math.abs(b.hundredths) - Math.abs(a.hundredths),
    )
    .map(({ factor, hundredths }) => {
      const read = model.factors.find(({ id }) => id === factor);
      const points = hundredths / 100;
      if (read === undefined)
        return { factor: gapsFactor, text: "Too little is known to call it safe", points, evidence: [] };
      return { factor, topics: topicsOf(read.terms), ...reasonFor(read, evidence), points };
    });
}

/** Figures that are there but old, or can't be what they should be, are named as what is really missing. */
function missingOf({ missing }: Scored, evidence: RiskEvidence, doubts: readonly Doubt[]): string[] {
  const unusable = unusableIn(evidence);
  const words = missing.map((name) => gapInWords(name, { evidence, why: unusable.get(name) ?? null }));
  return [...words, ...doubts.map(({ text }) => text)];
}

function gapInWords(name: SignalName, { evidence, why }: { evidence: RiskEvidence; why: string | null }): string {
  const { missing, topic } = signals[name];
  const what = missing ?? name;
  if (why !== null) return `${what} (${why})`;
  const { month } = evidence.usage;
  if (topic !== "seat_use" || month === null || !isUsageOutdated(evidence)) return what;
  return `${what} since ${monthInWords(month, evidence.today)}`;
}
