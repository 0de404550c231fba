/** What `assess_renewal_risk` gives: a score, the reasons that make it up, what isn't known, and what would bring it down. */
import { z } from "zod";

export const RiskLevel = z.enum(["high", "medium", "low"]);
export type RiskLevel = z.infer<typeof RiskLevel>;

export const Confidence = z.enum(["high", "medium", "low"]);
export type Confidence = z.infer<typeof Confidence>;

export const Evidence = z.strictObject({ text: z.string(), date: z.iso.date().nullable() });
export type Evidence = z.infer<typeof Evidence>;

export const RiskReason = z.strictObject({
  factor: z.string(),
  text: z.string(),
  points: z.number().describe("log-odds in hundredths: above zero raises the risk"),
  evidence: z.array(Evidence),
});
export type RiskReason = z.infer<typeof RiskReason>;

export const RenewalRisk = z.strictObject({
  model: z.string(),
  risk_score: z.number().min(0).max(1),
  risk_level: RiskLevel,
  threshold: z.number().min(0).max(1),
  over_threshold: z.boolean(),
  confidence: Confidence,
  reasons: z
    .array(RiskReason)
    .describe("those that raise the risk first, the strongest first; what counts nothing is left out"),
  missing: z.array(z.string()),
  what_would_help: z
    .array(z.strictObject({ text: z.string(), risk_score: z.number().min(0).max(1) }))
    .describe("alternatives, each enough by itself; empty under the threshold, or where no known remedy is enough"),
  summary: z
    .string()
    .optional()
    .describe("what the reasons come to, in the words of a model that had no say in the score; with Bedrock only"),
});
export type RenewalRisk = z.infer<typeof RenewalRisk>;
