/** What an approval would let out, as its card shows it. */
import type { CardPlan } from "../flow/card.ts";
import type { StepPlan } from "../flow/event.ts";

/** Those of one step together: an approver reads what it sends, not how its list was walked. */
export function cardPlans(plans: readonly StepPlan[]): CardPlan[] {
  const byStep = Map.groupBy(plans, ({ step_id }) => step_id);
  return [...byStep].map(([stepId, ofStep]) => ({
    stepId,
    items: ofStep.some(({ part }) => part !== undefined) ? ofStep.length : null,
    effects: ofStep.flatMap(({ effects }) => effects),
  }));
}
