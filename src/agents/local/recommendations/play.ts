/**
 * The plays: what can be done about a customer, as data. A play takes back a share of the points of the topics that it works on, so
 * its worth follows from the very reasons that make up the score; one that grows the customer has a worth of its own.
 */
import type { Topic } from "../risk/signals.ts";

/** All of a play's must hold. */
export type Precondition =
  /** A topic that it works on raises the risk. */
  | "answers_a_reason"
  /** More seats are paid for than needed. */
  | "spare_seats"
  /** Nearly all seats are used. */
  | "full_seats"
  /** So little is known that the confidence is low. */
  | "low_confidence"
  /** The risk isn't high: what isn't kept can't grow. */
  | "risk_not_high"
  /** The renewal doesn't lie in the past, as far as is known; `renewal_passed`: it does, and they are a customer still. */
  | "renewal_ahead"
  | "renewal_passed"
  /** There is still a contract; `gone`: there is none any more. */
  | "still_a_customer"
  | "gone";

export interface Play {
  id: string;
  /** `{seats}` stands for the seats that the active people need. */
  title: string;
  preconditions: readonly Precondition[];
  /**
   * `answer`: taken for what it takes back. `gap`: taken whenever it fits, for what isn't known can't be weighed. `growth`: for
   * the strategy that asks for it. `filler`: fills up to two.
   */
  kind: "answer" | "gap" | "growth" | "filler";
  /** Share of a topic's raising points that the play is expected to take back. */
  relieves: Readonly<Partial<Record<Topic, number>>>;
  /** Share of the yearly revenue that it is expected to add. */
  grows: number;
  owner: "account_manager" | "csm";
  /** Calendar days; sooner where the day for notice or the renewal comes first. */
  dueInDays: number;
  /** Why, where no topic that it works on raises the risk. */
  otherwise: string;
}

export const plays: readonly Play[] = [
  {
    id: "close_urgent_tickets",
    title: "Get the open tickets closed",
    preconditions: ["answers_a_reason", "still_a_customer"],
    kind: "answer",
    relieves: { open_tickets: 0.9, csat: 0.2 },
    grows: 0,
    owner: "csm",
    dueInDays: 3,
    otherwise: "",
  },
  {
    id: "executive_check_in",
    title: "Executive check-in this week",
    preconditions: ["answers_a_reason", "still_a_customer"],
    kind: "answer",
    relieves: { champion: 0.6, csat: 0.4, nps: 0.5, open_tickets: 0.2 },
    grows: 0,
    owner: "account_manager",
    dueInDays: 4,
    otherwise: "",
  },
  {
    id: "right_size",
    title: "Right-size to {seats} seats",
    preconditions: ["answers_a_reason", "spare_seats", "still_a_customer"],
    kind: "answer",
    relieves: { seat_use: 0.6, contract: 0.3 },
    grows: 0,
    owner: "account_manager",
    dueInDays: 7,
    otherwise: "",
  },
  {
    id: "adoption_plan",
    title: "Adoption plan for the idle seats",
    preconditions: ["answers_a_reason", "still_a_customer"],
    kind: "answer",
    relieves: { seat_use: 0.3, nps: 0.1 },
    grows: 0,
    owner: "csm",
    dueInDays: 7,
    otherwise: "",
  },
  {
    id: "new_champion",
    title: "Win a new champion",
    preconditions: ["answers_a_reason", "still_a_customer"],
    kind: "answer",
    relieves: { champion: 0.5 },
    grows: 0,
    owner: "csm",
    dueInDays: 10,
    otherwise: "",
  },
  {
    id: "settle_invoices",
    title: "Settle the overdue invoices",
    preconditions: ["answers_a_reason", "still_a_customer"],
    kind: "answer",
    relieves: { overdue_invoices: 0.9 },
    grows: 0,
    owner: "account_manager",
    dueInDays: 5,
    otherwise: "",
  },
  {
    id: "agree_terms",
    title: "Agree the renewal terms in writing",
    preconditions: ["answers_a_reason", "renewal_ahead", "still_a_customer"],
    kind: "answer",
    relieves: { contract: 0.8 },
    grows: 0,
    owner: "account_manager",
    dueInDays: 7,
    otherwise: "",
  },
  {
    id: "find_out",
    title: "Find out what isn't known",
    preconditions: ["low_confidence", "still_a_customer"],
    kind: "gap",
    relieves: {},
    grows: 0,
    owner: "csm",
    dueInDays: 5,
    otherwise: "Too little is known to call it safe",
  },
  {
    id: "success_plan",
    title: "Success plan",
    preconditions: ["still_a_customer"],
    kind: "filler",
    relieves: { seat_use: 0.2, csat: 0.2, nps: 0.2 },
    grows: 0,
    owner: "csm",
    dueInDays: 14,
    otherwise: "A renewal goes better with agreed goals",
  },
  {
    id: "confirm_renewal",
    title: "Ask for the renewal",
    preconditions: ["renewal_ahead", "still_a_customer"],
    kind: "filler",
    relieves: { contract: 0.3 },
    grows: 0,
    owner: "account_manager",
    dueInDays: 10,
    otherwise: "No reason against it is known",
  },
  {
    id: "more_seats",
    title: "Offer more seats",
    preconditions: ["full_seats", "risk_not_high", "still_a_customer"],
    kind: "growth",
    relieves: {},
    grows: 0.15,
    owner: "account_manager",
    dueInDays: 10,
    otherwise: "Nearly all seats are used",
  },
  {
    id: "multi_year",
    title: "Offer a term of several years",
    preconditions: ["risk_not_high", "renewal_ahead", "still_a_customer"],
    kind: "growth",
    relieves: { contract: 0.8 },
    grows: 0.05,
    owner: "account_manager",
    dueInDays: 14,
    otherwise: "The risk is low enough to talk about more than the next year",
  },
  {
    id: "next_team",
    title: "Find the next team that needs it",
    preconditions: ["risk_not_high", "still_a_customer"],
    kind: "growth",
    relieves: {},
    grows: 0.1,
    owner: "csm",
    dueInDays: 21,
    otherwise: "Who is content can be asked who else would be",
  },
  {
    id: "win_back",
    title: "Ask why they left, and what would bring them back",
    preconditions: ["gone"],
    kind: "gap",
    relieves: {},
    grows: 0,
    owner: "account_manager",
    dueInDays: 7,
    otherwise: "They are no customer any more: there is nothing to renew",
  },
  {
    id: "clear_the_record",
    title: "Set their record right in the CRM",
    preconditions: ["gone"],
    kind: "gap",
    relieves: {},
    grows: 0,
    owner: "csm",
    dueInDays: 5,
    otherwise: "A customer who left is still in the list of those to keep",
  },
  {
    id: "settle_the_date",
    title: "Find out what became of the renewal",
    preconditions: ["renewal_passed"],
    kind: "gap",
    relieves: {},
    grows: 0,
    owner: "account_manager",
    dueInDays: 2,
    otherwise: "The renewal date has passed, and the CRM has no new one",
  },
];
