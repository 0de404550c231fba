/** A picture with all that goes with it: its file name and title, its words for those who hear it, and the message above it. */
import type { FlowDefinition } from "../../../flow/flow.ts";
import { escapeMrkdwn, oneLine } from "../escape.ts";
import { truncate } from "../limits.ts";
import { graphAlternativeText, timelineAlternativeText } from "./alternative-text.ts";
import { flowGraphSvg } from "./flow-graph.ts";
import { customerName, standing } from "./header.ts";
import type { Shown } from "./shown.ts";
import { stepWords } from "./step-words.ts";
import type { Drawing } from "./svg.ts";
import { timelineSvg } from "./timeline.ts";

export interface Picture {
  drawing: Drawing;
  fileName: string;
  /** Plain. */
  title: string;
  /** Plain; within Slack's limit. */
  alternativeText: string;
  /** mrkdwn, escaped: what the picture is, for a notification and for whoever sees no picture. */
  comment: string;
}

export function timelinePicture(parameters: Shown & { timezone: string }): Picture {
  const { execution } = parameters;
  return {
    drawing: timelineSvg(parameters),
    fileName: `timeline-${execution.flowId}.png`,
    title: `Timeline of ${execution.flowId}`,
    alternativeText: timelineAlternativeText(parameters),
    comment: executionComment(parameters),
  };
}

export function graphPicture(parameters: { definition: FlowDefinition; shown: Shown | null }): Picture {
  const { definition, shown } = parameters;
  const version = `Version ${oneLine(definition.version, 40)}`;
  const purpose = definition.description === null ? "" : `: ${oneLine(definition.description, commentShown)}`;
  return {
    drawing: flowGraphSvg(parameters),
    fileName: `graph-${definition.flow_id}.png`,
    title: `Graph of ${definition.flow_id}`,
    alternativeText: graphAlternativeText(parameters),
    comment: shown === null ? escapeMrkdwn(`${version}${purpose}`) : executionComment(shown),
  };
}

/** "Acme Robotics: running, waits for Dana Reyes or a RevOps lead": what the title doesn't say. */
function executionComment({ execution, now }: Shown): string {
  const waiting = Object.values(execution.steps).filter(({ status }) => status === "waiting");
  const words = [standing(execution), ...waiting.map((step) => stepWords(step, now))].join(", ");
  return escapeMrkdwn(truncate(`${customerName(execution) ?? execution.flowId}: ${words}`, commentShown));
}

const commentShown = 500;
