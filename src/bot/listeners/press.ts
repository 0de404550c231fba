/** A pressed button, from acknowledgement to private answer: what all buttons share. */
import type { AllMiddlewareArgs, BlockButtonAction, SlackActionMiddlewareArgs } from "@slack/bolt";
import type { Person } from "../../flow/person.ts";
import { asker } from "../asker.ts";
import { guarded, type Reply } from "../error-policy.ts";
import { loggable } from "../loggable.ts";
import type { BotServices } from "../services.ts";
import { messageArguments, sentence, type Message } from "../views/message.ts";
import { noticeModal } from "../views/notice-modal.ts";
import { openView, surfaceOf } from "./surface.ts";

export type Press = SlackActionMiddlewareArgs<BlockButtonAction> & AllMiddlewareArgs;

/** Acknowledges, finds who pressed, does the work; what it gives is told to that person alone. */
export async function handlePress(parameters: {
  press: Press;
  services: BotServices;
  work: (person: Person) => Promise<Message | null>;
}): Promise<void> {
  const { press, services, work } = parameters;
  await press.ack();
  const reply = privately(press, services);
  await guarded({
    services,
    subject: press.action.action_id,
    reply,
    work: async () => {
      const { user } = press.body;
      const person = await asker({ people: services.people, userId: user.id, name: user.username });
      const message = await work(person);
      if (message !== null) await reply(message);
    },
  });
}

export const unreadableButton = sentence(
  "This button can't be read: it was made by another version. `/revops status` shows what it belonged to.",
);

/** In front of the view that was pressed; else an ephemeral message beside the card, or the way that came with the press. */
export function privately(
  press: Pick<Press, "body" | "client" | "respond">,
  services: Pick<BotServices, "logger">,
): Reply {
  return async (message) => {
    if (surfaceOf(press.body) !== "message") {
      await openView(press, noticeModal(message));
      return;
    }
    const channel = press.body.channel?.id;
    const content = messageArguments(message);
    if (channel !== undefined) {
      try {
        await press.client.chat.postEphemeral({ channel, user: press.body.user.id, ...thread(press.body), ...content });
        return;
      } catch (error) {
        services.logger.warn({ channel, ...loggable(error) }, "an ephemeral message was refused");
      }
    }
    await press.respond({ response_type: "ephemeral", replace_original: false, ...content });
  };
}

function thread(body: BlockButtonAction): { thread_ts?: string } {
  const threadTs: unknown = body.message?.["thread_ts"];
  return typeof threadTs === "string" ? { thread_ts: threadTs } : {};
}
