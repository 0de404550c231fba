/** An assessment in one sentence: what it is mostly about, what is at stake, and how many days are left. */
import { joined, money, plural } from "../phrase.ts";
import type { RiskModel, Scored } from "./risk-model.ts";
import { gapsFactor } from "./risk-model.ts";
import type { Priority, Urgency } from "./urgency.ts";

/** More than two is a list. */
const factorsSaid = 2;
const significantDigits = 3;

export function summaryOf(parts: {
  model: RiskModel;
  scored: Scored;
  urgency: Urgency;
  priority: Priority;
  arr: number | null;
}): string {
  const { scored } = parts;
  const stake = stakeWords(parts);
  const days = dayWords(parts.urgency);
  const rest = [stake, days].filter((words) => words !== null);
  const level = `${scored.level.charAt(0).toUpperCase()}${scored.level.slice(1)} risk`;
  return `${[`${level}, ${causeWords(parts)}`, ...rest].join("; ")}.`;
}

function causeWords({ model, scored }: { model: RiskModel; scored: Scored }): string {
  const raising = scored.contributions
    .filter(({ factor, hundredths }) => hundredths > 0 && factor !== gapsFactor)
    .toSorted((a, b) => b.hundredths - a.hundredths)
    .slice(0, factorsSaid);
  const labels = raising.map(({ factor }) => model.factors.find(({ id }) => id === factor)?.label ?? factor);
  if (labels.length === 0)
    return scored.confidence === "low"
      ? "as too little is known to call it safe"
      : "as nothing known speaks against it";
  return `mostly by ${joined(labels.map(withinSentence), "and")}`;
}

/** "Seat use" becomes "seat use"; "NPS" stays. */
function withinSentence(label: string): string {
  return /^\p{Lu}\p{Ll}/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

function stakeWords({ priority, arr }: { priority: Priority; arr: number | null }): string | null {
  const { revenue_at_risk, currency } = priority;
  if (revenue_at_risk === null || arr === null) return null;
  const rounded = Number(revenue_at_risk.toPrecision(significantDigits));
  return `about ${money(rounded, currency)} of ${money(arr, currency)} a year at stake`;
}

function dayWords({ level, days_to_notice, days_to_renewal }: Urgency): string | null {
  switch (level) {
    case "passed":
      return "the renewal date has passed";
    case "now":
    case "soon": {
      const isNoticeAhead = days_to_notice !== null && days_to_notice >= 0;
      const days = isNoticeAhead ? Math.min(days_to_notice, days_to_renewal ?? days_to_notice) : (days_to_renewal ?? 0);
      const end = isNoticeAhead && days === days_to_notice ? "day for notice" : "renewal";
      return days === 0 ? `the ${end} is today` : `${plural(days, "day")} to the ${end}`;
    }
    case "later":
    case "unknown":
      return null;
    default:
      return level satisfies never;
  }
}
