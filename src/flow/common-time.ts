/**
 * The first time at which several people can meet: in the working hours of each one's zone, on nobody's holiday, while nobody is
 * known to be busy. Pure. Where there is none it says whose hours exclude each other, so that somebody can book it by hand.
 */
import type { CalendarEventEffect } from "./effect.ts";
import { meetingTimes, type Interval, type WorkingTime } from "./working-time.ts";
import { localTime } from "./zone.ts";

/** Meetings start on the half hour of the event's own zone. */
const stepMinutes = 30;
const minuteMs = 60_000;
/** No working day without quiet hours has room for more. */
export const longestMeetingMinutes = 7 * 60;

export interface Guest {
  /** As a failure names them. */
  name: string;
  timezone: string;
}

/** Each in their own zone where it is known, else in the event's. */
export function guestsOf(event: Pick<CalendarEventEffect, "attendees" | "timezone" | "guest_zones">): Guest[] {
  const { attendees, timezone, guest_zones: zones = {} } = event;
  return attendees.map((name) => ({ name, timezone: zones[name] ?? timezone }));
}

export interface Meeting {
  guests: readonly Guest[];
  /** Whose half hours count. */
  timezone: string;
  from: number;
  days: number;
  minutes: number;
}

export type CommonTime =
  | { kind: "found"; slot: Interval }
  /** Working hours alone leave no room: of this guest, of these two, of all together. */
  | { kind: "apart"; guests: readonly Guest[] }
  /** There would be room if nobody were busy. */
  | { kind: "busy" };

export function commonTime(
  time: WorkingTime,
  { busy, ...meeting }: Meeting & { busy: readonly Interval[] },
): CommonTime {
  const work = commonWork(time, meeting, meeting.guests);
  const slot = firstSlot(busy.reduce(without, work), meeting);
  if (slot !== null) return { kind: "found", slot };
  if (firstSlot(work, meeting) !== null) return { kind: "busy" };
  return { kind: "apart", guests: apart(time, meeting) };
}

/** Why hours alone leave no room, for whoever books it by hand. */
export function apartWords(guests: readonly Guest[], { minutes, days }: Pick<Meeting, "minutes" | "days">): string {
  const named = guests.map(({ name, timezone }) => `${name} (${timezone})`);
  const last = named.at(-1) ?? "nobody";
  const others = named.slice(0, -1).join(", ");
  const room =
    others === ""
      ? `The working hours of ${last} have no room for ${minutes} min`
      : `The working hours of ${others} and ${last} have no ${minutes} min in common`;
  return `${room} in the next ${days} days. Book it by hand.`;
}

/** The fewest whose hours alone leave no room. */
function apart(time: WorkingTime, meeting: Meeting): readonly Guest[] {
  const { guests } = meeting;
  const hasNone = (some: Guest[]) => firstSlot(commonWork(time, meeting, some), meeting) === null;
  const alone = guests.find((guest) => hasNone([guest]));
  if (alone !== undefined) return [alone];
  for (const [index, one] of guests.entries()) {
    const other = guests.slice(index + 1).find((next) => hasNone([one, next]));
    if (other !== undefined) return [one, other];
  }
  return guests;
}

function commonWork(time: WorkingTime, { from, days }: Meeting, guests: readonly Guest[]): Interval[] {
  const zones = [...new Set(guests.map(({ timezone }) => timezone))];
  const times = zones.map((timezone) => meetingTimes(time, { from, days, timezone }));
  return times.reduce(within, [{ from, to: Infinity }]);
}

/** What two ordered lists have in common. */
function within(some: readonly Interval[], others: readonly Interval[]): Interval[] {
  return some.flatMap((one) =>
    others
      .map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }))
      .filter(({ from, to }) => from < to),
  );
}

function without(free: readonly Interval[], busy: Interval): Interval[] {
  return free.flatMap((one) => {
    if (busy.to <= one.from || one.to <= busy.from) return [one];
    const parts = [
      { from: one.from, to: busy.from },
      { from: busy.to, to: one.to },
    ];
    return parts.filter(({ from, to }) => from < to);
  });
}

function firstSlot(free: readonly Interval[], { minutes, timezone }: Meeting): Interval | null {
  for (const { from, to } of free) {
    const start = onTheHalfHour(from, timezone);
    if (start + minutes * minuteMs <= to) return { from: start, to: start + minutes * minuteMs };
  }
  return null;
}

function onTheHalfHour(at: number, timezone: string): number {
  const { minute, second } = localTime({ at, timezone });
  const past = ((minute % stepMinutes) * 60 + second) * 1_000 + (at % 1_000);
  return past === 0 ? at : at + stepMinutes * minuteMs - past;
}
