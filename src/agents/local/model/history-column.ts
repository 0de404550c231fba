/** The columns of a history of closed renewals: what each holds, in which unit, and whether it must be there. */
import { type CellReader, date, decimal, integer, oneOf, required, text } from "../../crm/csv/cell.ts";
import { type SignalName, signalNames, signals } from "../risk/signals.ts";

export const outcomes = ["renewed", "churned", "downgraded"] as const;
export type Outcome = (typeof outcomes)[number];

export interface HistoryColumn {
  name: string;
  about: string;
  /** Without this column nothing can be said. */
  isKey: boolean;
  read: CellReader;
}

export const historyColumns: readonly HistoryColumn[] = [
  { name: "customer", about: "id or name, the same in all of a customer's rows", isKey: true, read: required(text) },
  { name: "owner", about: "whose card it would have been: a mail address or a name", isKey: false, read: text },
  { name: "closed_on", about: "the day on which the renewal was decided, ISO 8601", isKey: true, read: required(date) },
  { name: "as_of", about: "the day whose factors these are, before `closed_on`, ISO 8601", isKey: false, read: date },
  { name: "outcome", about: `one of ${outcomes.join(", ")}`, isKey: true, read: required(oneOf(outcomes)) },
  { name: "arr", about: "yearly revenue, all in one currency", isKey: false, read: decimal({ min: 0 }) },
  ...signalNames.map((name) => ({
    name,
    about: aboutSignal(name),
    isKey: false,
    read: readerOf(name),
  })),
];

function aboutSignal(name: SignalName): string {
  const signal = signals[name];
  return signal.kind === "word" ? `${signal.description}: ${signal.words.join(", ")}` : signal.description;
}

function readerOf(name: SignalName): CellReader {
  const signal = signals[name];
  switch (signal.kind) {
    case "number": {
      const read = signal.whole ? integer(signal) : decimal(signal);
      return name === "utilization" || name === "usage_change" ? share(read) : read;
    }
    case "word": {
      const read = oneOf(signal.words);
      // As `champion_status` of customers.csv says it.
      return (cell) => (cell.trim().toLowerCase() === "unknown" ? { kind: "value", value: null } : read(cell));
    }
    default:
      return signal satisfies never;
  }
}

/** The usual slip with a share is to write it in percent. */
function share(read: CellReader): CellReader {
  return (cell) => {
    const answer = read(cell);
    const percent = /^(-?\d+(?:\.\d+)?)\s*%?$/.exec(cell.trim())?.[1];
    if (answer.kind === "value" || percent === undefined) return answer;
    const written = String(Number((Number(percent) / 100).toPrecision(6)));
    if (read(written).kind === "fault") return answer;
    return { kind: "fault", message: `${answer.message}; ${percent} % is written ${written}` };
  };
}
