/** `check_onboarding`: what holds at a milestone, what doesn't, and what nobody can tell: silence is no progress. */
import { z } from "zod";
import { localDate } from "../../../flow/zone.ts";
import { optionalInput, requiredInput } from "../action-input.ts";
import { CustomerData } from "../data/customer-data.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { joined } from "../phrase.ts";
import { gatherEvidence, signalsOf } from "../risk/risk-evidence.ts";
import type { Signal, Signals } from "../risk/signals.ts";
import { type Check, milestones } from "./milestone.ts";
import { OnboardingCheck, OnboardingPlan } from "./onboarding-plan.ts";

const Parameters = z
  .strictObject({ milestone: z.enum(milestones.map(({ id }) => id)) })
  .describe("What holds at a milestone of the onboarding, what doesn't, and what isn't known.");

export function checkOnboarding(): LocalAction {
  return defineAction({
    agent: "decision_agent",
    action: "check_onboarding",
    parameters: Parameters,
    output: OnboardingCheck,
    reads: [
      { action: "plan_onboarding", required: true },
      { action: "retrieve_customer_data", required: false },
    ],
    plansEffects: false,
    readsCustomer: true,
    run: async ({ milestone }, request) => {
      const plan = requiredInput(request, { action: "plan_onboarding", schema: OnboardingPlan });
      const data = optionalInput(request, { action: "retrieve_customer_data", schema: CustomerData });
      const today = localDate({ at: request.context.now, timezone: plan.timezone });
      const signals = signalsOf(gatherEvidence({ data, customer: request.customer, today }));
      return { output: checked({ milestone, plan, signals }) };
    },
  });
}

export function checked(parameters: { milestone: string; plan: OnboardingPlan; signals: Signals }): OnboardingCheck {
  const { milestone: id, plan, signals } = parameters;
  const milestone = milestones.find((one) => one.id === id);
  const planned = plan.milestones.find((one) => one.id === id);
  if (milestone === undefined || planned === undefined) throw new Error(`The milestone ${id} was checked and is gone.`);
  const told = milestone.checks.map((check) => ({ text: check.text, found: look(check, signals[check.signal]) }));
  const of = (found: Found) => told.filter((one) => one.found === found).map(({ text }) => text);
  const [holds, open, unknown] = [of("holds"), of("open"), of("unknown")];
  const state = open.length > 0 ? "stalled" : unknown.length > 0 ? "unknown" : "on_track";
  const { title, owner_email } = planned;
  return { milestone: id, title, state, holds, open, unknown, owner_email, summary: summaryOf({ open, unknown }) };
}

type Found = "holds" | "open" | "unknown";

/** Old figures don't reassure: how it was isn't how it is. */
function look({ holds }: Check, { value, outdated }: Signal): Found {
  if (value === null || outdated) return "unknown";
  if ("is" in holds) return value === holds.is ? "holds" : "open";
  if (typeof value !== "number") return "unknown";
  const isMet = "atLeast" in holds ? value >= holds.atLeast : value <= holds.atMost;
  return isMet ? "holds" : "open";
}

function summaryOf({ open, unknown }: { open: readonly string[]; unknown: readonly string[] }): string {
  const parts = [
    ...(open.length === 0 ? [] : [`Not so yet: ${listed(open)}`]),
    ...(unknown.length === 0 ? [] : [`Not known: ${listed(unknown)}`]),
  ];
  return parts.length === 0 ? "All of it holds." : `${parts.join(". ")}.`;
}

function listed(texts: readonly string[]): string {
  return joined(
    texts.map((text) => text.charAt(0).toLowerCase() + text.slice(1)),
    "and",
  );
}
