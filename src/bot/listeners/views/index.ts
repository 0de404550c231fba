/** Forms by callback id. */
import type { App, ViewSubmitAction } from "@slack/bolt";
import { callbackIds } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import { editSubmit } from "./edit-submit.ts";
import { rejectReason } from "./reject-reason.ts";
import { setAsideSubmit } from "./set-aside-submit.ts";
import { startSubmit } from "./start-submit.ts";
import { unknownView } from "./unknown-view.ts";

export const views = {
  [callbackIds.rejectReason]: rejectReason,
  [callbackIds.edit]: editSubmit,
  [callbackIds.snooze]: setAsideSubmit,
  [callbackIds.dismiss]: setAsideSubmit,
  [callbackIds.start]: startSubmit,
};

export function registerViews(app: App, services: BotServices): void {
  for (const [callbackId, listener] of Object.entries(views)) {
    app.view<ViewSubmitAction>({ callback_id: callbackId, type: "view_submission" }, (args) =>
      listener(args, services),
    );
  }
  app.view({}, async (args) => {
    const isKnown = args.body.type === "view_submission" && Object.hasOwn(views, args.view.callback_id);
    if (!isKnown) await unknownView(args, services);
  });
}
