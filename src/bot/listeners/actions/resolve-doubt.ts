/** The two answers to a doubt (E2): send it again, or it arrived. On its card, which says so itself, or in a list, which can't. */
import { decodeEffect } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import { decisionMessage } from "../../views/decision.ts";
import { sentence } from "../../views/message.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";

type Answer = "send_again" | "arrived";

export async function sendAgain(press: Press, services: BotServices): Promise<void> {
  await resolve({ press, services, answer: "send_again", isListed: false });
}

export async function arrived(press: Press, services: BotServices): Promise<void> {
  await resolve({ press, services, answer: "arrived", isListed: false });
}

export async function sendAgainListed(press: Press, services: BotServices): Promise<void> {
  await resolve({ press, services, answer: "send_again", isListed: true });
}

export async function arrivedListed(press: Press, services: BotServices): Promise<void> {
  await resolve({ press, services, answer: "arrived", isListed: true });
}

const recorded: Readonly<Record<Answer, string>> = {
  send_again: "Recorded: it is sent again, and the step goes on.",
  arrived: "Recorded as arrived: it is not sent again, and the step goes on.",
};

async function resolve(parameters: {
  press: Press;
  services: BotServices;
  answer: Answer;
  isListed: boolean;
}): Promise<void> {
  const { press, services, answer, isListed } = parameters;
  await handlePress({
    press,
    services,
    work: async (person) => {
      const effect = decodeEffect(press.action.value ?? "");
      if (effect === null) return unreadableButton;
      const decided = await services.engine.resolveDoubt({ ...effect, person, answer });
      return decisionMessage(decided) ?? (isListed ? sentence(recorded[answer]) : null);
    },
  });
}
