/** A picture with all that goes with it: its file name and title, its words for those who hear it, and the message above it. */
import type { ExecutionState } from "../../../flow/execution.ts";
import type { Customer } from "../../../flow/customer.ts";
import type { FlowDefinition } from "../../../flow/flow.ts";
import { escapeMrkdwn, oneLine } from "../escape.ts";
import { findRisk, type ShownRisk } from "../known-outputs.ts";
import { truncate } from "../limits.ts";
import { graphAlternativeText, riskAlternativeText, timelineAlternativeText } from "./alternative-text.ts";
import { flowGraphSvg } from "./flow-graph.ts";
import { customerName, standing } from "./header.ts";
import { type DrawnRisk, riskFactorsSvg } from "./risk-factors.ts";
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

/** Null: this execution has assessed no risk, or none that can be read. */
export function riskPicture({ execution }: Pick<Shown, "execution">): Picture | null {
  const { customer, flowId, timezone } = execution;
  const risk = assessedRisk(execution);
  if (risk === null) return null;
  const name = customerName(execution) ?? flowId;
  return pictureOfRisk({ risk, customer, history: null, timezone }, { name, fileName: `risk-${flowId}.png` });
}

/** With what was assessed before. */
export function customerRiskPicture(drawn: DrawnRisk & { customer: Customer }): Picture {
  const { name, id } = drawn.customer;
  return pictureOfRisk(drawn, { name: name.trim() === "" ? id : name, fileName: "risk.png" });
}

function pictureOfRisk(drawn: DrawnRisk, { name, fileName }: { name: string; fileName: string }): Picture {
  const { risk } = drawn;
  const level = risk.risk_level === null ? "" : `, ${risk.risk_level}`;
  return {
    drawing: riskFactorsSvg(drawn),
    fileName,
    title: "What the risk is made of",
    alternativeText: riskAlternativeText(drawn),
    comment: escapeMrkdwn(oneLine(`${name}: risk ${risk.risk_score.toFixed(2)}${level}`)),
  };
}

function assessedRisk({ definition, steps }: ExecutionState): ShownRisk | null {
  const outputs = definition.steps.flatMap((step) => {
    const state = steps[step.id];
    if (step.kind !== "agent" || state?.status !== "succeeded") return [];
    return [{ stepId: step.id, agent: step.agent, action: step.action, output: state.output }];
  });
  return findRisk(outputs);
}

/** "Acme Robotics: running, waits for Dana Reyes or a RevOps lead": what the title doesn't say. */
function executionComment({ execution, now }: Shown): string {
  const waiting = Object.values(execution.steps).filter(({ status }) => status === "waiting");
  const words = [standing(execution), ...waiting.map((step) => stepWords(step, now))].join(", ");
  return escapeMrkdwn(truncate(`${customerName(execution) ?? execution.flowId}: ${words}`, commentShown));
}

const commentShown = 500;
