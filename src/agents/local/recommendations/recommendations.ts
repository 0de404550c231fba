/** What `generate_renewal_recommendations` gives: two to four plays, the most valuable first. */
import { z } from "zod";

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
      "yearly revenue times the expected fall of the risk, in the customer's currency; null where the revenue isn't known",
    ),
});
export type Recommendation = z.infer<typeof Recommendation>;

export const Recommendations = z.strictObject({
  strategy: z.string(),
  recommendations: z.array(Recommendation),
  summary: z.string(),
});
export type Recommendations = z.infer<typeof Recommendations>;
