/** One approval that waits, as a row with its Review button: enough to choose, the rest is one press away. */
import type { KnownBlock } from "@slack/types";
import type { WaitingApproval } from "../../engine/engine.ts";
import { actionIds, encodeApproval } from "../../notify/slack/action-ids.ts";
import { button } from "../../notify/slack/blocks.ts";
import { dotted } from "../../notify/slack/format.ts";
import { instant } from "./instant.ts";
import { aboutOf, code, shown } from "./text.ts";

export function waitingRow({ header, waiting }: WaitingApproval, timezone: string): KnownBlock {
  const about = aboutOf(header) ?? "no customer";
  const risk = header.risk_score === null ? null : `risk *${header.risk_score.toFixed(2)}*`;
  const when =
    waiting.until === null
      ? `asked ${instant({ at: waiting.since, timezone })}`
      : `expires ${instant({ at: waiting.until, timezone })}`;
  // The version is found when it is opened: a row may be older than an edit.
  const value = encodeApproval({ executionId: header.execution_id, stepId: waiting.step_id, version: 1 });
  return {
    type: "section",
    text: {
      type: "mrkdwn",
      text: `${dotted([`*${shown(about)}*`, risk])}\n${dotted([code(header.flow_id), when])}`,
      verbatim: true,
    },
    accessory: button({ actionId: actionIds.review, label: "Review", value }),
  };
}
