/**
 * What a card understands of the outputs that an approval depends on, found by action, the nearest first. Read softly: another
 * agent, or an older one, may leave fields out; what can't be read is not shown, and a flow without them gets a plain card.
 */
import { z } from "zod";
import type { FinishedStep } from "../../flow/card.ts";

const text = z.string().catch("");
const Evidence = z.object({ text: z.string(), date: z.string().nullable().catch(null) });
const Reason = z.object({
  factor: z.string().nullable().catch(null),
  text: z.string(),
  points: z.number().nullable().catch(null),
  evidence: soft(Evidence),
});
const Help = z.object({ text: z.string(), risk_score: z.number().nullable().catch(null) });

const Risk = z.object({
  risk_score: z.number(),
  risk_level: z.string().nullable().catch(null),
  threshold: z.number().nullable().catch(null),
  confidence: z.string().nullable().catch(null),
  model: z.string().nullable().catch(null),
  reasons: soft(Reason),
  missing: soft(z.string()),
  what_would_help: soft(Help),
  summary: z.string().nullable().catch(null),
  urgency: z
    .object({ level: z.string(), days_to_renewal: z.number().nullable(), days_to_notice: z.number().nullable() })
    .nullable()
    .catch(null),
  priority: z
    .object({ revenue_at_risk: z.number().nullable(), currency: z.string().nullable() })
    .nullable()
    .catch(null),
});
export type ShownRisk = z.infer<typeof Risk>;

const Recommendation = z.object({
  title: z.string(),
  why: text,
  owner_email: z.string().nullable().catch(null),
  due_date: z.string().nullable().catch(null),
  value: z.number().nullable().catch(null),
  effect: z.object({ text: z.string() }).nullable().catch(null),
});

const Recommendations = z.object({ recommendations: soft(Recommendation) });
export type ShownRecommendations = z.infer<typeof Recommendations>;

export const customerDataAction = "retrieve_customer_data";
/** The nearer one is shown: a flow assesses the one or the other. */
export const riskActions: readonly string[] = ["assess_renewal_risk", "assess_churn_risk"];
export const recommendationsAction = "generate_renewal_recommendations";

export function findRisk(outputs: readonly FinishedStep[]): ShownRisk | null {
  return find(outputs, riskActions, Risk);
}

export function findRecommendations(outputs: readonly FinishedStep[]): ShownRecommendations | null {
  const found = find(outputs, [recommendationsAction], Recommendations);
  return found === null || found.recommendations.length === 0 ? null : found;
}

function find<T>(outputs: readonly FinishedStep[], actions: readonly string[], schema: z.ZodType<T>): T | null {
  for (const step of outputs) {
    if (step.action === null || !actions.includes(step.action)) continue;
    const parsed = schema.safeParse(step.output);
    if (parsed.success) return parsed.data;
  }
  return null;
}

/** A list of which only the readable items count; anything else reads as an empty one. */
function soft<T>(schema: z.ZodType<T>) {
  const items = z.array(z.unknown()).catch([]);
  return items.transform((found) =>
    found.flatMap((item) => {
      const parsed = schema.safeParse(item);
      return parsed.success ? [parsed.data] : [];
    }),
  );
}
