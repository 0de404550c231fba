/** Approve: one vote, in the engine's hands (A1, A2). The card changes by itself; only a refusal is told, privately. */
import { decodeApproval } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import { decisionMessage } from "../../views/decision.ts";
import { showDecided } from "../after-decision.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";

export async function approve(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async (person) => {
      const approval = decodeApproval(press.action.value ?? "");
      if (approval === null) return unreadableButton;
      const answer = await services.engine.decide({ ...approval, person, decision: "approve", reason: null });
      const { view } = press.body;
      if (view !== undefined) await showDecided({ client: press.client, services, person, view });
      return decisionMessage(answer);
    },
  });
}
