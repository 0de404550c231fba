/** A simulation for the terminal: as a document, and as tables of its weeks, of who is reached, and of the reasons why not. */
import type { JsonObject } from "../../flow/json.ts";
import { addDays } from "../../flow/zone.ts";
import type { SimulationReport } from "../../simulation/report.ts";
import { assumptionWords, daysOf, reachedBy, reasonsOf, type SimulatedDay } from "../../simulation/summary.ts";
import { iso, isoOrNull, moment } from "../moment.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import { table } from "../table.ts";

const mostRows = 15;

export function simulationDocument(report: SimulationReport): JsonObject {
  const { timezone } = report;
  const about = ({ at, executionId, customerId, customerName, stepId }: SimulationReport["withheld"][number]) => ({
    at: iso(at, timezone),
    execution_id: executionId,
    customer_id: customerId,
    customer_name: customerName,
    step_id: stepId,
  });
  const { nothingToDo, ...executions } = report.executions;
  return {
    flow_id: report.flowId,
    flow_version: report.flowVersion,
    period: { from: iso(report.from, timezone), to: iso(report.to, timezone), timezone },
    approvals: report.assumed,
    customers: report.customers,
    firings: report.firings.map(({ at, matched, alreadyRunning }) => ({
      at: iso(at, timezone),
      matched,
      already_running: alreadyRunning,
    })),
    executions: { ...executions, nothing_to_do: nothingToDo },
    days: daysOf(report).map((day) => ({ ...day })),
    effects: report.effects.map((effect) => ({
      ...about({ ...effect, kind: "late", why: "" }),
      kind: effect.kind,
      to: effect.to,
      what: effect.what,
    })),
    asked: report.approvals.map((asked) => ({
      ...about({ ...asked, kind: "late", why: "" }),
      people: asked.asked,
      decision: asked.decision,
      decided_at: isoOrNull(asked.decidedAt, timezone),
    })),
    withheld: report.withheld.map((one) => ({ ...about(one), kind: one.kind, why: one.why })),
    stopped_at:
      report.stoppedAt === null ? null : { at: iso(report.stoppedAt.at, timezone), reason: report.stoppedAt.reason },
  };
}

export function simulationText(
  paper: Paper,
  report: SimulationReport,
  { isListed, picture }: { isListed: boolean; picture: string | null },
): string {
  const parts = [
    headline(paper, report),
    isListed ? list(paper, report) : weeks(paper, report),
    people(paper, report),
    reasons(paper, report),
    picture === null ? "" : `The calendar stands in ${plain(picture)}.`,
    report.stoppedAt === null
      ? ""
      : paper.mark(
          "yellow",
          `It stopped at ${moment(report.stoppedAt.at, report.timezone)}: ${report.stoppedAt.reason}.`,
        ),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function headline(paper: Paper, report: SimulationReport): string {
  const { executions, timezone } = report;
  const outcomes = [
    [executions.completed, "completed"],
    [executions.nothingToDo, "with nothing to do"],
    [executions.rejected, "rejected"],
    [executions.expired, "expired"],
    [executions.failed, "failed"],
    [executions.running, "still running at the end"],
  ] as const;
  const told = outcomes.filter(([count]) => count > 0).map(([count, word]) => `${number(count)} ${word}`);
  const started = `${counted(executions.started, "execution")} of ${counted(report.firings.length, "firing")}`;
  return [
    `${paper.mark("bold", `${report.flowId} ${report.flowVersion}`)} simulated from ${moment(report.from, timezone)} to ${moment(report.to, timezone)} (${timezone})`,
    `${counted(report.customers, "customer")} as they stand now; ${assumptionWords[report.assumed]}; nothing was sent`,
    `${started}${told.length === 0 ? "" : `: ${told.join(", ")}`}`,
  ].join("\n");
}

function weeks(paper: Paper, report: SimulationReport): string {
  const all = new Map<string, SimulatedDay>();
  for (const day of daysOf(report)) {
    const monday = addDays({ date: day.date, days: -weekdayOf(day.date) });
    const week = all.get(monday) ?? { date: monday, sent: 0, asked: 0, held: 0 };
    all.set(monday, {
      date: monday,
      sent: week.sent + day.sent,
      asked: week.asked + day.asked,
      held: week.held + day.held,
    });
  }
  const rows = [...all.values()].map(({ date, sent, asked, held }) => [
    date,
    number(sent),
    number(asked),
    number(held),
  ]);
  return table(paper, { heads: ["week of", "sent", "asked", "held back"], rows, right: [1, 2, 3] });
}

function weekdayOf(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

function people(paper: Paper, report: SimulationReport): string {
  const all = reachedBy(report);
  const rows = all
    .slice(0, mostRows)
    .map(({ who, mails, messages, events, busiest }) => [
      plain(who),
      number(mails),
      number(messages),
      number(events),
      `${busiest.date}: ${number(busiest.count)}`,
    ]);
  if (rows.length === 0) return "Nobody would get anything.";
  const heads = ["who would get", "mails", "messages", "events", "most on"];
  return [table(paper, { heads, rows, right: [1, 2, 3] }), ...rest(all.length, "more")].join("\n");
}

function reasons(paper: Paper, report: SimulationReport): string {
  const all = reasonsOf(report);
  if (all.length === 0) return "";
  const rows = all
    .slice(0, mostRows)
    .map(({ kind, why, times, customers }) => [
      kind.replaceAll("_", " "),
      number(times),
      number(customers),
      plain(why),
    ]);
  const heads = ["why not", "times", "customers", ""];
  return [table(paper, { heads, rows, right: [1, 2] }), ...rest(all.length, "more reasons")].join("\n");
}

/** Each thing that happens, in the order of time. */
function list(paper: Paper, report: SimulationReport): string {
  const { timezone } = report;
  const rows = [
    ...report.effects.map(({ at, customerName, what, to }) => ({
      at,
      row: ["sent", customerName, what, to.join(", ")],
    })),
    ...report.approvals.map(({ at, customerName, stepId, asked, decision }) => ({
      at,
      row: ["asked", customerName, `${stepId}: ${decision ?? "open"}`, asked.join(" or ")],
    })),
    ...report.withheld.map(({ at, customerName, kind, why }) => ({
      at,
      row: [kind.replaceAll("_", " "), customerName, why, ""],
    })),
  ];
  const inOrder = rows.toSorted((one, other) => one.at - other.at);
  const lines = inOrder.map(({ at, row }) => [moment(at, timezone), ...row.map((cell) => plain(cell ?? ""))]);
  return table(paper, { heads: ["when", "", "customer", "what", "whom"], rows: lines });
}

function rest(all: number, what: string): string[] {
  return all > mostRows ? [`and ${number(all - mostRows)} ${what}; --json has all`] : [];
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function counted(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
}
