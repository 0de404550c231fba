/** The buttons under an answer: the command that each names, done for whoever pressed; or the question, asked anew where it stood. */
import { asker } from "../../asker.ts";
import { guarded } from "../../error-policy.ts";
import { decodeSuggestion, type SuggestedCommand } from "../../../notify/slack/suggestion-value.ts";
import { answerQuestion } from "../../questions/answer-question.ts";
import type { BotServices } from "../../services.ts";
import { perform } from "../../words/answer.ts";
import { hasBot } from "../../words/has-bot.ts";
import type { CommandLine } from "../commands/command-line.ts";
import { handlePress, privately, unreadableButton, type Press } from "../press.ts";

export async function suggestion(press: Press, services: BotServices): Promise<void> {
  const command = decodeSuggestion(press.action.value ?? "");
  if (command?.kind === "ask") return askAgain(press, services, command);
  const channel = press.body.channel?.id ?? services.channels.default;
  await handlePress({
    press,
    services,
    work: async (person) => {
      if (command === null) return unreadableButton;
      return perform({
        services,
        line: lineOf(command),
        person,
        channel,
        requestId: `${press.body.user.id}/${press.action.action_ts}`,
        hasBot: () => hasBot({ client: press.client, channel, logger: services.logger }),
      });
    },
  });
}

function lineOf(command: Exclude<SuggestedCommand, { kind: "ask" }>): CommandLine {
  switch (command.kind) {
    case "run":
      return { kind: "run", flowId: command.flowId, customer: command.customerId, input: {} };
    case "status":
      return { kind: "status", subject: command.subject };
    case "customer":
      return { kind: "customer", customer: command.customerId };
    case "approvals":
      return { kind: "approvals" };
    case "help":
      return { kind: "help", topic: null };
    default:
      return command satisfies never;
  }
}

/** Where it was asked, for everybody there: as if whoever pressed had typed it. */
async function askAgain(
  press: Press,
  services: BotServices,
  { question, from }: Extract<SuggestedCommand, { kind: "ask" }>,
): Promise<void> {
  const { body, client, context } = press;
  await press.ack();
  const channel = body.channel?.id;
  const { message, user } = body;
  if (channel === undefined || message === undefined) return;
  const threadTs = typeof message["thread_ts"] === "string" ? message["thread_ts"] : null;
  const isDirect = channel.startsWith("D");
  await guarded({
    services,
    subject: press.action.action_id,
    reply: privately(press, services),
    work: () =>
      answerQuestion({
        services,
        client,
        question,
        from,
        findAsker: () => asker({ people: services.people, userId: user.id, name: user.username }),
        channel,
        threadTs: threadTs ?? (isDirect ? null : message.ts),
        askedInThread: threadTs,
        isDirect,
        ts: press.action.action_ts,
        botUserId: context.botUserId ?? "",
      }),
  });
}
