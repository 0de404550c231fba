/** In which order plays are proposed, and the sentence that says why. */
import { z } from "zod";
import type { RiskLevel } from "../risk/renewal-risk.ts";

export const Strategy = z.enum(["value_based", "retention_first", "expansion"]);
export type Strategy = z.infer<typeof Strategy>;

/** Before the list in the summary; the usual order needs no word. */
export function orderInWords(strategy: Strategy, { level }: { level: RiskLevel }): string {
  switch (strategy) {
    case "value_based":
      return "";
    case "retention_first":
      return "What works soonest on the strongest reasons: ";
    case "expansion":
      return level === "high"
        ? "The risk is too high to talk of more, so first what keeps them: "
        : "What could grow first, then what keeps them: ";
    default:
      return strategy satisfies never;
  }
}
