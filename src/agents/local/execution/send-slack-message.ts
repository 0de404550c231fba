/** `send_slack_message`: plans one message to a person (by mail address) or a channel (`#name` or its id). */
import { z } from "zod";
import type { PlannedEffect } from "../../../flow/effect.ts";
import { FailureError } from "../../../flow/failure.ts";
import type { TemplateRenderer } from "../../../flow/message-template.ts";
import type { ActionRequest } from "../../agent.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { channelMessageEffect, personMessageEffect } from "./message-effect.ts";
import { asMrkdwn } from "./plain-text.ts";
import { recipient, RecipientParameter } from "./recipient.ts";
import { messageInputs, messageVariables } from "./send-notifications.ts";
import { neededBy, templateParameter } from "./template-parameter.ts";

function parametersOf(templates: TemplateRenderer) {
  return z
    .strictObject({
      to: RecipientParameter.describe("one mail address, or a channel: #name or its id"),
      template: templateParameter(templates).optional().describe("in place of text"),
      text: z.string().min(1).optional(),
    })
    .describe("Plans one Slack message to a person or a channel.");
}

const Output = z.strictObject({ to: z.string() });

/** Slack's own rule for names, and its ids. */
const channel = /^(?:#[\p{Ll}\p{Lo}\p{N}_-]{1,80}|[CG][A-Z0-9]{8,})$/u;

export function sendSlackMessage({ templates }: { templates: TemplateRenderer }): LocalAction {
  return defineAction({
    agent: "execution_agent",
    action: "send_slack_message",
    parameters: parametersOf(templates),
    output: Output,
    reads: messageInputs,
    given: neededBy(templates),
    plansEffects: true,
    readsCustomer: false,
    run: async (parameters, request) => {
      const to = parameters.to?.trim() ?? null;
      const text = textOf(parameters, { templates, request });
      return to !== null && channel.test(to)
        ? { output: { to }, effects: [channelMessageEffect(to, text)] }
        : toPerson(to, text);
    },
  });
}

function toPerson(to: string | null, text: string): { output: { to: string }; effects: PlannedEffect[] } {
  const email = recipient(to, { what: "the recipient (a mail address or #channel)" });
  return { output: { to: email }, effects: [personMessageEffect(email, text)] };
}

function textOf(
  { template, text }: z.infer<ReturnType<typeof parametersOf>>,
  { templates, request }: { templates: TemplateRenderer; request: ActionRequest },
): string {
  if (template !== undefined && text === undefined) {
    return templates.render({ template, variables: messageVariables(request) }).slack;
  }
  if (template === undefined && text !== undefined) return asMrkdwn(text);
  throw new FailureError({ error: "Input.Invalid", cause: "send_slack_message takes either template or text." });
}
