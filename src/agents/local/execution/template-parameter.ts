/** A template as a parameter: which there are, and what it needs of earlier steps, so that a flow is told when it is loaded. */
import { z } from "zod";
import type { ActionDescription } from "../../../flow/action.ts";
import type { JsonObject } from "../../../flow/json.ts";
import type { TemplateRenderer } from "../../../flow/message-template.ts";
import { nearest } from "../../../flow/nearest.ts";

/** Which action gives what a template may speak of; the customer is the execution's. */
const givenBy: Readonly<Record<string, Omit<ActionDescription["reads"][number], "required">>> = {
  risk: { action: "assess_renewal_risk", or: "assess_churn_risk" },
  recommendations: { action: "generate_renewal_recommendations" },
  onboarding: { action: "plan_onboarding" },
  check: { action: "check_onboarding" },
};

export function templateParameter({ needs }: TemplateRenderer): z.ZodType<string> {
  return z
    .string()
    .min(1)
    .superRefine((name, context) => {
      if (needs === undefined || needs.has(name)) return;
      const known = [...needs.keys()];
      const near = nearest(name, known);
      const hint = near === null ? `there are ${known.join(", ")}` : `did you mean ${near}?`;
      context.addIssue({ code: "custom", message: `there is no template ${JSON.stringify(name)}; ${hint}` });
    });
}

export function neededBy({ needs }: TemplateRenderer): NonNullable<ActionDescription["given"]> {
  return ({ template }: JsonObject) => {
    const name = typeof template === "string" ? template : "";
    const needed = needs?.get(name) ?? [];
    const reads = needed.flatMap((thing) => {
      const source = givenBy[thing];
      const why = `the template ${name} speaks of ${thing}`;
      return source === undefined ? [] : [{ ...source, required: true, why }];
    });
    return { reads, readsCustomer: needed.includes("customer") };
  };
}
