/** Customers and a filter: who matches, how each condition divides them, and of one customer why. */
import type { Customer } from "../../flow/customer.ts";
import type { Filter } from "../../flow/filter.ts";
import type { Answer } from "../command.ts";
import { iso } from "../moment.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import { table } from "../table.ts";

export interface AskedFilter {
  /** Null: everybody matches. */
  filter: Filter | null;
  now: number;
  timezone: string;
}

export interface ExplainedCustomer {
  customer: Customer;
  isMatch: boolean;
  /** Null: unknown. */
  conditions: { text: string; value: boolean | null }[];
}

export function customersAnswer(parameters: {
  asked: AskedFilter;
  explained: ExplainedCustomer[];
  /** Of each condition: whether the customer source narrows by it itself. */
  pushedDown: boolean[];
  /** Customers were named: each condition is told. */
  isNamed: boolean;
}): Answer {
  const { asked, explained, pushedDown, isNamed } = parameters;
  const matching = explained.filter(({ isMatch }) => isMatch);
  const document = {
    now: iso(asked.now, asked.timezone),
    customers: matching.map(({ customer }) => customer),
    explained: explained.map(({ customer, isMatch, conditions }) => ({
      customer_id: customer.id,
      name: customer.name,
      matches: isMatch,
      conditions: conditions.map((condition, index) => ({ ...condition, pushed_down: pushedDown[index] ?? false })),
    })),
  };
  const text = (paper: Paper) =>
    isNamed
      ? explained.map((one) => whyText(paper, one)).join("\n\n")
      : whoText(paper, { asked, explained, pushedDown });
  return { document, text };
}

const words = new Map<boolean | null, "true" | "false" | "unknown">([
  [true, "true"],
  [false, "false"],
  [null, "unknown"],
]);
const marks = { true: "green", false: "red", unknown: "yellow" } as const;

function whyText(paper: Paper, { customer, isMatch, conditions }: ExplainedCustomer): string {
  const rows = conditions.map(({ text, value }) => {
    const word = words.get(value) ?? "unknown";
    return [`  ${paper.mark(marks[word], word)}`, plain(text)];
  });
  const verdict = conditions.length === 0 ? "no filter was given" : isMatch ? "matches" : "doesn't match";
  const title = `${paper.mark("bold", plain(customer.name))} (${plain(customer.id)}): ${verdict}`;
  return rows.length === 0 ? title : `${title}\n${table(paper, { rows })}`;
}

function whoText(
  paper: Paper,
  { asked, explained, pushedDown }: { asked: AskedFilter; explained: ExplainedCustomer[]; pushedDown: boolean[] },
): string {
  const matching = explained.filter(({ isMatch }) => isMatch);
  const rows = matching.map(({ customer }) => [
    plain(customer.id),
    plain(customer.name),
    plain(customer.segment ?? ""),
    customer.arr === null ? "" : plain(`${customer.arr.toLocaleString("en-US")} ${customer.currency ?? ""}`.trim()),
    customer.renewal_date ?? "",
    plain(customer.account_manager_name ?? customer.account_manager_email ?? ""),
  ]);
  const heads = ["ID", "NAME", "SEGMENT", "ARR", "RENEWAL", "ACCOUNT MANAGER"];
  const list = rows.length === 0 ? [] : [table(paper, { heads, rows, right: [3] }), ""];
  return [
    ...list,
    `${count(matching.length)} of ${count(explained.length)} customers match.`,
    ...whyLines(paper, asked, explained),
    ...pushedLines(asked, pushedDown),
  ].join("\n");
}

/** How each condition divides them: where nobody matches, the one at fault shows. */
function whyLines(paper: Paper, { filter }: AskedFilter, explained: ExplainedCustomer[]): string[] {
  if (filter === null) return [];
  const rows = filter.texts.map((text, index) => {
    const values = explained.map(({ conditions }) => conditions[index]?.value ?? null);
    const of = (wanted: boolean | null) => count(values.filter((value) => value === wanted).length);
    return [of(true), of(false), of(null), plain(text)];
  });
  return ["", table(paper, { heads: ["TRUE", "FALSE", "UNKNOWN", "CONDITION"], rows, right: [0, 1, 2] })];
}

/** Nothing where the source narrows by none, as files do. */
function pushedLines({ filter }: AskedFilter, pushedDown: readonly boolean[]): string[] {
  const texts = (filter?.texts ?? []).filter((_, index) => pushedDown[index] === true);
  if (texts.length === 0) return [];
  return [
    "",
    `A flow asks the customer source for those with ${texts.map(plain).join(" and ")}; the whole filter is evaluated here.`,
  ];
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
