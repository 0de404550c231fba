/** What to do about a customer: which plays, what each is worth and expected to change, who does it by when. Pure. */
import { money } from "../phrase.ts";
import { ownersOf } from "../risk/doubts.ts";
import type { Evidence, RiskReason } from "../risk/renewal-risk.ts";
import { logistic } from "../risk/risk-model.ts";
import { dueDate } from "./due-date.ts";
import { type Pick, pick } from "./pick.ts";
import type { Effect, Recommendation, Recommendations } from "./recommendations.ts";
import type { Situation } from "./situation.ts";
import { orderInWords } from "./strategy.ts";

/** Reasons quoted for one play, and facts behind them. */
const quoted = 2;
const evidenceShown = 3;

export function recommend(situation: Situation): Recommendations {
  const picks = pick(situation);
  const recommendations = picks.map((chosen) =>
    recommendation(chosen, { situation, value: valueOf(chosen, picks, situation) }),
  );
  return { strategy: situation.strategy, recommendations, summary: summarise(recommendations, situation) };
}

/** Its share of what all picked plays together take off the risk, in revenue; of growth, what it adds if they stay. */
function valueOf({ play, points }: Pick, picks: readonly Pick[], { risk, customer }: Situation): number | null {
  const arr = customer?.arr ?? null;
  if (arr === null) return null;
  if (play.kind === "growth") return Math.floor(arr * play.grows * (1 - risk.risk_score));
  const together = picks.reduce((sum, one) => sum + one.points, 0);
  const fall = risk.risk_score - lowered(risk.risk_score, together);
  return together === 0 ? 0 : Math.floor((arr * fall * points) / together);
}

/** The score with that many points fewer; a score of 0 or 1 has no odds and stays. */
function lowered(score: number, points: number): number {
  return score <= 0 || score >= 1 ? score : logistic((Math.log(score / (1 - score)) - points) * 100);
}

function recommendation(
  chosen: Pick,
  { situation, value }: { situation: Situation; value: number | null },
): Recommendation {
  const { play, reasons } = chosen;
  const { fittingSeats, risk } = situation;
  const { accountManager, csm } = ownersOf(situation);
  const gaps =
    play.preconditions.includes("low_confidence") && risk.missing.length > 0 ? `: ${risk.missing.join(", ")}` : "";
  const effect = effectOf(chosen, { situation, value });
  return {
    id: play.id,
    title: play.title.replace("{seats}", String(fittingSeats)),
    why: reasons.length === 0 ? play.otherwise + gaps : quote(reasons),
    owner_email: play.owner === "csm" ? (csm ?? accountManager) : (accountManager ?? csm),
    due_date: dueDate(play.dueInDays, situation),
    value,
    evidence: evidenceOf(reasons),
    ...(effect === null ? {} : { effect }),
  };
}

function quote(reasons: readonly RiskReason[]): string {
  return reasons
    .slice(0, quoted)
    .map(({ text }) => text)
    .join("; ");
}

function evidenceOf(reasons: readonly RiskReason[]): Evidence[] {
  return reasons
    .slice(0, quoted)
    .flatMap(({ evidence }) => evidence)
    .slice(0, evidenceShown);
}

function effectOf(
  { play, alone }: Pick,
  { situation, value }: { situation: Situation; value: number | null },
): Effect | null {
  const { risk, customer } = situation;
  if (play.kind === "growth") {
    if (value === null) return null;
    return { text: `about ${money(value, customer?.currency ?? null)} a year more`, risk_score: null };
  }
  if (alone === 0) return null;
  const after = lowered(risk.risk_score, alone);
  return { text: `risk ${risk.risk_score.toFixed(2)} to about ${after.toFixed(2)}`, risk_score: after };
}

function summarise(recommendations: readonly Recommendation[], { strategy, risk, customer }: Situation): string {
  const listed = recommendations.map(({ title }, index) => `${index + 1}. ${title}`).join("; ");
  const titles = `${orderInWords(strategy, { level: risk.risk_level })}${listed}`;
  const total = recommendations.reduce((sum, { value }) => sum + (value ?? 0), 0);
  if (total === 0 || customer === null || customer.arr === null) return `${titles}.`;
  const worth = `together worth about ${money(total, customer.currency)} of ${money(customer.arr, customer.currency)} a year`;
  return `${titles}; ${worth}.`;
}
