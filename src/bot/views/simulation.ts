/** A simulation as a report: its figures, who is reached most and why others aren't; then each thing in the order of time. */
import { count, dotted, number } from "../../notify/slack/format.ts";
import type { SimulationReport } from "../../simulation/report.ts";
import { assumptionWords, isHeld, reachedBy, reasonsOf } from "../../simulation/summary.ts";
import { instant } from "./instant.ts";
import type { Report } from "./report.ts";
import { anyOf, shown } from "./text.ts";

const mostNamed = 5;
const dayMs = 86_400_000;

export function simulationReport(report: SimulationReport, { timezone }: { timezone: string }): Report {
  const rows = rowsOf(report, timezone);
  return {
    title: "Simulation",
    head: [...headline(report, timezone), ...people(report), ...reasons(report), ...end(report, timezone)],
    rows,
    noun: "line",
    nothing: "Nobody would get anything, and nobody would be asked.",
  };
}

function headline(report: SimulationReport, timezone: string): string[] {
  const { executions, effects, approvals } = report;
  // Slack draws an instant without its year: the length says which one is meant.
  const length = count(Math.max(1, Math.round((report.to - report.from) / dayMs)), "day");
  const period = `${instant({ at: report.from, timezone })} to ${instant({ at: report.to, timezone })} (${length})`;
  const outcomes = [
    some(executions.completed, "completed"),
    some(executions.nothingToDo, "with nothing to do"),
    some(executions.rejected, "rejected"),
    some(executions.expired, "expired"),
    some(executions.failed, "failed"),
    some(executions.running, "still running at the end"),
  ];
  return [
    `*Simulation of ${shown(report.flowId)} ${shown(report.flowVersion)}*, ${period}. Nothing was sent.`,
    `${count(report.customers, "customer")} as they stand now; ${assumptionWords[report.assumed]}`,
    dotted([count(report.firings.length, "firing"), count(executions.started, "execution"), ...outcomes]),
    `*${number(effects.length)} would be sent*, ${count(approvals.length, "approval")} asked`,
  ];
}

function people(report: SimulationReport): string[] {
  const all = reachedBy(report);
  if (all.length === 0) return [];
  const named = all
    .slice(0, mostNamed)
    .map(({ who, mails, messages, events }) => `${shown(who)} ${number(mails + messages + events)}`);
  const more = all.length > mostNamed ? `, ${number(all.length - mostNamed)} more` : "";
  return [`Most for: ${named.join(", ")}${more}`];
}

function reasons(report: SimulationReport): string[] {
  const all = reasonsOf(report).slice(0, 3);
  return all.map(({ why, times }) => `Nothing ${times === 1 ? "once" : `${number(times)} times`}: ${shown(why, 200)}`);
}

function end({ stoppedAt }: SimulationReport, timezone: string): string[] {
  if (stoppedAt === null) return [];
  return [`*It stopped ${instant({ at: stoppedAt.at, timezone })}*: ${shown(stoppedAt.reason)}.`];
}

/** Without those who had nothing coming: they are thousands, and the reasons have them. */
function rowsOf(report: SimulationReport, timezone: string): string[] {
  const rows = [
    ...report.effects.map(({ at, customerName, what, to }) => ({
      at,
      words: [shown(what, 120), `to ${shown(to.join(", "), 120)}`, about(customerName)],
    })),
    ...report.approvals.map(({ at, customerName, asked, decision, stepId }) => ({
      at,
      words: [`asked ${anyOf(asked)}: ${shown(stepId)}`, decision ?? "open at the end", about(customerName)],
    })),
    ...report.withheld
      .filter(({ kind }) => isHeld(kind))
      .map(({ at, customerName, why }) => ({ at, words: [`held back: ${shown(why, 200)}`, about(customerName)] })),
  ];
  return rows
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, words }) => `• ${dotted([instant({ at, timezone }), ...words])}`);
}

function about(customerName: string | null): string | null {
  return customerName === null ? null : shown(customerName);
}

function some(value: number, word: string): string | null {
  return value === 0 ? null : `${number(value)} ${word}`;
}
