/** Figures, dates and lists as people read them. Dates are ISO, instants milliseconds; the zone is always the caller's. */
import { daysBetween, localDate, localTime } from "../../flow/zone.ts";

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const weekdayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const dayMs = 86_400_000;

/** "$84,000", "€84,000", "84,000" where the currency isn't known. */
export function money(amount: number, currency: string | null): string {
  const options = { maximumFractionDigits: 0 };
  if (currency === null || !/^[A-Za-z]{3}$/.test(currency)) return amount.toLocaleString("en-US", options);
  return amount.toLocaleString("en-US", { ...options, style: "currency", currency }).replaceAll("\u00A0", " ");
}

export function number(value: number): string {
  return value.toLocaleString("en-US");
}

/** "2 customers", "1 customer". */
export function count(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** Log-odds, signed: "+0.22", "−0.05". */
export function points(value: number): string {
  const shown = Math.abs(value).toFixed(2);
  return `${value < 0 && shown !== "0.00" ? "−" : "+"}${shown}`;
}

/** "4 Dec"; with its year where that isn't the reader's. */
export function day(isoDate: string, today: string): string {
  const [year = "", month = "", dayOfMonth = ""] = isoDate.split("-");
  const name = monthNames[Number(month) - 1];
  if (name === undefined) return isoDate;
  return `${Number(dayOfMonth)} ${name}${year === today.slice(0, 4) ? "" : ` ${year}`}`;
}

/** "today", "tomorrow", "in 21 days", "3 days ago". */
export function inDays(days: number): string {
  if (days === 0) return "today";
  if (days === 1) return "tomorrow";
  if (days === -1) return "yesterday";
  return days > 0 ? `in ${number(days)} days` : `${number(-days)} days ago`;
}

/** From the zone's day of `now` to the date; null for what is no date. */
export function daysUntil(parameters: { date: string; now: number; timezone: string }): number | null {
  const { date, now, timezone } = parameters;
  try {
    return daysBetween(localDate({ at: now, timezone }), date);
  } catch {
    return null;
  }
}

/** "Wed 25 Nov 10:00". */
export function moment({ at, timezone }: { at: number; timezone: string }): string {
  const local = localTime({ at, timezone });
  return `${weekday(local)} ${local.day} ${monthNames[local.month - 1]} ${time(local)}`;
}

/** "Wed 25 Nov 10:00 (America/Chicago)", for readers who may live in another zone. */
export function zonedMoment(instant: { at: number; timezone: string }): string {
  return `${moment(instant)} (${instant.timezone})`;
}

/** What comes within the week needs no date: "Thu 09:00". */
export function upcoming({ at, now, timezone }: { at: number; now: number; timezone: string }): string {
  if (at < now || at - now >= 6 * dayMs) return moment({ at, timezone });
  const local = localTime({ at, timezone });
  return `${weekday(local)} ${time(local)}`;
}

/** An instant in each reader's own zone, drawn by Slack, without the year; `shown` stands where a client can't. */
export function readersTime(at: number, shown: string): string {
  return `<!date^${Math.floor(at / 1000)}^{date_pretty} at {time}|${shown}>`;
}

/** "Dana Reyes or a RevOps lead". */
export function list(names: readonly string[], word: "and" | "or"): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1) ?? ""}`;
}

/** A name of the flow language as a reader's word: "due_date" is "Due date". */
export function inWords(name: string): string {
  const spaced = name.replaceAll("_", " ").trim();
  return `${spaced.charAt(0).toUpperCase()}${spaced.slice(1)}`;
}

/** "Recommendations" of which one is a "Recommendation"; a word that isn't a plain plural stays. */
export function oneOf(plural: string): string {
  if (/[^aeiou]ies$/.test(plural)) return plural.replace(/ies$/, "y");
  if (/(?:ch|sh|x|ss)es$/.test(plural)) return plural.slice(0, -2);
  return /[^sui]s$/.test(plural) ? plural.slice(0, -1) : plural;
}

export function dotted(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== "").join(" · ");
}

function weekday({ year, month, day: dayOfMonth }: { year: number; month: number; day: number }): string {
  return weekdayNames[new Date(Date.UTC(year, month - 1, dayOfMonth)).getUTCDay()] ?? "";
}

export function time({ hour, minute }: { hour: number; minute: number }): string {
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}
