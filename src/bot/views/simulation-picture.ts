/** The calendar of a simulation as a picture, with all that goes with it. */
import { escapeMrkdwn } from "../../notify/slack/escape.ts";
import type { Picture } from "../../notify/slack/pictures/picture.ts";
import { simulationCalendarSvg, simulationCalendarWords } from "../../notify/slack/pictures/simulation-calendar.ts";
import type { SimulationReport } from "../../simulation/report.ts";
import { assumptionWords, daysOf } from "../../simulation/summary.ts";

export function simulationPicture(report: SimulationReport): Picture {
  const { flowId, flowVersion, assumed, timezone } = report;
  const calendar = {
    title: flowId,
    aside: flowVersion,
    below: `simulated, days in ${timezone}; ${assumptionWords[assumed]}`,
    days: daysOf(report),
  };
  return {
    drawing: simulationCalendarSvg(calendar),
    fileName: `simulation-${flowId}.png`,
    title: `Simulation of ${flowId}`,
    alternativeText: simulationCalendarWords(calendar),
    comment: escapeMrkdwn(`${flowId}, simulated day by day`),
  };
}
