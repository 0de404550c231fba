/** Whether a play's preconditions hold for a customer. */
import { isGone } from "../../../flow/gone-customer.ts";
import { gatherEvidence, signalsOf } from "../risk/risk-evidence.ts";
import type { Play, Precondition } from "./play.ts";
import type { Situation } from "./situation.ts";

/** Of seats; who uses this many has no room left. */
const fullFrom = 0.85;

/** "answers_a_reason" is weighed where plays are picked: a play that takes back nothing isn't taken. */
export function fits({ preconditions }: Play, situation: Situation): boolean {
  return preconditions.every((precondition) => holds(precondition, situation));
}

function holds(precondition: Precondition, situation: Situation): boolean {
  const { risk } = situation;
  switch (precondition) {
    case "answers_a_reason":
      return true;
    case "spare_seats":
      return situation.fittingSeats !== null;
    case "full_seats":
      return areSeatsFull(situation);
    case "low_confidence":
      return risk.confidence === "low";
    case "risk_not_high":
      return risk.risk_level !== "high" && risk.confidence !== "low";
    case "renewal_ahead":
      return !hasPassed(situation);
    case "renewal_passed":
      return hasPassed(situation) && !isOver(situation);
    case "still_a_customer":
      return !isOver(situation);
    case "gone":
      return isOver(situation);
    default:
      return precondition satisfies never;
  }
}

function areSeatsFull({ data, customer, today }: Situation): boolean {
  const { value, outdated } = signalsOf(gatherEvidence({ data, customer, today })).utilization;
  return typeof value === "number" && !outdated && value >= fullFrom;
}

function hasPassed({ data, customer, today }: Situation): boolean {
  const date = data?.contract_details?.renewal_date ?? customer?.renewal_date ?? null;
  return date !== null && date < today;
}

function isOver({ data, customer }: Situation): boolean {
  return isGone({ status: data?.contract_details?.status ?? customer?.status ?? null });
}
