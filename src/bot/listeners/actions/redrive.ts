/** Redrive: the failed execution goes on from where it failed (F1). */
import { decodeExecution } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import { decisionMessage } from "../../views/decision.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";

export async function redrive(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async (person) => {
      const execution = decodeExecution(press.action.value ?? "");
      if (execution === null) return unreadableButton;
      return decisionMessage(await services.engine.redrive({ ...execution, person }));
    },
  });
}
