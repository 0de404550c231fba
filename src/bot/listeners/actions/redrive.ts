/** Redrive on a failure's card: it goes on from where it stopped (F1); who pressed is told what is kept. */
import { decodeExecution } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import { redriveOne } from "../../words/redrive.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";

export async function redrive(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async (person) => {
      const execution = decodeExecution(press.action.value ?? "");
      return execution === null ? unreadableButton : redriveOne(services.engine, { ...execution, person });
    },
  });
}
