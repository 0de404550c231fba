/** The reasons behind a score in words, each with the evidence that it rests on. Names and subjects stay raw (T2: escaped where they land). */
import { dayInWords, lastDayOf, money, monthInWords, percent, plural } from "../phrase.ts";
import type { Evidence } from "./renewal-risk.ts";
import type { RiskEvidence } from "./risk-evidence.ts";
import type { Factor } from "./risk-model.ts";
import { type SignalName, signals, type Topic } from "./signals.ts";

interface Told {
  text: string;
  evidence: Evidence[];
}

/** Open tickets quoted as evidence. */
const ticketsQuoted = 5;

/** What the factor reads, in one sentence a topic; what is not known is left out where something else is. */
export function reasonFor({ terms }: Factor, evidence: RiskEvidence): Told {
  const read = new Set(terms.map(({ signal }) => signal));
  const told = topicsOf(terms).map((topic) => tell(topic, evidence, read));
  return { text: told.map(({ text }) => text).join("; "), evidence: told.flatMap((one) => one.evidence) };
}

/** In the order of the factor's signals: what it is mainly about comes first. */
export function topicsOf(terms: Factor["terms"]): Topic[] {
  return [...new Set(terms.map(({ signal }) => signals[signal].topic))];
}

function tell(topic: Topic, evidence: RiskEvidence, read: ReadonlySet<SignalName>): Told {
  switch (topic) {
    case "seat_use":
      return seatUse(evidence, read);
    case "open_tickets":
      return openTickets(evidence);
    case "csat":
      return csat(evidence);
    case "champion":
      return champion(evidence);
    case "nps":
      return { text: evidence.nps === null ? "NPS not known" : `NPS ${evidence.nps}`, evidence: [] };
    case "overdue_invoices":
      return overdueInvoices(evidence);
    case "contract":
      return contract(evidence);
    default:
      return topic satisfies never;
  }
}

/** Level and trend in one sentence, or only what the factor reads of it. */
function seatUse({ usage, today }: RiskEvidence, read: ReadonlySet<SignalName>): Told {
  const { activeUsers, seats, month, since } = usage;
  const utilization = read.has("utilization") ? usage.utilization : null;
  const change = read.has("usage_change") ? usage.change : null;
  const evidence: Evidence[] = [];
  if (activeUsers !== null) {
    const of = seats === null ? "" : ` of ${seats} seats`;
    evidence.push({ text: `${activeUsers}${of} active`, date: month === null ? null : lastDayOf(month) });
  }
  if (activeUsers !== null && change !== null && change > -1) {
    const earlier = Math.round(activeUsers / (1 + change));
    evidence.push({ text: `${earlier} active`, date: since === null ? null : lastDayOf(since) });
  }
  if (utilization === null) return { text: trendAlone(change ?? 0, since, today), evidence };
  const level = `Seat use ${percent(utilization)}${seats === null ? "" : ` of ${seats}`}`;
  const before = since === null ? "before" : `in ${monthInWords(since, today)}`;
  const hasMoved = change !== null && change > -1 && Math.abs(change) >= 0.05;
  return { text: hasMoved ? `${level}, was ${percent(utilization / (1 + change))} ${before}` : level, evidence };
}

function trendAlone(change: number, since: string | null, today: string): string {
  const when = since === null ? "" : ` since ${monthInWords(since, today)}`;
  return `Active users ${change < 0 ? "down" : "up"} ${percent(Math.abs(change))}${when}`;
}

function openTickets({ tickets }: RiskEvidence): Told {
  if (tickets.urgent === null && tickets.open === null) return { text: "Tickets not known", evidence: [] };
  const urgent = tickets.urgent ?? 0;
  const open = tickets.open ?? urgent;
  const shown = urgent > 0 ? tickets.list.filter(({ priority }) => priority === "urgent") : tickets.list;
  const evidence = shown.slice(0, ticketsQuoted).map(({ subject, openedAt }) => ({
    text: subject ?? "A ticket without a subject",
    date: openedAt === null ? null : openedAt.slice(0, 10),
  }));
  if (urgent === 0)
    return { text: open === 0 ? "No open tickets" : `${plural(open, "ticket")} open, none urgent`, evidence };
  const days = tickets.oldestUrgentDays;
  const age = days === null ? "" : urgent === 1 ? ` for ${plural(days, "day")}` : `, oldest ${plural(days, "day")}`;
  return { text: `${plural(urgent, "urgent ticket")} open${age}`, evidence };
}

function csat({ csat: { mean, answers } }: RiskEvidence): Told {
  if (mean === null) return { text: "CSAT not known", evidence: [] };
  const over = answers === null ? "" : ` over ${plural(answers, "answer")}`;
  return { text: `CSAT ${mean.toFixed(1)} of 5${over}`, evidence: [] };
}

function champion({ champion: { status, name, leftAt }, today }: RiskEvidence): Told {
  if (status === null) return { text: "Champion not known", evidence: [] };
  const evidence = name === null ? [] : [{ text: `${name}, champion`, date: leftAt }];
  if (status === "active") return { text: "Champion is still there", evidence };
  return { text: leftAt === null ? "Champion has left" : `Champion left on ${dayInWords(leftAt, today)}`, evidence };
}

function overdueInvoices({ invoices, currency, today }: RiskEvidence): Told {
  const { overdue, amount, oldestDays, oldestDueDate } = invoices;
  if (overdue === null && oldestDays === null) return { text: "Invoices not known", evidence: [] };
  if (overdue === 0) return { text: "No overdue invoices", evidence: [] };
  const count = overdue === null ? "Invoices" : plural(overdue, "invoice");
  const age =
    oldestDays === null
      ? ""
      : overdue === 1
        ? ` by ${plural(oldestDays, "day")}`
        : `, oldest by ${plural(oldestDays, "day")}`;
  const owed = amount === null ? "Not paid" : `${money(amount, currency)} not paid`;
  const since = oldestDueDate === null ? "" : ` since ${dayInWords(oldestDueDate, today)}`;
  return { text: `${count} overdue${age}`, evidence: [{ text: `${owed}${since}`, date: oldestDueDate }] };
}

function contract({ contract: { autoRenew, noticeDate }, today }: RiskEvidence): Told {
  if (autoRenew === null) return { text: "Contract terms not known", evidence: [] };
  if (autoRenew) return { text: "Renews by itself", evidence: [] };
  if (noticeDate === null) return { text: "Doesn't renew by itself", evidence: [] };
  const passed = noticeDate < today;
  const text = passed
    ? `Doesn't renew by itself, notice date passed on ${dayInWords(noticeDate, today)}`
    : "Doesn't renew by itself";
  return { text, evidence: [{ text: "Notice date", date: noticeDate }] };
}
