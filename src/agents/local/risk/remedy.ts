/**
 * What would bring a score under the threshold: remedies are applied to the evidence and the model scores it again, so a
 * promise is never invented. The smallest number of remedies that is enough, and up to three alternatives of that size.
 */
import { joined } from "../phrase.ts";
import { type RiskEvidence, signalsOf } from "./risk-evidence.ts";
import { evaluate, type RiskModel } from "./risk-model.ts";

/** What seats are cut to, and what seat use is raised to. */
const comfortableUse = 0.8;
const healthyUse = 0.7;
const alternatives = 3;

export interface Remedy {
  id: "close_urgent_tickets" | "settle_invoices" | "find_champion" | "cut_seats" | "raise_use";
  text: string;
  evidence: RiskEvidence;
}

/** From the easiest to the hardest. */
const remedies: readonly ((evidence: RiskEvidence) => Remedy | null)[] = [
  closeUrgentTickets,
  settleInvoices,
  findChampion,
  cutSeats,
  raiseUse,
];

export function whatWouldHelp(parameters: {
  model: RiskModel;
  evidence: RiskEvidence;
  threshold: number;
  /** As in `evaluate`: what no remedy changes. */
  doubts?: number;
}): { text: string; risk_score: number }[] {
  const { model, evidence, threshold, doubts = 0 } = parameters;
  const scoreOf = (seen: RiskEvidence) => evaluate(model, signalsOf(seen), { doubts }).score;
  if (scoreOf(evidence) < threshold) return [];
  for (let size = 1; size <= remedies.length; size++) {
    const enough = subsets(remedies, size)
      .map((chosen) => applied(chosen, evidence))
      .filter((plan) => plan !== null)
      .map(({ text, evidence }) => ({ text, risk_score: scoreOf(evidence) }))
      .filter(({ risk_score }) => risk_score < threshold);
    if (enough.length > 0) return enough.slice(0, alternatives);
  }
  return [];
}

/** Null: one of them has nothing to remedy, perhaps because another already has. */
function applied(chosen: readonly (typeof remedies)[number][], evidence: RiskEvidence) {
  const texts: string[] = [];
  let changed = evidence;
  for (const remedyOf of chosen) {
    const remedy = remedyOf(changed);
    if (remedy === null) return null;
    texts.push(remedy.text);
    changed = remedy.evidence;
  }
  return { text: joined(texts, "and"), evidence: changed };
}

function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => subsets(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}

function closeUrgentTickets(evidence: RiskEvidence): Remedy | null {
  const { tickets } = evidence;
  const { urgent, open } = tickets;
  if (urgent === null || urgent === 0) return null;
  const which =
    urgent === 1
      ? "the urgent ticket is"
      : urgent === 2
        ? "both urgent tickets are"
        : `the ${urgent} urgent tickets are`;
  const left = {
    ...tickets,
    urgent: 0,
    open: open === null ? null : Math.max(0, open - urgent),
    oldestUrgentDays: null,
  };
  return { id: "close_urgent_tickets", text: `${which} closed`, evidence: { ...evidence, tickets: left } };
}

function settleInvoices(evidence: RiskEvidence): Remedy | null {
  const { overdue, oldestDays } = evidence.invoices;
  if (overdue === 0 || (overdue === null && oldestDays === null)) return null;
  const which = overdue === 1 ? "the overdue invoice is" : "the overdue invoices are";
  const settled = { overdue: 0, amount: 0, oldestDays: null, oldestDueDate: null };
  return { id: "settle_invoices", text: `${which} paid`, evidence: { ...evidence, invoices: settled } };
}

function findChampion(evidence: RiskEvidence): Remedy | null {
  if (evidence.champion.status !== "left") return null;
  const champion = { status: "active" as const, name: null, leftAt: null };
  return { id: "find_champion", text: "a new champion is found", evidence: { ...evidence, champion } };
}

/** Seats that fit the people who are active; null where it would be no cut. */
export function comfortableSeats({ activeUsers, seats }: { activeUsers: number | null; seats: number | null }) {
  if (activeUsers === null || activeUsers === 0 || seats === null) return null;
  const fitting = Math.ceil(activeUsers / comfortableUse);
  const rounded = fitting > 20 ? Math.ceil(fitting / 5) * 5 : fitting;
  return rounded < seats ? rounded : null;
}

function cutSeats(evidence: RiskEvidence): Remedy | null {
  const { usage } = evidence;
  const seats = comfortableSeats(usage);
  if (seats === null || usage.activeUsers === null) return null;
  const cut = { ...usage, seats, utilization: usage.activeUsers / seats };
  return { id: "cut_seats", text: `seats are cut to ${seats}`, evidence: { ...evidence, usage: cut } };
}

/** More use moves the trend too: it is against the same earlier month. */
function raiseUse(evidence: RiskEvidence): Remedy | null {
  const { usage } = evidence;
  const { utilization, change, activeUsers } = usage;
  if (utilization === null || utilization >= healthyUse) return null;
  const growth = utilization === 0 ? null : healthyUse / utilization;
  const raised = {
    ...usage,
    utilization: healthyUse,
    activeUsers: activeUsers === null || growth === null ? null : activeUsers * growth,
    change: change === null || growth === null ? null : (1 + change) * growth - 1,
  };
  const text = `seat use reaches ${Math.round(healthyUse * 100)} %`;
  return { id: "raise_use", text, evidence: { ...evidence, usage: raised } };
}
