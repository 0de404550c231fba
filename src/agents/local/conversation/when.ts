/** Days and moments as answers say them, in the app's zone. */
import { daysBetween, localDate, localTime } from "../../../flow/zone.ts";
import type { ConversationFacts } from "../../conversation-facts.ts";
import { dayInWords, plural } from "../phrase.ts";

type Today = Pick<ConversationFacts, "today" | "timezone">;

/** "4 Dec, in 8 days". */
export function dayFromToday(date: string, { today }: Pick<Today, "today">): string {
  return `${dayInWords(date, today)}, ${distance(daysBetween(today, date))}`;
}

function distance(days: number): string {
  if (days === 0) return "today";
  if (days === 1) return "tomorrow";
  if (days === -1) return "yesterday";
  return days > 0 ? `in ${plural(days, "day")}` : `${plural(-days, "day")} ago`;
}

/** "24 Nov 10:02". */
export function moment(at: number, { today, timezone }: Today): string {
  const { hour, minute } = localTime({ at, timezone });
  const clock = [hour, minute].map((part) => String(part).padStart(2, "0")).join(":");
  return `${dayInWords(localDate({ at, timezone }), today)} ${clock}`;
}
