/** The buttons of the question before an abort: do it, with or without taking back, or leave it. */
import { decodeExecution } from "../../../notify/slack/action-ids.ts";
import { loggable } from "../../loggable.ts";
import type { BotServices } from "../../services.ts";
import { abortFacts } from "../../views/abort-facts.ts";
import { abortedMessage, leftRunning } from "../../views/abort.ts";
import { decisionMessage } from "../../views/decision.ts";
import { messageArguments, sentence, type Message } from "../../views/message.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";

export async function abort(press: Press, services: BotServices): Promise<void> {
  await end({ press, services, compensate: false });
}

export async function abortAndCompensate(press: Press, services: BotServices): Promise<void> {
  await end({ press, services, compensate: true });
}

export async function leaveRunning(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: () => inItsPlace(press, services, sentence(leftRunning)),
  });
}

async function end(parameters: { press: Press; services: BotServices; compensate: boolean }): Promise<void> {
  const { press, services, compensate } = parameters;
  const { engine } = services;
  await handlePress({
    press,
    services,
    work: async (person) => {
      const execution = decodeExecution(press.action.value ?? "");
      if (execution === null) return unreadableButton;
      const answer = await engine.abort({ ...execution, person, compensate });
      if (answer.kind === "refused") return decisionMessage(answer);
      return inItsPlace(press, services, abortedMessage(abortFacts(await engine.execution(execution))));
    },
  });
}

/**
 * A question that is answered is gone, and its buttons with it. Null: it is said. An old question can't be replaced any more:
 * what was done is then said beside it.
 */
async function inItsPlace(press: Press, services: BotServices, message: Message): Promise<Message | null> {
  try {
    await press.respond({ replace_original: true, ...messageArguments(message) });
    return null;
  } catch (error) {
    services.logger.warn(loggable(error), "the question before an abort could not be replaced");
    return message;
  }
}
