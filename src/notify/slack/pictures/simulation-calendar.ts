/**
 * What a simulation would send, as a calendar: a row a week, a field a day, darker the more is sent; in words how much is sent, how
 * many are asked to decide, and how much is held back.
 */
import { dotted, number } from "../format.ts";
import { addDays, daysBetween } from "../../../flow/zone.ts";
import { head, headerHeight } from "./header.ts";
import { paint } from "./step-face.ts";
import { drawing, element, textLine, type Drawing } from "./svg.ts";

export interface CalendarDay {
  /** ISO. */
  date: string;
  sent: number;
  asked: number;
  held: number;
}

export interface Calendar {
  title: string;
  aside: string;
  below: string;
  /** Each day of the period, in order. */
  days: readonly CalendarDay[];
}

const margin = 22;
const monthRoom = 46;
const field = { width: 82, height: 58, gap: 4 };
const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const width = margin * 2 + monthRoom + 7 * field.width + 6 * field.gap;
const small = { size: 10.5, weight: 400 as const };
const top = headerHeight + 14;
/** Of a field on which something is sent: the lightest, the darkest. */
const tints = ["#eef5fd", "#dceafb", "#c7def8", "#b0d0f4", "#98c1f0"];
/** Dark enough for each of them. */
const inks = { asked: "#5f3b00", held: "#8f1212" };

export function simulationCalendarSvg({ title, aside, below, days }: Calendar): Drawing {
  const most = Math.max(0, ...days.map(({ sent }) => sent));
  const [first] = days;
  const monday = first === undefined ? "" : addDays({ date: first.date, days: -weekdayOf(first.date) });
  const content = [head({ title, aside, below, width }), ...weekdayNames()];
  let weeks = 0;
  for (const day of days) {
    const week = Math.floor(daysBetween(monday, day.date) / 7);
    weeks = Math.max(weeks, week + 1);
    const y = top + 18 + week * (field.height + field.gap);
    if (day === first || day.date.endsWith("-01")) content.push(monthName(day, y));
    content.push(fieldOf(day, { x: columnX(weekdayOf(day.date)), y, most }));
  }
  const bottom = top + 18 + weeks * (field.height + field.gap);
  const legend = "sent: mails, messages, events and CRM fields · asked: approvals · held: kept back, late or failed";
  content.push(
    textLine({ ...small, x: margin, y: bottom + 16, content: legend, fill: paint.muted, room: width - 2 * margin }),
  );
  return drawing({ width, height: bottom + 30, content });
}

/** For those who hear it: the whole, and the fullest days. */
export function simulationCalendarWords({ title, below, days }: Calendar): string {
  const sum = (what: "sent" | "asked" | "held") => days.reduce((total, day) => total + day[what], 0);
  const fullest = days
    .filter(({ sent }) => sent > 0)
    .toSorted((one, other) => other.sent - one.sent)
    .slice(0, 3)
    .map(({ date, sent }) => `${date} with ${number(sent)}`);
  const busiest = fullest.length === 0 ? null : `most on ${fullest.join(", ")}`;
  const totals = `${number(sum("sent"))} sent, ${number(sum("asked"))} asked, ${number(sum("held"))} held back`;
  return dotted([`Calendar of ${title}`, below, totals, busiest]);
}

function weekdayNames(): string[] {
  return weekdays.map((content, weekday) =>
    textLine({ ...small, x: columnX(weekday) + 2, y: top + 10, content, fill: paint.muted, room: field.width }),
  );
}

function monthName({ date }: CalendarDay, y: number): string {
  const name = months[Number(date.slice(5, 7)) - 1] ?? "";
  const year = date.slice(0, 4);
  return [
    textLine({ size: 12, weight: 600, x: margin, y: y + 16, content: name, fill: paint.text, room: monthRoom }),
    textLine({ ...small, x: margin, y: y + 31, content: year, fill: paint.muted, room: monthRoom }),
  ].join("");
}

function fieldOf(day: CalendarDay, { x, y, most }: { x: number; y: number; most: number }): string {
  const isWeekend = weekdayOf(day.date) > 4;
  const tint = day.sent === 0 ? (isWeekend ? paint.plain.tint : "#ffffff") : (tints[tintOf(day.sent, most)] ?? "");
  const box = { x, y, width: field.width, height: field.height, rx: 5, fill: tint, stroke: paint.faint };
  const words = [
    { content: day.sent === 0 ? "" : `${number(day.sent)} sent`, fill: paint.text, weight: 600 as const },
    { content: day.asked === 0 ? "" : `${number(day.asked)} asked`, fill: inks.asked, weight: 400 as const },
    { content: day.held === 0 ? "" : `${number(day.held)} held`, fill: inks.held, weight: 400 as const },
  ].filter(({ content }) => content !== "");
  return [
    element("rect", box),
    textLine({
      ...small,
      x: x + field.width - 6,
      y: y + 13,
      anchor: "end",
      content: String(Number(day.date.slice(8))),
      fill: paint.muted,
      room: 30,
    }),
    ...words.map((line, index) =>
      textLine({ size: 11.5, ...line, x: x + 7, y: y + 25 + index * 13.5, room: field.width - 10 }),
    ),
  ].join("");
}

function tintOf(sent: number, most: number): number {
  return Math.min(tints.length - 1, Math.floor((sent / most) * tints.length));
}

function columnX(weekday: number): number {
  return margin + monthRoom + weekday * (field.width + field.gap);
}

/** Monday is 0. */
function weekdayOf(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}
