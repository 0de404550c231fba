/** What can't be simulated, before anything is: a flow that no schedule starts, or one that fires too often. Pure. */
import { isAboutCustomer, type FlowDefinition } from "../flow/flow.ts";
import { nextFire, parseSchedule } from "../flow/schedule.ts";
import type { Period } from "./period.ts";

export const mostFirings = 2_000;

/** A sentence and what to do; null: it can be. `hasCustomer`: one execution is started, whatever its triggers. */
export function refuseToSimulate(asked: {
  definition: FlowDefinition;
  period: Period;
  timezone: string;
  hasCustomer: boolean;
  /** How it is written there. */
  isInSlack?: boolean;
}): string | null {
  const { definition, period, timezone, hasCustomer, isInSlack = false } = asked;
  const { flow_id, triggers } = definition;
  if (hasCustomer) return isAboutCustomer(definition) ? null : `${flow_id} isn't about a customer.`;
  if (!triggers.some(({ type }) => type === "schedule")) return notScheduled(definition, isInSlack);
  const count = firingsIn({ definition, period, timezone });
  if (count === 0) return `${flow_id} doesn't fire in this period: npx revops next ${flow_id} says when it does.`;
  if (count <= mostFirings) return null;
  const most = mostFirings.toLocaleString("en-US");
  return `${flow_id} fires more than ${most} times in this period, which is too much for one simulation: take a shorter one.`;
}

/** No further than it takes to know that they are too many. */
function firingsIn({
  definition,
  period,
  timezone,
}: Omit<Parameters<typeof refuseToSimulate>[0], "hasCustomer" | "isInSlack">): number {
  let count = 0;
  for (const trigger of definition.triggers) {
    const read = trigger.type === "schedule" ? parseSchedule(trigger.schedule) : null;
    if (trigger.type !== "schedule" || read?.ok !== true) continue;
    const schedule = { schedule: read.schedule, timezone: trigger.timezone ?? timezone };
    let at = nextFire({ ...schedule, after: period.from - 1 });
    for (; at !== null && at < period.to && count <= mostFirings; at = nextFire({ ...schedule, after: at })) count += 1;
  }
  return count;
}

function notScheduled(definition: FlowDefinition, isInSlack: boolean): string {
  const { flow_id, triggers } = definition;
  const events = triggers.flatMap((trigger) => (trigger.type === "event" ? [trigger.event] : []));
  const starts = events.length > 0 ? `is started by the event ${events.join(" or ")}` : "is started by hand";
  const line = isInSlack
    ? `/revops simulate ${flow_id} customer=CUSTOMER`
    : `npx revops simulate ${flow_id} --customer CUSTOMER`;
  const instead = isAboutCustomer(definition)
    ? ` Its course about one customer, started as the period begins: ${line}.`
    : ` npx revops test runs it: docs/testing.md.`;
  return `${flow_id} has no schedule that a period could let fire; it ${starts}.${instead}`;
}
