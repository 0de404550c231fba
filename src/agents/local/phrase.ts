/** Figures and dates as the agents' sentences say them. */
import { Temporal } from "temporal-polyfill";

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

export function money(amount: number, currency: string | null): string {
  return formatOf(currency !== null && /^[A-Z]{3}$/.test(currency) ? currency : "").format(amount);
}

/** Making one takes longer than all else that is said of a risk. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string): Intl.NumberFormat {
  const style = currency === "" ? {} : { style: "currency" as const, currency };
  const format = formats.get(currency) ?? new Intl.NumberFormat("en", { maximumFractionDigits: 0, ...style });
  formats.set(currency, format);
  return format;
}

const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** "3 Nov"; with its year when that isn't this one. */
export function dayInWords(date: string, today: string): string {
  const { day, month, year } = Temporal.PlainDate.from(date);
  const name = (monthNames[month - 1] ?? "").slice(0, 3);
  return `${day} ${name}${year === yearOf(today) ? "" : ` ${year}`}`;
}

/** "August"; with its year when it is eleven months away or more, or ahead. */
export function monthInWords(month: string, today: string): string {
  const { month: number, year } = Temporal.PlainYearMonth.from(month);
  const distance = (yearOf(today) - year) * 12 + Temporal.PlainDate.from(today).month - number;
  const name = monthNames[number - 1] ?? month;
  return distance >= 0 && distance < 11 ? name : `${name} ${year}`;
}

export function lastDayOf(month: string): string {
  const yearMonth = Temporal.PlainYearMonth.from(month);
  return yearMonth.toPlainDate({ day: yearMonth.daysInMonth }).toString();
}

/** Whole months from one to the other. */
export function monthsBetween(from: string, to: string): number {
  return Temporal.PlainYearMonth.from(from).until(to, { largestUnit: "month" }).months;
}

export function joined(parts: readonly string[], word: "and" | "or"): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} ${word} ${parts.at(-1) ?? ""}`;
}

function yearOf(date: string): number {
  return Temporal.PlainDate.from(date).year;
}
