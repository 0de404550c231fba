/** A button that nobody here made: every press gets an answer, or people think that it worked. */
import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from "@slack/bolt";
import { guarded } from "../../error-policy.ts";
import type { BotServices } from "../../services.ts";
import { sentence } from "../../views/message.ts";
import { noticeModal } from "../../views/notice-modal.ts";
import { privately } from "../press.ts";

export async function unknownAction(
  args: SlackActionMiddlewareArgs & AllMiddlewareArgs,
  services: BotServices,
): Promise<void> {
  const { ack, body, client, respond } = args;
  await ack();
  if (body.type !== "block_actions" || isLink(body.actions[0])) return;
  const message = sentence(
    "This button belongs to another version of the app: nothing was changed. `/revops help` lists what works.",
  );
  services.logger.warn({ action_id: body.actions[0]?.action_id }, "a button that no listener knows was pressed");
  await guarded({
    services,
    subject: "unknown action",
    reply: async () => {},
    work: async () => {
      if (body.response_url !== undefined || body.channel !== undefined) {
        return privately({ body: { ...body, actions: [] }, client, respond }, services)(message);
      }
      const { trigger_id } = body;
      const view = noticeModal(message);
      await (body.view?.type === "modal"
        ? client.views.push({ trigger_id, view })
        : client.views.open({ trigger_id, view }));
    },
  });
}

/** Slack reports a press on a link too; the browser has already answered it. */
function isLink(action: object | undefined): boolean {
  return action !== undefined && "url" in action && typeof action.url === "string";
}
