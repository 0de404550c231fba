/** What a threshold would have asked of people: which renewals get a card, how many are right, and how many a week each owner gets. */
import { type Interval, shareInterval } from "./interval.ts";

export interface ClosedRenewal {
  customer: string;
  /** Null: nobody's name was kept, so it counts for no owner. */
  owner: string | null;
  /** ISO date. */
  closed_on: string;
  arr: number | null;
  lost: boolean;
}

export interface ThresholdFigures {
  threshold: number;
  cards: number;
  /** Cards whose renewal was lost. */
  right: number;
  /** `right` of all cards. Null: no card. */
  precision: number | null;
  precision_interval: Interval | null;
  /** `right` of all that were lost. Null: none was. */
  recall: number | null;
  recall_interval: Interval | null;
  /** Share of the lost yearly revenue that has a card. Null: none is known. */
  recall_of_revenue: number | null;
  /** Mean over the owners of the history. Null: none is known. */
  cards_a_week_per_owner: number | null;
  /** Of each owner, the busiest first. */
  owners: { owner: string; cards_a_week: number }[];
}

export const thresholds: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** From the first closed renewal to the last, both days included; a shorter history counts as one week. */
export function weeksOf(renewals: readonly Pick<ClosedRenewal, "closed_on">[]): number {
  const days = renewals.map(({ closed_on }) => Date.parse(closed_on) / 86_400_000);
  const [first, last] = [Math.min, Math.max].map((extreme) => days.reduce((one, other) => extreme(one, other)));
  return Math.max(1, ((last ?? 0) - (first ?? 0) + 1) / 7);
}

/** One card for each renewal at the threshold or over it, as a case is opened once. */
export function figuresAt(parameters: {
  threshold: number;
  renewals: readonly ClosedRenewal[];
  scores: readonly number[];
}): ThresholdFigures {
  const { threshold, renewals, scores } = parameters;
  const carded = renewals.filter((_, place) => (scores[place] ?? 0) >= threshold);
  const right = carded.filter(({ lost }) => lost);
  const lost = renewals.filter(({ lost }) => lost);
  const owners = ownersOf(renewals, carded);
  const lostRevenue = revenueOf(lost);
  return {
    threshold,
    cards: carded.length,
    right: right.length,
    precision: carded.length === 0 ? null : right.length / carded.length,
    precision_interval: shareInterval({ hits: right.length, of: carded.length }),
    recall: lost.length === 0 ? null : right.length / lost.length,
    recall_interval: shareInterval({ hits: right.length, of: lost.length }),
    recall_of_revenue: lostRevenue === 0 ? null : revenueOf(right) / lostRevenue,
    cards_a_week_per_owner:
      owners.length === 0 ? null : owners.reduce((sum, { cards_a_week }) => sum + cards_a_week, 0) / owners.length,
    owners,
  };
}

function revenueOf(renewals: readonly ClosedRenewal[]): number {
  return renewals.reduce((sum, { arr }) => sum + (arr ?? 0), 0);
}

/** Who got no card is an owner too. */
function ownersOf(renewals: readonly ClosedRenewal[], carded: readonly ClosedRenewal[]): ThresholdFigures["owners"] {
  const weeks = weeksOf(renewals);
  const counts = new Map<string, number>(renewals.flatMap(({ owner }) => (owner === null ? [] : [[owner, 0]])));
  for (const { owner } of carded) if (owner !== null) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return [...counts]
    .map(([owner, cards]) => ({ owner, cards_a_week: cards / weeks }))
    .toSorted((one, other) => other.cards_a_week - one.cards_a_week || (one.owner < other.owner ? -1 : 1));
}
