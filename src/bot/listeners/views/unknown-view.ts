/** A form that nobody here made: left unacknowledged, Slack would show the person a connection error. */
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from "@slack/bolt";
import type { BotServices } from "../../services.ts";
import { sentence } from "../../views/message.ts";
import { noticeModal } from "../../views/notice-modal.ts";

export async function unknownView(
  args: SlackViewMiddlewareArgs & AllMiddlewareArgs,
  services: BotServices,
): Promise<void> {
  const { ack, body } = args;
  if (body.type === "view_closed") return ack();
  services.logger.warn({ callback_id: body.view.callback_id }, "a form that no listener knows was submitted");
  const message = sentence(
    "This form belongs to another version of the app: nothing was changed. Close it and begin again.",
  );
  await ack({ response_action: "update", view: noticeModal(message) });
}
