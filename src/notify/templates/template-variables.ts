/** What a template may speak of; what an agent leaves out is null, never missing, so that a template can ask for it. */
import { z } from "zod";
import { Customer } from "../../flow/customer.ts";

const Evidence = z.looseObject({ text: z.string(), date: z.string().nullable().default(null) });
const Reason = z.looseObject({
  text: z.string(),
  points: z.number().nullable().default(null),
  evidence: z.array(Evidence).default([]),
});

const Risk = z.looseObject({
  risk_score: z.number(),
  risk_level: z.string().nullable().default(null),
  threshold: z.number().nullable().default(null),
  confidence: z.string().nullable().default(null),
  reasons: z.array(Reason).default([]),
  missing: z.array(z.string()).default([]),
  what_would_help: z.array(z.looseObject({ text: z.string() })).default([]),
});

const Recommendation = z.looseObject({
  title: z.string(),
  why: z.string().nullable().default(null),
  owner_email: z.string().nullable().default(null),
  due_date: z.string().nullable().default(null),
  value: z.number().nullable().default(null),
});

const Recommendations = z.looseObject({
  summary: z.string().nullable().default(null),
  recommendations: z.array(Recommendation).default([]),
});

export const TemplateVariables = z.looseObject({
  customer: Customer.nullable().default(null),
  risk: Risk.nullable().default(null),
  recommendations: Recommendations.nullable().default(null),
  execution_id: z.string(),
});
export type TemplateVariables = z.infer<typeof TemplateVariables>;
