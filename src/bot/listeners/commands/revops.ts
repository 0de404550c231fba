/**
 * `/revops`: acknowledged at once, since Slack waits three seconds; the answer follows, for the one who asked. Alone it opens the form
 * that starts a flow.
 */
import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from "@slack/bolt";
import { asker } from "../../asker.ts";
import { guarded, type Reply } from "../../error-policy.ts";
import { directAnswer } from "../../long-answer.ts";
import type { BotServices } from "../../services.ts";
import { messageArguments } from "../../views/message.ts";
import { startForm } from "../../views/start-form.ts";
import { answer } from "../../words/answer.ts";
import { hasBot } from "../../words/has-bot.ts";
import { plainText } from "./plain-text.ts";

export async function revops(
  args: SlackCommandMiddlewareArgs & AllMiddlewareArgs,
  services: BotServices,
): Promise<void> {
  const { ack, command, client, respond } = args;
  await ack();
  const reply: Reply = async (message) => {
    await respond({ response_type: "ephemeral", ...messageArguments(message) });
  };
  await guarded({
    services,
    subject: command.command,
    reply,
    work: async () => {
      if (plainText(command.text).trim() === "") {
        const flows = (await services.engine.flows()).map(({ definition }) => definition);
        const view = startForm({ channel: command.channel_id, flows, chosen: null });
        await client.views.open({ trigger_id: command.trigger_id, view });
        return;
      }
      const message = await answer({
        services,
        line: command.text,
        person: await asker({ people: services.people, userId: command.user_id, name: command.user_name }),
        channel: command.channel_id,
        // A trigger id belongs to one invocation, so a command that is delivered twice starts once.
        requestId: command.trigger_id,
        openAnswer: () => directAnswer({ client, logger: services.logger, userId: command.user_id }),
        hasBot: () => hasBot({ client, channel: command.channel_id, logger: services.logger }),
      });
      if (message !== null) await reply(message);
    },
  });
}
