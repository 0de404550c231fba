/** Buttons by action id. */
import type { App, BlockAction, BlockButtonAction, StaticSelectAction } from "@slack/bolt";
import { actionIds } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import type { Press } from "../press.ts";
import { abort, abortAndCompensate, leaveRunning } from "./abort.ts";
import { approve } from "./approve.ts";
import { chooseFlow, type Choice } from "./choose-flow.ts";
import { details } from "./details.ts";
import { edit } from "./edit.ts";
import { reloadHome, resumeFromHome, startFromHome, stepsFromHome } from "./home.ts";
import { list } from "./list.ts";
import { customerRisk, executionGraph, executionRisk, flowGraph, timeline } from "./pictures.ts";
import { redrive } from "./redrive.ts";
import { reject } from "./reject.ts";
import { report } from "./report.ts";
import { review } from "./review.ts";
import { dismiss, snooze } from "./set-aside.ts";
import { suggestion } from "./suggestion.ts";
import { arrived, arrivedListed, sendAgain, sendAgainListed } from "./resolve-doubt.ts";
import { unknownAction } from "./unknown-action.ts";

export const actions: Readonly<Record<string, (press: Press, services: BotServices) => Promise<void>>> = {
  [actionIds.approve]: approve,
  [actionIds.edit]: edit,
  [actionIds.reject]: reject,
  [actionIds.details]: details,
  [actionIds.snooze]: snooze,
  [actionIds.dismiss]: dismiss,
  [actionIds.review]: review,
  [actionIds.listOpen]: list,
  [actionIds.listPrevious]: list,
  [actionIds.listNext]: list,
  [actionIds.listReload]: list,
  [actionIds.reportOpen]: report,
  [actionIds.reportPrevious]: report,
  [actionIds.reportNext]: report,
  [actionIds.homeRun]: startFromHome,
  [actionIds.homeSteps]: stepsFromHome,
  [actionIds.homeReload]: reloadHome,
  [actionIds.homeResume]: resumeFromHome,
  [actionIds.sendAgain]: sendAgain,
  [actionIds.arrived]: arrived,
  [actionIds.sendAgainListed]: sendAgainListed,
  [actionIds.arrivedListed]: arrivedListed,
  [actionIds.redrive]: redrive,
  [actionIds.abort]: abort,
  [actionIds.abortAndCompensate]: abortAndCompensate,
  [actionIds.leaveRunning]: leaveRunning,
  [actionIds.timeline]: timeline,
  [actionIds.executionGraph]: executionGraph,
  [actionIds.executionRisk]: executionRisk,
  [actionIds.flowGraph]: flowGraph,
  [actionIds.customerRisk]: customerRisk,
  [actionIds.suggestion1]: suggestion,
  [actionIds.suggestion2]: suggestion,
  [actionIds.suggestion3]: suggestion,
  [actionIds.suggestion4]: suggestion,
  [actionIds.suggestion5]: suggestion,
};

const choices: Readonly<Record<string, (choice: Choice, services: BotServices) => Promise<void>>> = {
  [actionIds.chooseFlow]: chooseFlow,
};

export function registerActions(app: App, services: BotServices): void {
  for (const [actionId, listener] of Object.entries(actions)) {
    app.action<BlockButtonAction>({ action_id: actionId, type: "block_actions" }, (press) => listener(press, services));
  }
  for (const [actionId, listener] of Object.entries(choices)) {
    app.action<BlockAction<StaticSelectAction>>({ action_id: actionId, type: "block_actions" }, (choice) =>
      listener(choice, services),
    );
  }
  app.action({}, async (args) => {
    const { body } = args;
    const id = body.type === "block_actions" ? body.actions[0]?.action_id : undefined;
    const isKnown = id !== undefined && (Object.hasOwn(actions, id) || Object.hasOwn(choices, id));
    if (!isKnown) await unknownAction(args, services);
  });
}
