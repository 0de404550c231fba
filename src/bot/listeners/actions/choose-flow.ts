/** A flow is chosen in the form that starts one: the form asks for what that one takes. */
import type { AllMiddlewareArgs, BlockAction, SlackActionMiddlewareArgs, StaticSelectAction } from "@slack/bolt";
import { decodeStartForm } from "../../../notify/slack/action-ids.ts";
import { guarded } from "../../error-policy.ts";
import type { BotServices } from "../../services.ts";
import { startForm } from "../../views/start-form.ts";
import { privately, unreadableButton } from "../press.ts";

export type Choice = SlackActionMiddlewareArgs<BlockAction<StaticSelectAction>> & AllMiddlewareArgs;

export async function chooseFlow(choice: Choice, services: BotServices): Promise<void> {
  const { ack, action, body, client, respond } = choice;
  await ack();
  const reply = privately({ body: { ...body, actions: [] }, client, respond }, services);
  await guarded({
    services,
    subject: action.action_id,
    reply,
    work: async () => {
      const { view } = body;
      const form = decodeStartForm(view?.private_metadata ?? "");
      if (view === undefined || form === null) return reply(unreadableButton);
      const chosen = services.engine.flow({ flowId: action.selected_option.value });
      const flows = (await services.engine.flows()).map(({ definition }) => definition);
      // Its hash: of two choices soon after each other the later one stays.
      const { id: view_id, hash } = view;
      await client.views.update({ view_id, hash, view: startForm({ channel: form.channel, flows, chosen }) });
    },
  });
}
