/** A picture with all that goes with it: its file name and title, its words for those who hear it, and the message above it. */
import type { FlowDefinition } from "../../../flow/flow.ts";
import { escapeMrkdwn, oneLine } from "../escape.ts";
import { graphAlternativeText, timelineAlternativeText } from "./alternative-text.ts";
import { flowGraphSvg } from "./flow-graph.ts";
import { aboutWords, standing } from "./header.ts";
import type { Shown } from "./shown.ts";
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
  const title = `Timeline of ${execution.flowId}${aboutWords(execution)}`;
  return {
    drawing: timelineSvg(parameters),
    fileName: `timeline-${execution.flowId}.png`,
    title: oneLine(title, 200),
    alternativeText: timelineAlternativeText(parameters),
    comment: escapeMrkdwn(`${title}: ${standing(execution)}`),
  };
}

export function graphPicture(parameters: { definition: FlowDefinition; shown: Shown | null }): Picture {
  const { definition, shown } = parameters;
  const about = shown === null ? "" : aboutWords(shown.execution);
  const title = `Graph of ${definition.flow_id}${about}`;
  return {
    drawing: flowGraphSvg(parameters),
    fileName: `graph-${definition.flow_id}.png`,
    title: oneLine(title, 200),
    alternativeText: graphAlternativeText(parameters),
    comment: escapeMrkdwn(`${title}${shown === null ? "" : `: ${standing(shown.execution)}`}`),
  };
}
