/** What a template may speak of, and of which type (`template-check.ts`); what an agent leaves out is null, never missing, so that a template can ask for it. */
import { z } from "zod";
import { Customer } from "../../flow/customer.ts";

const Evidence = z.looseObject({ text: z.string(), date: z.iso.date().nullable().default(null) });
const Reason = z.looseObject({
  factor: z.string().nullable().default(null),
  text: z.string(),
  points: z.number().nullable().default(null),
  evidence: z.array(Evidence).default([]),
});

const Risk = z.looseObject({
  model: z.string().nullable().default(null),
  summary: z.string().nullable().default(null),
  over_threshold: z.boolean().nullable().default(null),
  risk_score: z.number(),
  risk_level: z.string().nullable().default(null),
  threshold: z.number().nullable().default(null),
  confidence: z.string().nullable().default(null),
  reasons: z.array(Reason).default([]),
  missing: z.array(z.string()).default([]),
  what_would_help: z
    .array(z.looseObject({ text: z.string(), risk_score: z.number().nullable().default(null) }))
    .default([]),
});

const Recommendation = z.looseObject({
  id: z.string().nullable().default(null),
  title: z.string(),
  why: z.string().nullable().default(null),
  owner_email: z.string().nullable().default(null),
  due_date: z.iso.date().nullable().default(null),
  value: z.number().nullable().default(null),
});

const Recommendations = z.looseObject({
  strategy: z.string().nullable().default(null),
  summary: z.string().nullable().default(null),
  recommendations: z.array(Recommendation).default([]),
});

const Milestone = z.looseObject({
  day: z.number(),
  title: z.string(),
  date: z.iso.date(),
  owner_email: z.string().nullable().default(null),
  checks: z.array(z.string()).default([]),
});

const Onboarding = z.looseObject({
  starts_on: z.iso.date(),
  milestones: z.array(Milestone).default([]),
  missing: z.array(z.string()).default([]),
});

const Check = z.looseObject({
  title: z.string(),
  holds: z.array(z.string()).default([]),
  open: z.array(z.string()).default([]),
  unknown: z.array(z.string()).default([]),
  owner_email: z.string().nullable().default(null),
});

export const TemplateVariables = z.looseObject({
  customer: Customer.nullable().default(null),
  risk: Risk.nullable().default(null),
  recommendations: Recommendations.nullable().default(null),
  onboarding: Onboarding.nullable().default(null),
  check: Check.nullable().default(null),
  execution_id: z.string(),
});
export type TemplateVariables = z.infer<typeof TemplateVariables>;
