/** What `generate_renewal_recommendations` gives: two to four plays in the order of the strategy. */
import { z } from "zod";
import { Evidence } from "../risk/renewal-risk.ts";

const Effect = z.strictObject({
  text: z.string(),
  risk_score: z.number().min(0).max(1).nullable().describe("the risk then; null where it is about growth"),
});
export type Effect = z.infer<typeof Effect>;

export const Recommendation = z.strictObject({
  id: z.string(),
  title: z.string(),
  why: z.string().describe("the evidence that speaks for it"),
  owner_email: z.string().nullable(),
  due_date: z.iso.date(),
  value: z
    .number()
    .nullable()
    .describe(
      "yearly revenue times the expected fall of the risk, or what growth adds, in the customer's currency; null where the revenue isn't known",
    ),
  effect: Effect.optional().describe("what it is expected to change by itself"),
  evidence: z.array(Evidence).optional().describe("the facts behind the reasons that it answers"),
});
export type Recommendation = z.infer<typeof Recommendation>;

export const Recommendations = z.strictObject({
  strategy: z.string(),
  recommendations: z.array(Recommendation),
  summary: z.string(),
});
export type Recommendations = z.infer<typeof Recommendations>;
