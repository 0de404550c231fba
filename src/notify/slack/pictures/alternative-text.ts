/**
 * What a picture shows, in words, for those who hear it: plain text, the whole before the parts, never longer than Slack takes.
 * Names stand as they are: here no font limits them.
 */
import type { FlowDefinition, Step } from "../../../flow/flow.ts";
import { oneLine } from "../escape.ts";
import { count, dotted, list, moment, points } from "../format.ts";
import { limits, truncate } from "../limits.ts";
import { dayThen, pointsThen } from "../risk-history.ts";
import { aboutWords, standing, startWords } from "./header.ts";
import { confidenceWords, type DrawnRisk, weighedReasons } from "./risk-factors.ts";
import type { Shown } from "./shown.ts";
import { detailWords, kindWords } from "./step-kind.ts";
import { stepWords } from "./step-words.ts";
import { timelineRows, type Row } from "./timeline-rows.ts";

export function graphAlternativeText(parameters: { definition: FlowDefinition; shown: Shown | null }): string {
  const { definition, shown } = parameters;
  const steps = count(definition.steps.length, "step");
  const head =
    shown === null
      ? `Graph of the flow ${nameOf(definition)}, ${steps}, starts ${startWords(definition)}.`
      : `Graph of ${nameOf(definition)}${aboutWords(shown.execution)}, ${steps}: ${standing(shown.execution)}.`;
  return bounded(
    head,
    definition.steps.map((step) => stepSentence(step, shown)),
  );
}

export function timelineAlternativeText(parameters: Shown & { timezone: string }): string {
  const { execution, timezone } = parameters;
  const { definition, startedAt, endedAt } = execution;
  const at = (instant: number) => moment({ at: instant, timezone });
  const ended = endedAt === null ? "" : `, ended ${at(endedAt)}`;
  const when = `Started ${at(startedAt)}${ended} (${timezone}).`;
  const head = `Timeline of ${nameOf(definition)}${aboutWords(execution)}: ${standing(execution)}. ${when}`;
  return bounded(head, timelineRows(parameters, timezone).filter(isHeard).map(rowSentence));
}

/** Of the parts of a step only what didn't simply go well, or there would be no room for other steps. */
function isHeard({ isPart, face }: Row): boolean {
  return !isPart || face === "failed" || face === "running" || face === "waiting" || face === "aborted";
}

/** Heard one after another, a part names its step. */
function rowSentence({ stepId, label, isPart, words }: Row): string {
  return `${isPart ? `${stepId}, ${label}` : label}: ${words}.`;
}

export function riskAlternativeText({ risk, customer, history, timezone }: DrawnRisk): string {
  const { risk_score: score, risk_level: level, threshold } = risk;
  const facts = dotted([
    `${score.toFixed(2)}${level === null ? "" : `, ${level}`}`,
    threshold === null ? null : `${score >= threshold ? "over" : "under"} the threshold of ${threshold.toFixed(2)}`,
    confidenceWords(risk),
    history === null ? null : `was ${history.before.score.toFixed(2)} on ${dayThen(history, timezone)}`,
  ]);
  const reasons = weighedReasons(risk).map((reason) => {
    const { text, points: value } = reason;
    const then = pointsThen(history, reason);
    const was = then === null ? "" : `, ${then === 0 ? "nothing" : points(then)} then`;
    const weight =
      value === null ? "" : `${value < 0 ? "Lowers" : "Raises"} it by ${Math.abs(value).toFixed(2)}${was}: `;
    return `${weight}${oneLine(text, 200)}.`;
  });
  return bounded(`Risk${aboutWords({ customer })}: ${oneLine(facts, 200)}.`, reasons, "reason");
}

function nameOf({ flow_id, version }: FlowDefinition): string {
  return `${flow_id} ${oneLine(version, 40)}`;
}

function stepSentence(step: Step, shown: Shown | null): string {
  const state = shown?.execution.steps[step.id];
  const words = state === undefined || shown === null ? kindWords(step) : stepWords(state, shown.now);
  const after = step.depends_on.map(({ step: id, optional }) => (optional ? `${id} (however it ends)` : id));
  return `${step.id}: ${dotted([
    oneLine(words, 300),
    after.length === 0 ? null : `after ${list(after, "and")}`,
    ...(shown === null ? detailWords(step).map((words) => oneLine(words, 200)) : []),
  ])}.`;
}

/** As many sentences as fit; the last one says how many don't. A dot between facts isn't heard, a comma is. */
function bounded(head: string, sentences: readonly string[], noun = "step"): string {
  for (let kept = sentences.length; kept > 0; kept -= 1) {
    const left = sentences.length - kept;
    const rest = left === 0 ? [] : [`And ${count(left, `more ${noun}`)}.`];
    const text = [head, ...sentences.slice(0, kept), ...rest].join(" ").replaceAll(" · ", ", ");
    if (text.length <= limits.fileAltText) return text;
  }
  return truncate(head, limits.fileAltText);
}
