/**
 * The plays: what can be done about a renewal at risk, as data. A play takes back a share of the points of the factors that
 * it works on, so its worth follows from the very reasons that make up the score.
 */
import type { Topic } from "../risk/signals.ts";

export interface Play {
  id: string;
  /** `{seats}` stands for the seats that the active people need. */
  title: string;
  /**
   * `reasons`: a factor that it works on raises the risk. `spare_seats`: besides, more seats are paid for than needed.
   * `unknowns`: so little is known that the confidence is low. `always`: fills up to two.
   */
  fits: "reasons" | "spare_seats" | "unknowns" | "always";
  /** Share of a factor's raising points that the play is expected to take back. */
  relieves: Readonly<Partial<Record<Topic, number>>>;
  owner: "account_manager" | "csm";
  dueInDays: number;
  /** Why, where no factor that it works on raises the risk. */
  otherwise: string;
}

export const plays: readonly Play[] = [
  {
    id: "close_urgent_tickets",
    title: "Get the open tickets closed",
    fits: "reasons",
    relieves: { open_tickets: 0.9, csat: 0.2 },
    owner: "csm",
    dueInDays: 3,
    otherwise: "",
  },
  {
    id: "executive_check_in",
    title: "Executive check-in this week",
    fits: "reasons",
    relieves: { champion: 0.6, csat: 0.4, nps: 0.5, open_tickets: 0.2 },
    owner: "account_manager",
    dueInDays: 4,
    otherwise: "",
  },
  {
    id: "right_size",
    title: "Right-size to {seats} seats",
    fits: "spare_seats",
    relieves: { seat_use: 0.6, contract: 0.3 },
    owner: "account_manager",
    dueInDays: 7,
    otherwise: "",
  },
  {
    id: "adoption_plan",
    title: "Adoption plan for the idle seats",
    fits: "reasons",
    relieves: { seat_use: 0.3, nps: 0.1 },
    owner: "csm",
    dueInDays: 7,
    otherwise: "",
  },
  {
    id: "new_champion",
    title: "Win a new champion",
    fits: "reasons",
    relieves: { champion: 0.5 },
    owner: "csm",
    dueInDays: 10,
    otherwise: "",
  },
  {
    id: "settle_invoices",
    title: "Settle the overdue invoices",
    fits: "reasons",
    relieves: { overdue_invoices: 0.9 },
    owner: "account_manager",
    dueInDays: 5,
    otherwise: "",
  },
  {
    id: "agree_terms",
    title: "Agree the renewal terms in writing",
    fits: "reasons",
    relieves: { contract: 0.8 },
    owner: "account_manager",
    dueInDays: 7,
    otherwise: "",
  },
  {
    id: "find_out",
    title: "Find out what isn't known",
    fits: "unknowns",
    relieves: {},
    owner: "csm",
    dueInDays: 5,
    otherwise: "Too little is known to call it safe",
  },
  {
    id: "success_plan",
    title: "Success plan",
    fits: "always",
    relieves: { seat_use: 0.2, csat: 0.2, nps: 0.2 },
    owner: "csm",
    dueInDays: 14,
    otherwise: "A renewal goes better with agreed goals",
  },
  {
    id: "confirm_renewal",
    title: "Ask for the renewal",
    fits: "always",
    relieves: { contract: 0.3 },
    owner: "account_manager",
    dueInDays: 10,
    otherwise: "No reason against it is known",
  },
];
