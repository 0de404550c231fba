/** Which days a question means: "this week", "next 30 days", "in December". Weeks begin on Monday; both ends are within. Pure. */
import { Temporal } from "temporal-polyfill";

export interface Span {
  from: string;
  to: string;
  /** As the answer says it. */
  words: string;
}

const months = "january february march april may june july august september october november december".split(" ");

/** Without any word on it: this week. */
export function spanOf(question: string, today: string): Span {
  const text = question.toLowerCase().replaceAll(/\s+/g, " ");
  const day = Temporal.PlainDate.from(today);
  const monday = day.subtract({ days: day.dayOfWeek - 1 });
  const count = /\bnext (\d{1,3}) (day|week|month)s?\b/.exec(text);
  if (count !== null) return days(day, day.add(lengthOf(Number(count[1]), count[2])), `within the ${count[0]}`);
  if (/\btomorrow\b/.test(text)) return days(day.add({ days: 1 }), day.add({ days: 1 }), "tomorrow");
  if (/\btoday\b/.test(text)) return days(day, day, "today");
  if (/\bnext week\b/.test(text)) return days(monday.add({ days: 7 }), monday.add({ days: 13 }), "next week");
  if (/\bnext month\b/.test(text)) return monthOf(day.add({ months: 1 }), "next month");
  if (/\bthis month\b/.test(text)) return monthOf(day, "this month");
  if (/\bquarter\b/.test(text))
    return quarterOf(/\bnext\b/.test(text) ? day.add({ months: 3 }) : day, /\bnext\b/.test(text));
  const named = months.findIndex((month) => new RegExp(`\\b(?:in|for|of|until|by) ${month}\\b`).test(text));
  if (named !== -1) return monthOf(comingMonth(day, named + 1), `in ${capital(months[named] ?? "")}`);
  return days(monday, monday.add({ days: 6 }), "this week");
}

function days(from: Temporal.PlainDate, to: Temporal.PlainDate, words: string): Span {
  return { from: from.toString(), to: to.toString(), words };
}

function lengthOf(count: number, unit: string | undefined): Temporal.DurationLike {
  if (unit === "week") return { weeks: count };
  return unit === "month" ? { months: count } : { days: count };
}

function monthOf(day: Temporal.PlainDate, words: string): Span {
  const from = day.with({ day: 1 });
  return { from: from.toString(), to: from.add({ months: 1 }).subtract({ days: 1 }).toString(), words };
}

function quarterOf(day: Temporal.PlainDate, isNext: boolean): Span {
  const from = day.with({ month: day.month - ((day.month - 1) % 3), day: 1 });
  const to = from.add({ months: 3 }).subtract({ days: 1 });
  return { from: from.toString(), to: to.toString(), words: `${isNext ? "next" : "this"} quarter` };
}

/** This year's, or next year's where it has passed. */
function comingMonth(day: Temporal.PlainDate, month: number): Temporal.PlainDate {
  const first = day.with({ month, day: 1 });
  return month < day.month ? first.add({ years: 1 }) : first;
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
