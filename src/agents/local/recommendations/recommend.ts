/**
 * Which plays fit, what each is worth, who does it by when: a pure function of the risk, the customer and the day.
 * Plays are picked one by one, each by the points that it takes back beyond those before it, and their values are shares of
 * what they do together; so two plays aren't paid for the same points.
 */
import type { Customer } from "../../../flow/customer.ts";
import { addDays } from "../../../flow/zone.ts";
import { money } from "../phrase.ts";
import type { RenewalRisk, RiskReason } from "../risk/renewal-risk.ts";
import { logistic } from "../risk/risk-model.ts";
import { type Play, plays } from "./play.ts";
import type { Recommendation, Recommendations } from "./recommendations.ts";

/** More than four is a list, not a plan. */
const most = 4;
const fewest = 2;
/** Log-odds; a play that takes back less isn't worth somebody's time. */
const leastPoints = 0.03;
/** Reasons quoted for one play. */
const quoted = 2;

export interface Situation {
  strategy: string;
  risk: RenewalRisk;
  customer: Customer | null;
  /** Seats that the active people need, where that is fewer than paid for. */
  fittingSeats: number | null;
  today: string;
}

interface Pick {
  play: Play;
  /** Log-odds that it takes back, beyond the plays picked before it. */
  points: number;
  reasons: RiskReason[];
}

export function recommend(situation: Situation): Recommendations {
  const picks = pick(situation);
  const recommendations = picks.map((chosen) =>
    recommendation(chosen, { situation, value: valueOf(chosen, picks, situation) }),
  );
  return { strategy: situation.strategy, recommendations, summary: summarise(recommendations, situation) };
}

function pick(situation: Situation): Pick[] {
  const { risk } = situation;
  const candidates = plays.filter(({ fits }) => fits !== "spare_seats" || situation.fittingSeats !== null);
  const gaps = candidates.filter(({ fits }) => fits === "unknowns" && risk.confidence === "low").map(withoutReasons);
  const raising = risk.reasons.filter(({ points }) => points > 0);
  const picked = pickByWorth(candidates, { reasons: raising, room: most - gaps.length });
  const taken = new Set([...picked, ...gaps].map(({ play }) => play.id));
  const fillers = candidates.filter(({ id, fits }) => fits === "always" && !taken.has(id)).map(withoutReasons);
  return [...picked, ...gaps, ...fillers.slice(0, Math.max(0, fewest - taken.size))];
}

function withoutReasons(play: Play): Pick {
  return { play, points: 0, reasons: [] };
}

function pickByWorth(candidates: readonly Play[], { reasons, room }: { reasons: RiskReason[]; room: number }): Pick[] {
  const best = candidates.map((play) => weigh(play, reasons)).toSorted((a, b) => b.points - a.points)[0];
  if (room === 0 || best === undefined || best.points < leastPoints) return [];
  const others = candidates.filter(({ id }) => id !== best.play.id);
  const left = reasons.map((reason) => ({
    ...reason,
    points: reason.points * (1 - shareOf(best.play, reason.factor)),
  }));
  return [best, ...pickByWorth(others, { reasons: left, room: room - 1 })];
}

function weigh(play: Play, reasons: RiskReason[]): Pick {
  const worked = reasons
    .filter(({ factor }) => shareOf(play, factor) > 0)
    .toSorted((a, b) => b.points * shareOf(play, b.factor) - a.points * shareOf(play, a.factor));
  const points = worked.reduce((sum, { points, factor }) => sum + points * shareOf(play, factor), 0);
  return { play, points, reasons: worked };
}

function shareOf({ relieves }: Play, factor: string): number {
  return Object.entries(relieves).find(([id]) => id === factor)?.[1] ?? 0;
}

/** Its share of what all picked plays together take off the risk, in revenue. */
function valueOf({ points }: Pick, picks: readonly Pick[], { risk, customer }: Situation): number | null {
  const arr = customer?.arr ?? null;
  if (arr === null) return null;
  const together = picks.reduce((sum, pick) => sum + pick.points, 0);
  const fall = risk.risk_score - lowered(risk.risk_score, together);
  return together === 0 ? 0 : Math.floor((arr * fall * points) / together);
}

/** The score with that many points fewer; a score of 0 or 1 has no odds and stays. */
function lowered(score: number, points: number): number {
  return score <= 0 || score >= 1 ? score : logistic((Math.log(score / (1 - score)) - points) * 100);
}

function recommendation(
  { play, reasons }: Pick,
  { situation, value }: { situation: Situation; value: number | null },
): Recommendation {
  const { customer, fittingSeats, risk } = situation;
  const manager = customer?.account_manager_email ?? null;
  const gaps = play.fits === "unknowns" && risk.missing.length > 0 ? `: ${risk.missing.join(", ")}` : "";
  return {
    id: play.id,
    title: play.title.replace("{seats}", String(fittingSeats)),
    why: reasons.length === 0 ? play.otherwise + gaps : quote(reasons),
    owner_email: play.owner === "csm" ? (customer?.csm_email ?? manager) : manager,
    due_date: dueDate(play, situation),
    value,
  };
}

function quote(reasons: RiskReason[]): string {
  return reasons
    .slice(0, quoted)
    .map(({ text }) => text)
    .join("; ");
}

/** A working day; where notice may still be given, one before that, if any is left. */
function dueDate({ dueInDays }: Play, { customer, today }: Situation): string {
  const notice = customer?.notice_date ?? null;
  const due = onWorkingDay(addDays({ date: today, days: dueInDays }), 1);
  if (notice === null || notice < today || due <= notice) return due;
  const earlier = onWorkingDay(notice, -1);
  return earlier < today ? notice : earlier;
}

function onWorkingDay(date: string, direction: 1 | -1): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  return isWeekend ? onWorkingDay(addDays({ date, days: direction }), direction) : date;
}

function summarise(recommendations: Recommendation[], { customer }: Situation): string {
  const titles = recommendations.map(({ title }, index) => `${index + 1}. ${title}`).join("; ");
  const total = recommendations.reduce((sum, { value }) => sum + (value ?? 0), 0);
  if (total === 0 || customer === null || customer.arr === null) return `${titles}.`;
  const worth = `together worth about ${money(total, customer.currency)} of ${money(customer.arr, customer.currency)} a year`;
  return `${titles}; ${worth}.`;
}
