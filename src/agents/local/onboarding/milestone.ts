/** The milestones of an onboarding, as data: when, whose, and what must be seen to hold by then. */
import type { SignalName } from "../risk/signals.ts";

export interface Check {
  /** What a person would say when it holds. */
  text: string;
  signal: SignalName;
  /** A number at least or at most this, or the word. What isn't known is neither. */
  holds: { atLeast: number } | { atMost: number } | { is: string };
}

export interface Milestone {
  id: string;
  /** Calendar days after the start; moved on to a working day. */
  day: number;
  title: string;
  owner: "csm" | "account_manager";
  checks: readonly Check[];
}

export const milestones: readonly Milestone[] = [
  {
    id: "day_7",
    day: 7,
    title: "Everybody knows who does what",
    owner: "csm",
    checks: [
      { text: "Somebody speaks for the product there", signal: "champion", holds: { is: "active" } },
      { text: "No urgent ticket is open", signal: "urgent_tickets", holds: { atMost: 0 } },
    ],
  },
  {
    id: "day_30",
    day: 30,
    title: "The first people work with it",
    owner: "csm",
    checks: [
      { text: "A quarter of the seats is used", signal: "utilization", holds: { atLeast: 0.25 } },
      { text: "No urgent ticket is open", signal: "urgent_tickets", holds: { atMost: 0 } },
      { text: "Somebody speaks for the product there", signal: "champion", holds: { is: "active" } },
    ],
  },
  {
    id: "day_60",
    day: 60,
    title: "It has become a habit",
    owner: "account_manager",
    checks: [
      { text: "Half of the seats are used", signal: "utilization", holds: { atLeast: 0.5 } },
      { text: "No urgent ticket is open", signal: "urgent_tickets", holds: { atMost: 0 } },
      { text: "No invoice is overdue", signal: "overdue_days", holds: { atMost: 0 } },
    ],
  },
];
