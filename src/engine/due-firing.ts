/**
 * Which firing of a schedule is due, and which are passed over. Pure.
 *
 * A firing's instant is the schedule's; it comes later by its jitter, but always before the next one's instant.
 */
import type { FlowDefinition, ScheduleTrigger } from "../flow/flow.ts";
import { lastFire, nextFire, parseSchedule, type Schedule } from "../flow/schedule.ts";
import { jitterOf } from "../flow/schedule/jitter.ts";

export interface Scheduled {
  definition: FlowDefinition;
  /** Of the trigger, among the flow's. */
  index: number;
  trigger: ScheduleTrigger;
  timezone: string;
}

export interface Firing {
  /** The scheduled instant. */
  at: number;
  /** With its jitter. */
  dueAt: number;
}

export type DueFiring =
  /** `isMissed`: nobody was there when it fell due. */
  | { kind: "fire"; firing: Firing; isMissed: boolean }
  /** Nothing is started of what fell due until `until`. */
  | { kind: "pass"; until: number }
  | { kind: "none" };

/** A firing that is late by less than this was not missed. */
const graceMs = 60_000;

/** `timezone`: of triggers that name none. */
export function schedulesOf(definition: FlowDefinition, timezone: string): Scheduled[] {
  return definition.triggers.flatMap((trigger, index) =>
    trigger.type === "schedule" ? [{ definition, index, trigger, timezone: trigger.timezone ?? timezone }] : [],
  );
}

/** Null: it fires no more. */
export function nextFiring(scheduled: Scheduled, after: number): Firing | null {
  const schedule = parsed(scheduled);
  const at = schedule === null ? null : nextFire({ schedule, timezone: scheduled.timezone, after });
  return at === null ? null : firingAt(scheduled, at);
}

/** By its `catch_up`, where all until `after` have fired. */
export function dueFiring(scheduled: Scheduled, { after, now }: { after: number; now: number }): DueFiring {
  const { catch_up } = scheduled.trigger;
  const due = catch_up === "all" ? nextFiring(scheduled, after) : latest(scheduled, { after, now });
  if (due === null || due.dueAt > now) return { kind: "none" };
  const isMissed = isMissedBy(now, due);
  if (isMissed && catch_up === "none") return { kind: "pass", until: due.at };
  return { kind: "fire", firing: due, isMissed };
}

/** Of what was missed the last; what is only late is left out for nothing that comes after it. */
function latest(scheduled: Scheduled, { after, now }: { after: number; now: number }): Firing | null {
  let found = lastDue(scheduled, { after, now });
  for (let before = found; before !== null && !isMissedBy(now, before);) {
    found = before;
    before = lastFiring(scheduled, { after, until: before.at - 1 });
  }
  return found;
}

function isMissedBy(now: number, { dueAt }: Firing): boolean {
  return dueAt <= now - graceMs;
}

/** The last firing whose time has come; null: none has since `after`. */
export function lastDue(scheduled: Scheduled, { after, now }: { after: number; now: number }): Firing | null {
  const last = lastFiring(scheduled, { after, until: now });
  return last === null || last.dueAt <= now ? last : lastFiring(scheduled, { after, until: last.at - 1 });
}

/**
 * Until where nothing is caught up when a pause that began at `since` ends: the last instant in it. One from before it that
 * its jitter still holds comes all the same.
 */
export function passedBy(
  scheduled: Scheduled,
  { after, since, now }: { after: number; since: number; now: number },
): number | null {
  const last = lastFiring(scheduled, { after, until: now });
  return last !== null && last.at >= since ? last.at : (lastDue(scheduled, { after, now })?.at ?? null);
}

function lastFiring(scheduled: Scheduled, { after, until }: { after: number; until: number }): Firing | null {
  const schedule = parsed(scheduled);
  const at = schedule === null ? null : lastFire({ schedule, timezone: scheduled.timezone, after, until });
  return at === null ? null : firingAt(scheduled, at);
}

function firingAt(scheduled: Scheduled, at: number): Firing {
  const { definition, index, trigger, timezone } = scheduled;
  const schedule = parsed(scheduled);
  if (trigger.jitter_ms === 0 || schedule === null) return { at, dueAt: at };
  const next = nextFire({ schedule, timezone, after: at }) ?? Infinity;
  const jitterMs = Math.min(trigger.jitter_ms, next - at - 1);
  return { at, dueAt: at + jitterOf({ flowId: definition.flow_id, trigger: index, at, jitterMs }) };
}

/** A flow was checked when it was loaded, so it can be read. */
function parsed({ trigger }: Scheduled): Schedule | null {
  const read = parseSchedule(trigger.schedule);
  return read.ok ? read.schedule : null;
}
