/** The facts that a risk model looks at, gathered from the data agent's answer and, where that is silent, the customer. */
import type { Customer } from "../../../flow/customer.ts";
import type { CustomerData } from "../data/customer-data.ts";
import { monthsBetween } from "../phrase.ts";
import { type Signal, type SignalName, signalNames, signalProblem, type Signals } from "./signals.ts";

/** Figures of a month that ended longer ago than this say how it was, not how it is. */
const usageMonthsValid = 2;

export interface RiskEvidence {
  today: string;
  currency: string | null;
  usage: {
    utilization: number | null;
    activeUsers: number | null;
    seats: number | null;
    month: string | null;
    /** Change of active users since `since`. */
    change: number | null;
    since: string | null;
  };
  tickets: {
    urgent: number | null;
    open: number | null;
    oldestUrgentDays: number | null;
    list: { priority: string | null; subject: string | null; openedAt: string | null }[];
  };
  csat: { mean: number | null; answers: number | null };
  champion: { status: "active" | "left" | null; name: string | null; leftAt: string | null };
  nps: number | null;
  invoices: {
    overdue: number | null;
    amount: number | null;
    oldestDays: number | null;
    oldestDueDate: string | null;
  };
  contract: { autoRenew: boolean | null; noticeDate: string | null };
}

export interface Sources {
  data: CustomerData | null;
  customer: Customer | null;
  today: string;
}

export function gatherEvidence(sources: Sources): RiskEvidence {
  const { data, customer, today } = sources;
  const contract = data?.contract_details ?? null;
  return {
    today,
    currency: contract?.currency ?? customer?.currency ?? null,
    usage: usageEvidence(sources),
    ...supportEvidence(data?.support_history ?? null),
    champion: championEvidence(sources),
    nps: data?.nps ?? customer?.nps ?? null,
    invoices: invoiceEvidence(data?.invoices ?? null),
    contract: {
      autoRenew: contract?.auto_renew ?? customer?.auto_renew ?? null,
      noticeDate: contract?.notice_date ?? customer?.notice_date ?? null,
    },
  };
}

function usageEvidence({ data, customer }: Sources): RiskEvidence["usage"] {
  const usage = data?.usage_metrics ?? null;
  const seats = usage?.seats ?? data?.contract_details?.seats ?? customer?.seats ?? null;
  const activeUsers = usage?.active_users ?? null;
  const computed = activeUsers !== null && seats !== null && seats > 0 ? activeUsers / seats : null;
  return {
    utilization: usage?.utilization ?? computed,
    activeUsers,
    seats,
    month: usage?.month ?? null,
    change: usage?.trend ?? null,
    since: usage?.trend_since ?? null,
  };
}

function supportEvidence(support: CustomerData["support_history"] | null): Pick<RiskEvidence, "tickets" | "csat"> {
  const list = (support?.tickets ?? []).map(({ priority, subject, opened_at }) => ({
    priority: priority ?? null,
    subject: subject ?? null,
    openedAt: opened_at ?? null,
  }));
  return {
    tickets: {
      urgent: support?.urgent_tickets ?? null,
      open: support?.open_tickets ?? null,
      oldestUrgentDays: support?.oldest_urgent_days ?? null,
      list,
    },
    csat: { mean: support?.csat ?? null, answers: support?.csat_answers ?? null },
  };
}

/** Where the CRM's field and the contacts contradict each other, the worse is believed. */
function championEvidence({ data, customer }: Sources): RiskEvidence["champion"] {
  const contact = data?.contacts?.champion ?? null;
  const field = data?.champion_status ?? customer?.champion_status ?? null;
  const said = field === "unknown" ? null : field;
  const leftAt = contact?.left_at ?? null;
  const seen = contact === null ? null : leftAt === null ? "active" : "left";
  const status = said === "left" || seen === "left" ? "left" : (said ?? seen);
  const isThisOne = seen === status;
  return { status, name: isThisOne ? (contact?.name ?? null) : null, leftAt: isThisOne ? leftAt : null };
}

function invoiceEvidence(invoices: CustomerData["invoices"] | null): RiskEvidence["invoices"] {
  return {
    overdue: invoices?.overdue ?? null,
    amount: invoices?.overdue_amount ?? null,
    oldestDays: invoices?.oldest_overdue_days ?? null,
    oldestDueDate: invoices?.oldest_due_date ?? null,
  };
}

/** What can't be what it should be (see `unusableIn`) counts as not known. */
export function signalsOf(evidence: RiskEvidence): Signals {
  const read = readSignals(evidence);
  const unusable = problemsOf(read, evidence);
  const signals = { ...read };
  for (const name of unusable.keys()) signals[name] = { value: null, outdated: false };
  return signals;
}

/** The signals whose figures are there but of another unit or against each other, and why, in words. */
export function unusableIn(evidence: RiskEvidence): ReadonlyMap<SignalName, string> {
  return problemsOf(readSignals(evidence), evidence);
}

function problemsOf(read: Signals, { usage }: RiskEvidence): ReadonlyMap<SignalName, string> {
  const problems = new Map<SignalName, string>();
  for (const name of signalNames) {
    const { value } = read[name];
    const problem = value === null ? null : signalProblem(name, value);
    if (problem !== null) problems.set(name, problem);
  }
  const contradiction = seatUseContradiction(usage);
  if (contradiction !== null && !problems.has("utilization")) problems.set("utilization", contradiction);
  const { since, month } = usage;
  if (read.usage_change.value !== null && since !== null && month !== null && since >= month)
    problems.set("usage_change", `its period ends in ${month} before it begins in ${since}`);
  return problems;
}

/** From here on two figures of the same use are of different units: a per cent, thousands. */
const unitFactor = 20;

function seatUseContradiction({ utilization, activeUsers, seats }: RiskEvidence["usage"]): string | null {
  if (utilization === null || activeUsers === null || seats === null || activeUsers <= 0 || seats <= 0) return null;
  const ratio = utilization / (activeUsers / seats);
  if (ratio > 1 / unitFactor && ratio < unitFactor) return null;
  return `${utilization} contradicts ${activeUsers} active of ${seats} seats`;
}

function readSignals(evidence: RiskEvidence): Record<SignalName, Signal> {
  const { usage, tickets, csat, champion, nps, invoices } = evidence;
  const outdated = isUsageOutdated(evidence);
  return {
    utilization: { value: usage.utilization, outdated },
    usage_change: { value: usage.change, outdated },
    urgent_tickets: current(tickets.urgent),
    oldest_urgent_days: current(tickets.urgent === 0 ? null : tickets.oldestUrgentDays),
    open_tickets: current(tickets.open),
    csat: current(csat.mean),
    champion: current(champion.status),
    nps: current(nps),
    overdue_days: current(invoices.overdue === 0 ? 0 : invoices.oldestDays),
    renewal_mode: current(renewalMode(evidence)),
  };
}

export function isUsageOutdated({ usage: { month }, today }: RiskEvidence): boolean {
  return month !== null && monthsBetween(month, today.slice(0, 7)) > usageMonthsValid;
}

function renewalMode({ contract: { autoRenew, noticeDate }, today }: RiskEvidence): string | null {
  if (autoRenew === null) return null;
  if (autoRenew) return "renews_by_itself";
  return noticeDate !== null && noticeDate < today ? "by_hand_notice_passed" : "by_hand";
}

function current(value: Signal["value"]): Signal {
  return { value, outdated: false };
}
