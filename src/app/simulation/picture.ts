/** The calendar of a simulation, with the words that go with it. */
import type { Drawing } from "../../notify/slack/pictures/svg.ts";
import { simulationCalendarSvg, simulationCalendarWords } from "../../notify/slack/pictures/simulation-calendar.ts";
import type { AssumedDecision, SimulationReport } from "../../simulation/report.ts";
import { daysOf } from "../../simulation/summary.ts";

export const assumptionWords: Readonly<Record<AssumedDecision, string>> = {
  approve: "approvals approved two working hours after they are asked",
  reject: "approvals rejected two working hours after they are asked",
  expire: "nobody decides an approval",
};

export function simulationPicture(report: SimulationReport): { drawing: Drawing; words: string } {
  const { flowId, flowVersion, assumed, timezone } = report;
  const calendar = {
    title: flowId,
    aside: flowVersion,
    below: `simulated, days in ${timezone}; ${assumptionWords[assumed]}`,
    days: daysOf(report),
  };
  return { drawing: simulationCalendarSvg(calendar), words: simulationCalendarWords(calendar) };
}
