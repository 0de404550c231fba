/**
 * The signals: what the data agent delivers of a customer for a risk model to weigh. A model may read these and no others, and a
 * file of closed renewals has a column for each of them.
 */
export type SignalName =
  | "utilization"
  | "usage_change"
  | "urgent_tickets"
  | "oldest_urgent_days"
  | "open_tickets"
  | "csat"
  | "champion"
  | "nps"
  | "overdue_days"
  | "renewal_mode";

export interface Signal {
  /** Null: not known. */
  value: number | string | null;
  /** True of what says how it was, not how it is. */
  outdated: boolean;
}
export type Signals = Readonly<Record<SignalName, Signal>>;

/** What several signals are about together: one sentence tells it. */
export type Topic = "seat_use" | "open_tickets" | "csat" | "champion" | "nps" | "overdue_invoices" | "contract";

interface Described {
  description: string;
  topic: Topic;
  /** What is missing when the signal is; null: its absence is nothing to find out. */
  missing: string | null;
}

interface NumberSignal extends Described {
  kind: "number";
  /** A value beyond these is of another unit, or a slip. */
  min: number;
  max: number;
  whole: boolean;
}

interface WordSignal extends Described {
  kind: "word";
  words: readonly string[];
}

export type SignalDescription = NumberSignal | WordSignal;

const number = { kind: "number", min: 0, whole: false } as const;
const count = { kind: "number", min: 0, max: 10_000, whole: true } as const;

export const signals: Readonly<Record<SignalName, SignalDescription>> = {
  utilization: {
    ...number,
    max: 3,
    topic: "seat_use",
    missing: "seat use",
    description: "active users of the last finished month by seats: 0.41 is 41 %",
  },
  usage_change: {
    ...number,
    min: -1,
    max: 20,
    topic: "seat_use",
    missing: "usage trend",
    description: "change of active users over three months: -0.4 is 40 % fewer",
  },
  urgent_tickets: {
    ...count,
    topic: "open_tickets",
    missing: "support tickets",
    description: "urgent tickets open",
  },
  oldest_urgent_days: {
    ...count,
    topic: "open_tickets",
    missing: null,
    description: "days since the oldest open urgent ticket was opened",
  },
  open_tickets: { ...count, topic: "open_tickets", missing: null, description: "tickets open, urgent ones included" },
  csat: {
    ...number,
    min: 1,
    max: 5,
    topic: "csat",
    missing: "CSAT",
    description: "mean of the answers of the last 180 days, 1 to 5",
  },
  champion: {
    kind: "word",
    words: ["active", "left"],
    topic: "champion",
    missing: "champion",
    description: "whether who spoke for the product is still there",
  },
  nps: { ...number, min: -100, max: 100, topic: "nps", missing: "NPS", description: "-100 to 100" },
  overdue_days: {
    ...count,
    topic: "overdue_invoices",
    missing: "invoices",
    description: "days since the oldest unpaid invoice was due; 0 where none is overdue",
  },
  renewal_mode: {
    kind: "word",
    words: ["renews_by_itself", "by_hand", "by_hand_notice_passed"],
    topic: "contract",
    missing: "contract terms",
    description: "whether the contract renews by itself, and where it doesn't, whether the day for notice has passed",
  },
};

export const signalNames: readonly SignalName[] = (Object.keys(signals) satisfies string[]).filter(isSignal);

export function isSignal(name: string): name is SignalName {
  return Object.hasOwn(signals, name);
}

/** "41 is not 0 to 3": why a value can't be what the signal means; null where it can. */
export function signalProblem(name: SignalName, value: number | string): string | null {
  const signal = signals[name];
  switch (signal.kind) {
    case "number": {
      const { min, max, whole } = signal;
      const fits = typeof value === "number" && value >= min && value <= max && (!whole || Number.isInteger(value));
      return fits ? null : `${String(value)} is not ${whole ? "a whole number from " : ""}${min} to ${max}`;
    }
    case "word":
      return typeof value === "string" && signal.words.includes(value)
        ? null
        : `${String(value)} is none of ${signal.words.join(", ")}`;
    default:
      return signal satisfies never;
  }
}

/** One value for each signal. */
export function eachSignal<T>(of: (name: SignalName) => T): Record<SignalName, T> {
  return {
    utilization: of("utilization"),
    usage_change: of("usage_change"),
    urgent_tickets: of("urgent_tickets"),
    oldest_urgent_days: of("oldest_urgent_days"),
    open_tickets: of("open_tickets"),
    csat: of("csat"),
    champion: of("champion"),
    nps: of("nps"),
    overdue_days: of("overdue_days"),
    renewal_mode: of("renewal_mode"),
  };
}
