/** What `plan_onboarding` and `check_onboarding` give. */
import { z } from "zod";

export const OnboardingMilestone = z.strictObject({
  id: z.string(),
  day: z.number().int().describe("calendar days after the start"),
  title: z.string(),
  date: z.iso.date().describe("a working day in the customer's zone"),
  due_at: z.iso.datetime({ offset: true }).describe("nine o'clock of that day there, for a wait"),
  owner_email: z.string().nullable(),
  checks: z.array(z.string()).describe("what must be seen to hold by then"),
});
export type OnboardingMilestone = z.infer<typeof OnboardingMilestone>;

export const OnboardingPlan = z.strictObject({
  starts_on: z.iso.date(),
  timezone: z.string().describe("the customer's; the flow's where that isn't known"),
  milestones: z.array(OnboardingMilestone),
  missing: z.array(z.string()),
  summary: z.string(),
});
export type OnboardingPlan = z.infer<typeof OnboardingPlan>;

export const OnboardingCheck = z.strictObject({
  milestone: z.string(),
  title: z.string(),
  state: z
    .enum(["on_track", "stalled", "unknown"])
    .describe("stalled: something doesn't hold; unknown: what is known holds, but not all is known"),
  holds: z.array(z.string()),
  open: z.array(z.string()).describe("what should hold by now and doesn't"),
  unknown: z.array(z.string()).describe("what nobody can tell from the data"),
  owner_email: z.string().nullable(),
  summary: z.string(),
});
export type OnboardingCheck = z.infer<typeof OnboardingCheck>;
