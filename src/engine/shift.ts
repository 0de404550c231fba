/**
 * Until when a step that comes too late is shifted: the next working hour of whoever it would reach. Their addresses are what its
 * parameters hold now; who has no zone of their own, and a step that reaches nobody yet, take the customer's, else the flow's.
 */
import { evaluateValue } from "../flow/expression.ts";
import type { ExecutionState } from "../flow/execution.ts";
import type { Step } from "../flow/flow.ts";
import type { Json } from "../flow/json.ts";
import { isMailAddress } from "../flow/mail-address.ts";
import { nextCommonInstant, nextWorkingInstant, officeHours } from "../flow/working-time.ts";
import { isZone } from "../flow/zone.ts";
import type { EngineContext } from "./context.ts";
import { rootsFor } from "./roots.ts";

/** The parameters by which the actions of this product name people. */
const peopleKeys = ["to", "recipients", "attendees", "owner"];

/** Where nobody works within a month, at once: a calendar without a working day must not hold a step up for ever. */
export async function nextWorkingHour(
  context: Pick<EngineContext, "people" | "contacts">,
  { state, step, now }: { state: ExecutionState; step: Step; now: number },
): Promise<number> {
  const workingTime = context.contacts?.workingTime ?? officeHours;
  const otherwise = customersZone(state);
  const addresses = await addressesOf(state, step, now);
  const zones = await Promise.all(addresses.map((email) => zoneOf(context, { email, otherwise })));
  const timezones = zones.length === 0 ? [otherwise] : [...new Set(zones)];
  const common = nextCommonInstant(workingTime, { at: now, timezones });
  return common ?? nextWorkingInstant(workingTime, { at: now, timezone: timezones[0] ?? otherwise }) ?? now;
}

export function customersZone({ customer, timezone }: ExecutionState): string {
  const own = customer?.timezone ?? null;
  return own !== null && isZone(own) ? own : timezone;
}

/** Slack may be away; the customer's zone is near enough for a step that is late already. */
async function zoneOf(
  { people }: Pick<EngineContext, "people">,
  { email, otherwise }: { email: string; otherwise: string },
): Promise<string> {
  try {
    return (await people.zoneOf?.({ email })) ?? otherwise;
  } catch {
    return otherwise;
  }
}

async function addressesOf(state: ExecutionState, step: Step, now: number): Promise<string[]> {
  if (step.kind !== "agent" || step.for_each !== null) return [];
  const named = Object.entries(step.parameters).filter(([key]) => peopleKeys.includes(key));
  try {
    const value = await evaluateValue({ value: Object.fromEntries(named), roots: rootsFor(state, step.id), now });
    return [...new Set(textsIn(value).filter(isMailAddress))];
  } catch {
    // What can't be told fails the step when it begins, by its own name.
    return [];
  }
}

function textsIn(value: Json): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
