/**
 * The plays: what can be done about a renewal at risk, as data. A play takes back a share of the points of the factors that
 * it works on, so its worth follows from the very reasons that make up the score.
 */
import type { FactorId } from "../risk/risk-model.ts";

export interface Play {
  id: string;
  /** `seats` is what the active people need; only the right-sizing play names it. */
  title: (facts: { seats: number | null }) => string;
  /** Share of a factor's raising points that the play is expected to take back. */
  relieves: Readonly<Partial<Record<FactorId, number>>>;
  /** Fits every customer; the others need a factor that raises the risk. */
  always: boolean;
  /** Needs fewer seats than are bought to make sense. */
  needsSpareSeats: boolean;
  owner: "account_manager" | "csm";
  dueInDays: number;
  /** Why, where no factor that it works on raises the risk. */
  otherwise: string;
}

export const plays: readonly Play[] = [
  {
    id: "close_urgent_tickets",
    title: () => "Get the open tickets closed",
    relieves: { open_tickets: 0.9, csat: 0.2 },
    always: false,
    needsSpareSeats: false,
    owner: "csm",
    dueInDays: 3,
    otherwise: "",
  },
  {
    id: "executive_check_in",
    title: () => "Executive check-in this week",
    relieves: { champion: 0.4, csat: 0.3, nps: 0.4, open_tickets: 0.1 },
    always: false,
    needsSpareSeats: false,
    owner: "account_manager",
    dueInDays: 5,
    otherwise: "",
  },
  {
    id: "right_size",
    title: ({ seats }) => (seats === null ? "Right-size the seats" : `Right-size to ${seats} seats`),
    relieves: { seat_use: 0.6, contract: 0.3 },
    always: false,
    needsSpareSeats: true,
    owner: "account_manager",
    dueInDays: 7,
    otherwise: "",
  },
  {
    id: "adoption_plan",
    title: () => "Adoption plan for the idle seats",
    relieves: { seat_use: 0.35, nps: 0.1 },
    always: false,
    needsSpareSeats: false,
    owner: "csm",
    dueInDays: 7,
    otherwise: "",
  },
  {
    id: "new_champion",
    title: () => "Win a new champion",
    relieves: { champion: 0.7 },
    always: false,
    needsSpareSeats: false,
    owner: "csm",
    dueInDays: 10,
    otherwise: "",
  },
  {
    id: "settle_invoices",
    title: () => "Settle the overdue invoices",
    relieves: { overdue_invoices: 0.9 },
    always: false,
    needsSpareSeats: false,
    owner: "account_manager",
    dueInDays: 5,
    otherwise: "",
  },
  {
    id: "agree_terms",
    title: () => "Agree the renewal terms in writing",
    relieves: { contract: 0.8 },
    always: false,
    needsSpareSeats: false,
    owner: "account_manager",
    dueInDays: 7,
    otherwise: "",
  },
  {
    id: "success_plan",
    title: () => "Success plan",
    relieves: { seat_use: 0.15, csat: 0.2, nps: 0.2 },
    always: true,
    needsSpareSeats: false,
    owner: "csm",
    dueInDays: 14,
    otherwise: "A renewal goes better with agreed goals",
  },
  {
    id: "confirm_renewal",
    title: () => "Ask for the renewal",
    relieves: { contract: 0.3 },
    always: true,
    needsSpareSeats: false,
    owner: "account_manager",
    dueInDays: 10,
    otherwise: "Nothing speaks against it",
  },
];
