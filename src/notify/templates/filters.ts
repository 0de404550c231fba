/** How templates write figures and dates: `{{customer.arr | money customer.currency}}`, `{{customer.renewal_date | date}}`. */
import { day, list, money, number, points } from "../slack/format.ts";
import type { Filter } from "./template-render.ts";
import type { Shape } from "./template-shape.ts";

export const filters: Readonly<Record<string, Filter>> = {
  /** "$84,000"; the argument is the currency. */
  money: (value, currency) =>
    typeof value === "number" ? money(value, typeof currency === "string" ? currency : null) : String(value),
  /** "4 Dec 2026": a mail is read at any time, so the year always stands. */
  date: (value) => (typeof value === "string" ? day(value, "") : String(value)),
  /** "0.78". */
  score: (value) => (typeof value === "number" ? value.toFixed(2) : String(value)),
  /** "+0.22". */
  points: (value) => (typeof value === "number" ? points(value) : String(value)),
  number: (value) => (typeof value === "number" ? number(value) : String(value)),
  /** "invoices, NPS and seat use", of `["invoices", "NPS", "seat_use"]`. */
  list: (value) =>
    list(
      (Array.isArray(value) ? value : [value]).map((each) => String(each).replaceAll("_", " ")),
      "and",
    ),
  /** "Dana" of "Dana Reyes". */
  first_name: (value) => String(value).trim().split(/\s+/)[0] ?? "",
};

type Kind = Shape["kind"];

/** What each is for; the argument is what may stand behind its name. */
export const filterTypes: Readonly<Record<string, { takes: readonly Kind[]; argument: Kind | null }>> = {
  money: { takes: ["number"], argument: "text" },
  date: { takes: ["date"], argument: null },
  score: { takes: ["number"], argument: null },
  points: { takes: ["number"], argument: null },
  number: { takes: ["number"], argument: null },
  list: { takes: ["list", "text"], argument: null },
  first_name: { takes: ["text"], argument: null },
};
