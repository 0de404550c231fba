/** Effects in doubt (E2), as rows that ask: did it arrive? */
import type { KnownBlock } from "@slack/types";
import type { ExecutionState } from "../../flow/execution.ts";
import type { PlannedEffect } from "../../flow/effect.ts";
import { allWorks } from "../../flow/step-state.ts";
import { actionIds, encodeEffect } from "../../notify/slack/action-ids.ts";
import { actions, button, section } from "../../notify/slack/blocks.ts";
import { effectLine } from "../../notify/slack/effect-line.ts";
import { dotted } from "../../notify/slack/format.ts";
import { instant } from "./instant.ts";
import { code, shown } from "./text.ts";

export interface Doubt {
  executionId: string;
  flowId: string;
  customerName: string | null;
  stepId: string;
  effectKey: string;
  effect: PlannedEffect["effect"];
  /** Milliseconds: when sending began. */
  begunAt: number;
}

export function doubtsOf(state: ExecutionState): Doubt[] {
  const { executionId, flowId, customer } = state;
  return Object.values(state.steps).flatMap((step) =>
    allWorks(step)
      .flatMap(({ work }) => work.effects ?? [])
      .filter((effect) => effect.state.status === "doubtful")
      .map(({ key, planned, begunAt }) => ({
        executionId,
        flowId,
        customerName: customer?.name ?? null,
        stepId: step.id,
        effectKey: key,
        effect: planned.effect,
        begunAt: begunAt ?? state.startedAt,
      })),
  );
}

export function doubtBlocks(doubts: readonly Doubt[], timezone: string): KnownBlock[] {
  return doubts.flatMap((doubt, index): KnownBlock[] => {
    const { executionId, flowId, customerName, effectKey, effect, begunAt } = doubt;
    const value = encodeEffect({ effectKey });
    const about = dotted([customerName === null ? null : shown(customerName), shown(flowId), code(executionId)]);
    const since = `Sending began ${instant({ at: begunAt, timezone })}; did it arrive?`;
    return [
      section([`*In doubt:* ${effectLine(effect)}`, about, since]),
      actions(`doubt/${index}`, [
        button({ actionId: actionIds.arrivedListed, label: "It arrived", value }),
        button({ actionId: actionIds.sendAgainListed, label: "Send again", value }),
      ]),
    ];
  });
}
