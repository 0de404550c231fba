/** `send_email`: plans one mail, from a template or from the flow's own words. */
import { z } from "zod";
import { FailureError } from "../../../flow/failure.ts";
import type { TemplateRenderer } from "../../../flow/message-template.ts";
import type { ActionRequest } from "../../agent.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { emailEffect } from "./message-effect.ts";
import { asHtml, asLine } from "./plain-text.ts";
import { recipient, RecipientParameter } from "./recipient.ts";
import { messageInputs, messageVariables } from "./send-notifications.ts";
import { neededBy, templateParameter } from "./template-parameter.ts";

function parametersOf(templates: TemplateRenderer) {
  return z
    .strictObject({
      to: RecipientParameter.describe("one mail address"),
      template: templateParameter(templates).optional().describe("in place of subject and text"),
      subject: z.string().min(1).optional(),
      text: z.string().min(1).optional(),
    })
    .describe("Plans one mail, from a template or from the flow's own words.");
}

const Output = z.strictObject({ to: z.string(), subject: z.string() });

export function sendEmail({ templates }: { templates: TemplateRenderer }): LocalAction {
  return defineAction({
    agent: "execution_agent",
    action: "send_email",
    parameters: parametersOf(templates),
    output: Output,
    reads: messageInputs,
    given: neededBy(templates),
    plansEffects: true,
    readsCustomer: false,
    run: async (parameters, request) => {
      const to = recipient(parameters.to, { what: "the recipient" });
      const message = messageOf(parameters, { templates, request });
      return { output: { to, subject: message.subject }, effects: [emailEffect(to, message)] };
    },
  });
}

function messageOf(
  { template, subject, text }: z.infer<ReturnType<typeof parametersOf>>,
  { templates, request }: { templates: TemplateRenderer; request: ActionRequest },
): { subject: string; html: string; text: string } {
  if (template !== undefined && subject === undefined && text === undefined) {
    return templates.render({ template, variables: messageVariables(request) });
  }
  if (template === undefined && subject !== undefined && text !== undefined) {
    return { subject: asLine(subject), html: asHtml(text), text };
  }
  throw new FailureError({ error: "Input.Invalid", cause: "send_email takes either template, or subject and text." });
}
