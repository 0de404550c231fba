/** What can't be simulated, before anything is: a flow that no schedule starts, or one that fires too often. Pure. */
import { isAboutCustomer, type FlowDefinition } from "../flow/flow.ts";
import { firingTimes } from "../flow/schedule/firing-times.ts";
import type { Period } from "./period.ts";

export const mostFirings = 3_000;

/** A sentence and what to do; null: it can be. `hasCustomer`: one execution is started, whatever its triggers. */
export function refuseToSimulate(asked: {
  definition: FlowDefinition;
  period: Period;
  timezone: string;
  hasCustomer: boolean;
}): string | null {
  const { definition, period, timezone, hasCustomer } = asked;
  const { flow_id, triggers } = definition;
  if (hasCustomer) return isAboutCustomer(definition) ? null : `${flow_id} isn't about a customer.`;
  if (!triggers.some(({ type }) => type === "schedule")) return notScheduled(definition);
  const found = firingTimes({ triggers, timezone, from: period.from - 1, count: mostFirings + 1 });
  const count = found.ok ? found.times.filter(({ at }) => at < period.to).length : 0;
  if (count === 0) return `${flow_id} doesn't fire in this period: npx revops next ${flow_id} says when it does.`;
  if (count <= mostFirings) return null;
  const most = mostFirings.toLocaleString("en-US");
  return `${flow_id} fires more than ${most} times in this period, which is too much for one simulation: take a shorter one.`;
}

function notScheduled(definition: FlowDefinition): string {
  const { flow_id, triggers } = definition;
  const events = triggers.flatMap((trigger) => (trigger.type === "event" ? [trigger.event] : []));
  const starts = events.length > 0 ? `is started by the event ${events.join(" or ")}` : "is started by hand";
  const instead = isAboutCustomer(definition)
    ? ` Its course about one customer, started as the period begins: npx revops simulate ${flow_id} --customer CUSTOMER.`
    : ` npx revops test runs it: docs/testing.md.`;
  return `${flow_id} has no schedule that a period could let fire; it ${starts}.${instead}`;
}
