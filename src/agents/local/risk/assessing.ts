/** What the two actions that assess a customer have in common: a model by name, the data of an earlier step, a threshold. */
import { z } from "zod";
import { localDate } from "../../../flow/zone.ts";
import { optionalInput } from "../action-input.ts";
import { CustomerData } from "../data/customer-data.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { assess } from "./assess.ts";
import type { RenewalRisk } from "./renewal-risk.ts";
import { gatherEvidence, signalsOf } from "./risk-evidence.ts";
import type { RiskModel } from "./risk-model.ts";
import type { RiskModels } from "./risk-models.ts";
import type { Signals } from "./signals.ts";

export function assessing<Output extends RenewalRisk>(definition: {
  action: string;
  about: RiskModel["about"];
  /** The model of a step that names none. */
  usual: string;
  description: string;
  models: RiskModels;
  output: z.ZodType<Output>;
  complete: (risk: RenewalRisk, signals: Signals) => Output;
}): LocalAction {
  const { action, about, usual, description, models, output, complete } = definition;
  const fitting = new Map([...models].filter(([, model]) => model.about === about));
  const Parameters = z
    .strictObject({
      model: z.enum([...fitting.keys()]).default(usual),
      threshold: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe("from which score on a customer counts as over it; left out: the model's own"),
    })
    .describe(description);
  return defineAction({
    agent: "decision_agent",
    action,
    parameters: Parameters,
    output,
    reads: [{ action: "retrieve_customer_data", required: false }],
    plansEffects: false,
    readsCustomer: true,
    run: async ({ model: name, threshold }, request) => {
      const model = fitting.get(name);
      if (model === undefined) throw new Error(`The model ${name} was checked and is gone.`);
      const data = optionalInput(request, { action: "retrieve_customer_data", schema: CustomerData });
      const today = localDate({ at: request.context.now, timezone: request.context.timezone });
      const sources = { data, customer: request.customer, today };
      const signals = signalsOf(gatherEvidence(sources));
      return { output: complete(assess({ model, threshold, ...sources }), signals) };
    },
  });
}
