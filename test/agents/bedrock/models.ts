/** Models for the server: what they say follows from the prompt that they were given, as a model's words do. */
import { z } from "zod";
import { RenewalRisk } from "../../../src/agents/local/risk/renewal-risk.ts";
import { Recommendation } from "../../../src/agents/local/recommendations/recommendations.ts";
import { control, type Answer, type Call, type Model } from "./bedrock-server.ts";

const Facts = z.object({
  risk: z.object({
    risk_score: RenewalRisk.shape.risk_score,
    risk_level: RenewalRisk.shape.risk_level,
    over_threshold: z.boolean(),
    reasons: z.array(z.object({ text: z.string() })),
  }),
  strategy: z.string().optional(),
  plays: z.array(Recommendation).optional(),
});

export interface Prompt {
  action: string;
  facts: z.infer<typeof Facts>;
  /** As it stands there, JSON. */
  quoted: string;
}

export function promptOf({ body }: Call): Prompt {
  const text = body.inputText ?? "";
  const part = (name: string) => new RegExp(`<${name} ([0-9a-f]+)>\n(.*)\n</${name} \\1>`).exec(text)?.[2] ?? "";
  const action = /calling submit_(\w+) once/.exec(text)?.[1] ?? "";
  return { action, facts: Facts.parse(JSON.parse(part("facts"))), quoted: part("quoted") };
}

/** What a careful model submits; `words` are its own. */
export function careful({ action, facts }: Prompt, words = "In the model's words"): object {
  const { risk, strategy, plays = [] } = facts;
  const { risk_score, risk_level, over_threshold, reasons } = risk;
  if (action === "assess_renewal_risk") {
    const summary = [words, ...reasons.slice(0, 2).map(({ text }) => text)].join(": ");
    return { risk_score, risk_level, over_threshold, summary };
  }
  const recommendations = plays.map((play) => ({ ...play, why: `${words}: ${play.why}` }));
  return { strategy, recommendations, summary: `${words}: ${plays.map(({ title }) => title).join("; ")}` };
}

export function submits(action: string, payload: unknown): Answer {
  return { frames: [control({ name: `submit_${action}`, payload })], ending: "end" };
}

export const carefulModel: Model = (call) => {
  const prompt = promptOf(call);
  return submits(prompt.action, careful(prompt));
};
