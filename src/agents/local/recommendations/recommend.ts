/** Which plays fit, what each is worth, who does it by when: a pure function of the risk, the customer and the day. */
import type { Customer } from "../../../flow/customer.ts";
import { addDays, daysBetween } from "../../../flow/zone.ts";
import { joined, money } from "../phrase.ts";
import { logistic } from "../risk/risk-model.ts";
import type { RenewalRisk, RiskReason } from "../risk/renewal-risk.ts";
import { type Play, plays } from "./play.ts";
import type { Recommendation, Recommendations } from "./recommendations.ts";

/** More than four is a list, not a plan. */
const most = 4;
/** Reasons quoted for one play. */
const quoted = 2;

interface Situation {
  risk: RenewalRisk;
  customer: Customer | null;
  /** Seats that the active people need, where that is fewer than bought. */
  fittingSeats: number | null;
  today: string;
}

interface Weighed {
  play: Play;
  /** How much lower the score would be. */
  fall: number;
  reasons: RiskReason[];
}

export function recommend(situation: Situation & { strategy: string }): Recommendations {
  const chosen = plays
    .map((play) => weigh(play, situation))
    .filter(({ play, fall }) => play.always || fall > 0)
    .filter(({ play }) => !play.needsSpareSeats || situation.fittingSeats !== null)
    .toSorted((a, b) => b.fall - a.fall)
    .slice(0, most);
  const recommendations = chosen.map((weighed) => recommendation(weighed, situation));
  return { strategy: situation.strategy, recommendations, summary: summarise(recommendations, situation) };
}

function weigh(play: Play, { risk }: Situation): Weighed {
  const reasons = risk.reasons
    .filter(({ points, factor }) => points > 0 && shareOf(play, factor) > 0)
    .toSorted((a, b) => b.points * shareOf(play, b.factor) - a.points * shareOf(play, a.factor));
  const relieved = reasons.reduce((sum, { points, factor }) => sum + points * shareOf(play, factor), 0);
  return { play, reasons, fall: reasons.length === 0 ? 0 : risk.risk_score - lowered(risk.risk_score, relieved) };
}

function shareOf({ relieves }: Play, factor: string): number {
  return Object.entries(relieves).find(([id]) => id === factor)?.[1] ?? 0;
}

/** The score with that many points fewer; a score of 0 or 1 has no odds and stays. */
function lowered(score: number, points: number): number {
  return score <= 0 || score >= 1 ? score : logistic((Math.log(score / (1 - score)) - points) * 100);
}

function recommendation({ play, fall, reasons }: Weighed, situation: Situation): Recommendation {
  const { customer, fittingSeats } = situation;
  const arr = customer?.arr ?? null;
  const manager = customer?.account_manager_email ?? null;
  return {
    id: play.id,
    title: play.title({ seats: fittingSeats }),
    why:
      reasons.length === 0
        ? play.otherwise
        : joined(
            reasons.slice(0, quoted).map(({ text }) => text),
            "and",
          ),
    owner_email: play.owner === "csm" ? (customer?.csm_email ?? manager) : manager,
    due_date: dueDate(play, situation),
    value: arr === null ? null : Math.round(arr * fall),
  };
}

/** A working day, and where notice may still be given not after that. */
function dueDate({ dueInDays }: Play, { customer, today }: Situation): string {
  const notice = customer?.notice_date ?? null;
  const left = notice === null ? -1 : daysBetween(today, notice);
  const due = onWorkingDay(addDays({ date: today, days: dueInDays }), 1);
  if (notice === null || left < 0 || due <= notice) return due;
  const earlier = onWorkingDay(notice, -1);
  return earlier < today ? notice : earlier;
}

function onWorkingDay(date: string, direction: 1 | -1): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  return isWeekend ? onWorkingDay(addDays({ date, days: direction }), direction) : date;
}

function summarise(recommendations: Recommendation[], { customer }: Situation): string {
  const [first] = recommendations;
  if (first === undefined) return "Nothing to recommend.";
  const titles = recommendations.map(({ title }, index) => `${index + 1}. ${title}`).join("; ");
  if (first.value === null || first.value === 0 || customer === null || customer.arr === null) return `${titles}.`;
  const worth = `the first is worth about ${money(first.value, customer.currency)} of ${money(customer.arr, customer.currency)} a year`;
  return `${titles}; ${worth}.`;
}
