/** When an expression or a flow's schedules will fire, in order. Pure; jitter and what was missed are the scheduler's. */
import type { Trigger } from "../flow.ts";
import { nextFire, parseSchedule, type Schedule } from "../schedule.ts";
import { isZone } from "../zone.ts";

export interface FiringTime {
  at: number;
  /** Its place among the flow's triggers; null: it is the expression's. */
  trigger: number | null;
}

export type FiringTimes =
  | { ok: true; times: FiringTime[] }
  /** `field`: the field at fault, such as "day-of-week" or "timezone"; null: the whole text is. */
  | { ok: false; problem: { message: string; field: string | null } };

/** `timezone`: of an expression, and of triggers that name none. */
export type AskedFirings = ({ expression: string } | { triggers: readonly Trigger[] }) & {
  timezone: string;
  /** Milliseconds; only what fires after it. A rate counts from here. */
  from: number;
  /** At most so many; fewer where the schedules end. */
  count: number;
};

interface Source {
  trigger: number | null;
  text: string;
  timezone: string;
}

interface Running extends Omit<Source, "text"> {
  schedule: Schedule;
  next: number | null;
}

export function firingTimes(asked: AskedFirings): FiringTimes {
  const running: Running[] = [];
  for (const { text, ...source } of sourcesOf(asked)) {
    if (!isZone(source.timezone)) return problem(`there is no time zone "${source.timezone}"`, "timezone");
    const parsed = parseSchedule(text);
    if (!parsed.ok) return parsed;
    const { schedule } = parsed;
    running.push({ ...source, schedule, next: nextFire({ schedule, timezone: source.timezone, after: asked.from }) });
  }
  return { ok: true, times: merge(running, asked.count) };
}

function sourcesOf(asked: AskedFirings): Source[] {
  const { timezone } = asked;
  if ("expression" in asked) return [{ trigger: null, text: asked.expression, timezone }];
  return asked.triggers.flatMap((trigger, index) =>
    trigger.type === "schedule"
      ? [{ trigger: index, text: trigger.schedule, timezone: trigger.timezone ?? timezone }]
      : [],
  );
}

function merge(running: Running[], count: number): FiringTime[] {
  const times: FiringTime[] = [];
  while (times.length < count) {
    const first = running.reduce<Running | null>((one, other) => (isSooner(other, one) ? other : one), null);
    if (first === null || first.next === null) break;
    times.push({ at: first.next, trigger: first.trigger });
    first.next = nextFire({ schedule: first.schedule, timezone: first.timezone, after: first.next });
  }
  return times;
}

function isSooner({ next }: Running, than: Running | null): boolean {
  return next !== null && (than === null || than.next === null || next < than.next);
}

function problem(message: string, field: string): FiringTimes {
  return { ok: false, problem: { message: `${message}; write an IANA name such as Europe/Berlin`, field } };
}
