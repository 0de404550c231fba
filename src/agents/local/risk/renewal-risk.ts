/** What `assess_renewal_risk` gives: a score, the reasons that make it up, what isn't known, and what would bring it down. */
import { z } from "zod";
import { Priority, Urgency } from "./urgency.ts";

export const RiskLevel = z.enum(["high", "medium", "low"]);
export type RiskLevel = z.infer<typeof RiskLevel>;

export const Confidence = z.enum(["high", "medium", "low"]);
export type Confidence = z.infer<typeof Confidence>;

export const Evidence = z.strictObject({ text: z.string(), date: z.iso.date().nullable() });
export type Evidence = z.infer<typeof Evidence>;

export const RiskReason = z.strictObject({
  factor: z.string(),
  topics: z
    .array(z.string())
    .optional()
    .describe("what the factor is about, the main thing first; plays answer these, whatever a model calls its factors"),
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
  base: z
    .number()
    .optional()
    .describe("log-odds before any reason: base and the points of all reasons add up to the score's log-odds exactly"),
  reasons: z
    .array(RiskReason)
    .describe("those that raise the risk first, the strongest first; what counts nothing is left out"),
  missing: z.array(z.string()).describe("what isn't known, out of date, of another unit or against itself, in words"),
  what_would_help: z
    .array(z.strictObject({ text: z.string(), risk_score: z.number().min(0).max(1) }))
    .describe("alternatives, each enough by itself; empty under the threshold, or where no known remedy is enough"),
  urgency: Urgency.optional(),
  priority: Priority.optional(),
  summary: z
    .string()
    .optional()
    .describe(
      "what the reasons come to, in a sentence; with Bedrock in the words of a model that had no say in the score",
    ),
});
export type RenewalRisk = z.infer<typeof RenewalRisk>;
