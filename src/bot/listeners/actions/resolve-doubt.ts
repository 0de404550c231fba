/** The two answers to a doubt (E2): send it again, or it arrived. */
import { decodeEffect } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import { decisionMessage } from "../../views/decision.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";

export async function sendAgain(press: Press, services: BotServices): Promise<void> {
  await resolve({ press, services, answer: "send_again" });
}

export async function arrived(press: Press, services: BotServices): Promise<void> {
  await resolve({ press, services, answer: "arrived" });
}

async function resolve(parameters: {
  press: Press;
  services: BotServices;
  answer: "send_again" | "arrived";
}): Promise<void> {
  const { press, services, answer } = parameters;
  await handlePress({
    press,
    services,
    work: async (person) => {
      const effect = decodeEffect(press.action.value ?? "");
      if (effect === null) return unreadableButton;
      return decisionMessage(await services.engine.resolveDoubt({ ...effect, person, answer }));
    },
  });
}
