/** `plan_onboarding`: the milestones of a new customer, with dates in their own zone, owners and what to look at. */
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import type { Customer } from "../../../flow/customer.ts";
import { FailureError } from "../../../flow/failure.ts";
import { addDays, daysBetween, isWeekend, isZone, localDate } from "../../../flow/zone.ts";
import { optionalInput } from "../action-input.ts";
import { CustomerData } from "../data/customer-data.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { dayInWords } from "../phrase.ts";
import { type Owners, ownersOf } from "../risk/doubts.ts";
import { type Milestone, milestones } from "./milestone.ts";
import { type OnboardingMilestone, OnboardingPlan } from "./onboarding-plan.ts";

/** A start further back is a slip, or an onboarding that is long over. */
const mostDaysBack = 60;
const hour = 9;

const Parameters = z
  .strictObject({
    start: z.iso
      .date()
      .optional()
      .describe(`the first day, at most ${mostDaysBack} days back; left out: today where the customer is`),
  })
  .describe("The milestones of a new customer on days 7, 30 and 60: dates in their zone, owners, what to look at.");

export function planOnboarding(): LocalAction {
  return defineAction({
    agent: "decision_agent",
    action: "plan_onboarding",
    parameters: Parameters,
    output: OnboardingPlan,
    reads: [{ action: "retrieve_customer_data", required: false }],
    plansEffects: false,
    readsCustomer: true,
    run: async ({ start }, request) => {
      const { customer, context } = request;
      const data = optionalInput(request, { action: "retrieve_customer_data", schema: CustomerData });
      const zone = customer?.timezone ?? "";
      const timezone = isZone(zone) ? zone : context.timezone;
      const today = localDate({ at: context.now, timezone });
      const owners = ownersOf({ data, customer, today });
      return { output: onboardingPlan({ customer, owners, start: start ?? today, today, timezone }) };
    },
  });
}

export function onboardingPlan(parameters: {
  customer: Customer | null;
  owners: Owners;
  start: string;
  today: string;
  timezone: string;
}): OnboardingPlan {
  const { customer, owners, start, today, timezone } = parameters;
  const back = daysBetween(start, today);
  if (back > mostDaysBack)
    throw invalid(`the start ${start} is ${back} days back; an onboarding takes ${mostDaysBack}.`);
  const planned = milestones.map((milestone) => plannedFor(milestone, { start, timezone, owners }));
  return {
    starts_on: start,
    timezone,
    milestones: planned,
    missing: gaps({ customer, owners }),
    summary: `${planned.map(({ day, date }) => `Day ${day} on ${dayInWords(date, today)}`).join(", ")}.`,
  };
}

function plannedFor(
  { id, day, title, owner, checks }: Milestone,
  { start, timezone, owners }: { start: string; timezone: string; owners: Owners },
): OnboardingMilestone {
  const date = workingDay(addDays({ date: start, days: day }));
  const { accountManager, csm } = owners;
  return {
    id,
    day,
    title,
    date,
    due_at: instantAt(date, timezone),
    owner_email: owner === "csm" ? (csm ?? accountManager) : (accountManager ?? csm),
    checks: checks.map(({ text }) => text),
  };
}

function workingDay(date: string): string {
  return isWeekend(date) ? workingDay(addDays({ date, days: 1 })) : date;
}

/** With the offset that is in force there on that day; an hour that the clocks skip is the next one. */
function instantAt(date: string, timezone: string): string {
  const local = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: timezone, plainTime: { hour } });
  return local.toString({ timeZoneName: "never", smallestUnit: "second" });
}

function gaps({ customer, owners }: { customer: Customer | null; owners: Owners }): string[] {
  const zone = customer?.timezone ?? null;
  return [
    ...(zone !== null && isZone(zone) ? [] : [`where the customer is${zone === null ? "" : " (no such time zone)"}`]),
    ...(owners.csm === null ? ["the customer success manager"] : []),
    ...(owners.accountManager === null ? ["the account manager"] : []),
  ];
}

function invalid(cause: string): FailureError {
  return new FailureError({ error: "Input.Invalid", cause: `plan_onboarding: ${cause}` });
}
