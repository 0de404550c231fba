/** What a redrive starts again, and what it keeps. */
import type { RedrivePlan } from "../../engine/engine.ts";
import { count, dotted, list, number } from "../../notify/slack/format.ts";
import { sentence, type Message } from "./message.ts";
import { shown } from "./text.ts";

const stepsShown = 12;

export function redrivenMessage(
  parameters: RedrivePlan & { executionId: string; flowId: string; customerName: string | null; wasTakenBack: boolean },
): Message {
  const { restarts, keeps, note, executionId, flowId, customerName, wasTakenBack } = parameters;
  const subject = dotted([`*${shown(flowId)}*`, customerName === null ? null : shown(customerName)]);
  const again =
    restarts.length === 0
      ? "no step has to start again"
      : `${count(restarts.length, "step")} ${restarts.length === 1 ? "starts" : "start"} again (${named(restarts)})`;
  const kept =
    keeps.length === 0 ? "keeps no finished step" : `keeps ${count(keeps.length, "finished step")} (${named(keeps)})`;
  const noted = note === undefined ? "" : `${shown(note)} `;
  return sentence(
    `${subject} goes on: ${again}; ${kept}. What was sent ${wasTakenBack ? "and not taken back " : ""}is not sent again. ${noted}` +
      `Follow it with \`/revops status ${shown(executionId)}\`.`,
  );
}

function named(steps: readonly string[]): string {
  const some = steps.slice(0, stepsShown).map((step) => shown(step));
  const left = steps.length - some.length;
  return list(left === 0 ? some : [...some, `${number(left)} more`], "and");
}
