/** The buttons of the question before an abort: do it, with or without taking back, or leave it. */
import { decodeExecution } from "../../../notify/slack/action-ids.ts";
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
    work: async () => {
      await inItsPlace(press, sentence(leftRunning));
      return null;
    },
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
      await inItsPlace(press, abortedMessage(abortFacts(await engine.execution(execution))));
      return null;
    },
  });
}

/** A question that is answered is gone, and its buttons with it. */
async function inItsPlace(press: Press, message: Message): Promise<void> {
  await press.respond({ replace_original: true, ...messageArguments(message) });
}
