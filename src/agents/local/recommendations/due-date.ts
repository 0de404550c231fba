/** By when a play is to be done: a working day, never after the last day on which it could still matter. */
import { addDays, isWeekend } from "../../../flow/zone.ts";
import type { Situation } from "./situation.ts";

/** Before the day for notice and the renewal, where they lie ahead; where no working day is left before them, on that day itself. */
export function dueDate(
  days: number,
  { customer, data, today }: Pick<Situation, "customer" | "data" | "today">,
): string {
  const contract = data?.contract_details ?? null;
  const notice = contract?.notice_date ?? customer?.notice_date ?? null;
  const renewal = contract?.renewal_date ?? customer?.renewal_date ?? null;
  const ahead = [notice, renewal].filter((date) => date !== null && date >= today).toSorted(byDate);
  const last = ahead[0] ?? null;
  const due = onWorkingDay(addDays({ date: today, days }), 1);
  if (last === null || due <= last) return due;
  const earlier = onWorkingDay(last, -1);
  return earlier < today ? last : earlier;
}

function byDate(a: string | null, b: string | null): number {
  return (a ?? "") < (b ?? "") ? -1 : 1;
}

function onWorkingDay(date: string, direction: 1 | -1): string {
  return isWeekend(date) ? onWorkingDay(addDays({ date, days: direction }), direction) : date;
}
