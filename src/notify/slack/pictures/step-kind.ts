/** What a step is, in a few words: its agent and action, an approval and by whom, how long a wait, which other flow. */
import { formatDuration } from "../../../flow/duration.ts";
import type { ApprovalStep, Step, WaitStep } from "../../../flow/flow.ts";
import { localDate, localTime } from "../../../flow/zone.ts";
import { day, list, time } from "../format.ts";
import { anyoneWith } from "../reference.ts";

const namesShown = 4;

/** An action that gave its step the name isn't said twice. */
export function kindWords(step: Step): string {
  switch (step.kind) {
    case "agent":
      return `${step.agent.replace("_", " ")}${step.action === step.id ? "" : `: ${step.action}`}`;
    case "approval":
      return `${approvalsWords(step)} ${whoWords(step)}`;
    case "wait":
      return `wait ${waitWords(step)}`;
    case "flow":
      return `flow: ${step.flow_id}`;
    default:
      return step satisfies never;
  }
}

/** On what the step hangs, how often it runs, and what takes it back; each in a line of its own. */
export function detailWords(step: Step): string[] {
  const { when, due, late } = step;
  const own = step.kind === "agent" || step.kind === "flow" ? step : null;
  const lines = [
    when === null ? null : `when ${expressionWords(when)}`,
    own === null || own.for_each === null ? null : repeatingWords(own.for_each, own.max_concurrency),
    due === null || late === "run" ? null : lateWords(due, late),
    own?.on_error === "compensate" ? "if it fails, all is taken back" : null,
    own === null || own.compensate === null ? null : `taken back by ${own.compensate.action}`,
  ];
  return lines.filter((line) => line !== null);
}

/** As the flow writes it, without its braces. */
function expressionWords(text: string): string {
  return text.replace(/^\$\{\s*/, "").replace(/\s*\}$/, "");
}

/** A list that is written out is named by its members. */
function repeatingWords(forEach: string, most: number | null): string {
  const expression = expressionWords(forEach);
  const written = /^\[([^[\](){}"']+)\]$/.exec(expression)?.[1]?.split(",");
  const members = written === undefined ? expression : list(written.map(memberWords), "and");
  return `for each of ${members}${most === null ? "" : `, ${most} at a time`}`;
}

function memberWords(expression: string): string {
  return personWords(expression.trim()) ?? expression.trim();
}

function lateWords(due: string, late: "skip" | "shift"): string {
  return `due ${instantWords(due)}, ${late === "skip" ? "skipped after that" : "after that in working hours"}`;
}

function waitWords({ duration_ms, until }: WaitStep): string {
  return until === null ? formatDuration(duration_ms ?? 0) : `until ${instantWords(until)}`;
}

/** Who reads a flow is in no zone: "31 Jan 2027 09:00 UTC". */
function instantWords(text: string): string {
  const at = text.includes("${") ? Number.NaN : Date.parse(text);
  if (Number.isNaN(at)) return expressionWords(text);
  const utc = { at, timezone: "UTC" };
  return `${day(localDate(utc), "")} ${time(localTime(utc))} UTC`;
}

function approvalsWords({ quorum }: ApprovalStep): string {
  return quorum === 1 ? "approval by" : `${quorum} approvals by`;
}

function whoWords(step: ApprovalStep): string {
  const names = step.approvers.slice(0, namesShown).map(referenceWords);
  const left = step.approvers.length - names.length;
  return list(left === 0 ? names : [...names, `${left} more`], step.quorum === 1 ? "or" : "and");
}

/** Nobody is asked yet, so a reference is all that is known. */
function referenceWords(reference: string): string {
  if (reference.startsWith("${")) return memberWords(expressionWords(reference));
  const [kind = "", name] = reference.split(":");
  if (name === undefined) return reference;
  return kind === "role" ? anyoneWith(name.trim()) : `the ${kind} ${name.trim()}`;
}

/** "the account manager"; null: no field of a customer. */
function personWords(expression: string): string | null {
  const field = /^customer\.([a-z_]+?)(?:_email)?$/.exec(expression)?.[1];
  if (field === undefined) return null;
  return `the ${field === "csm" ? "CSM" : field.replaceAll("_", " ")}`;
}
