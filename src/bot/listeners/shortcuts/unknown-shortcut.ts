/** The app has no shortcuts: one from an older installation is answered with what works. */
import type { AllMiddlewareArgs, SlackShortcutMiddlewareArgs } from "@slack/bolt";
import { guarded } from "../../error-policy.ts";
import type { BotServices } from "../../services.ts";
import { sentence } from "../../views/message.ts";
import { noticeModal } from "../../views/notice-modal.ts";

export async function unknownShortcut(
  args: SlackShortcutMiddlewareArgs & AllMiddlewareArgs,
  services: BotServices,
): Promise<void> {
  const { ack, shortcut, client } = args;
  await ack();
  services.logger.warn({ callback_id: shortcut.callback_id }, "a shortcut that no listener knows was used");
  const view = noticeModal(
    sentence("This shortcut belongs to another version of the app. `/revops help` lists what works."),
  );
  await guarded({
    services,
    subject: "unknown shortcut",
    reply: async () => {},
    work: async () => void (await client.views.open({ trigger_id: shortcut.trigger_id, view })),
  });
}
