/**
 * `send_notifications`: plans, for each recipient, a mail, a direct message or both from a template, as that person prefers it.
 * Nothing is sent here.
 */
import { z } from "zod";
import type { PlannedEffect } from "../../../flow/effect.ts";
import type { RenderedMessage, TemplateRenderer } from "../../../flow/message-template.ts";
import type { ActionRequest } from "../../agent.ts";
import { optionalInput } from "../action-input.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { OnboardingCheck, OnboardingPlan } from "../onboarding/onboarding-plan.ts";
import { Recommendations } from "../recommendations/recommendations.ts";
import { optionalRisk } from "../risk/risk-input.ts";
import { emailEffect, personMessageEffect } from "./message-effect.ts";
import { RecipientParameter, recipients } from "./recipient.ts";
import { neededBy, templateParameter } from "./template-parameter.ts";
import { type PreferredWays, Way } from "./way.ts";

function parametersOf(templates: TemplateRenderer) {
  return z
    .strictObject({
      template: templateParameter(templates),
      recipients: z
        .union([z.array(RecipientParameter), RecipientParameter.transform((one) => [one])])
        .describe("mail addresses"),
      via: Way.optional().describe("left out: as each person prefers it, by revops.yml, else both"),
    })
    .describe("Plans a message from a template to each recipient.");
}

const Output = z.strictObject({ template: z.string(), recipients: z.array(z.string()), subject: z.string() });

/** What a message template can speak of, apart from the customer. */
export const messageInputs = [
  { action: "assess_renewal_risk", required: false },
  { action: "assess_churn_risk", required: false },
  { action: "generate_renewal_recommendations", required: false },
  { action: "plan_onboarding", required: false },
  { action: "check_onboarding", required: false },
];

export function sendNotifications({
  templates,
  preferred,
  directMessages,
  mails,
}: {
  templates: TemplateRenderer;
  preferred: PreferredWays;
  /** False: by mail alone, whatever anybody prefers. */
  directMessages: boolean;
  /** False: no mail server is there, and a mail would be a second direct message about the same. */
  mails: boolean;
}): LocalAction {
  return defineAction({
    agent: "execution_agent",
    action: "send_notifications",
    parameters: parametersOf(templates),
    output: Output,
    reads: messageInputs,
    given: neededBy(templates),
    plansEffects: true,
    readsCustomer: false,
    run: async (parameters, request) => {
      const to = recipients(parameters.recipients, { what: "a recipient" });
      const message = templates.render({ template: parameters.template, variables: messageVariables(request) });
      const wayOf = (email: string) => {
        if (!directMessages) return "email";
        const way = parameters.via ?? preferred.get(email) ?? "both";
        return way === "both" && !mails ? "slack" : way;
      };
      const effects = to.flatMap((email) => effectsFor(email, { message, way: wayOf(email) }));
      return { output: { template: parameters.template, recipients: to, subject: message.subject }, effects };
    },
  });
}

export function messageVariables(request: ActionRequest) {
  return {
    customer: request.customer,
    risk: optionalRisk(request),
    recommendations: optionalInput(request, {
      action: "generate_renewal_recommendations",
      schema: Recommendations,
    }),
    onboarding: optionalInput(request, { action: "plan_onboarding", schema: OnboardingPlan }),
    check: optionalInput(request, { action: "check_onboarding", schema: OnboardingCheck }),
    execution_id: request.context.executionId,
  };
}

function effectsFor(email: string, { message, way }: { message: RenderedMessage; way: Way }): PlannedEffect[] {
  switch (way) {
    case "email":
      return [emailEffect(email, message)];
    case "slack":
      return [personMessageEffect(email, message.slack)];
    case "both":
      return [emailEffect(email, message), personMessageEffect(email, message.slack)];
    default:
      return way satisfies never;
  }
}
