/**
 * Which firing of a schedule is due, and which are passed over. Pure.
 *
 * A firing's instant is the schedule's; it comes later by its jitter. Firings of one schedule come in the order of their
 * instants, so one whose draw is long holds those behind it, none for longer than `jitter_ms`.
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

/** A firing missed by no more than this is late, not missed. */
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
  return at === null ? null : { at, dueAt: at + jitter(scheduled, at) };
}

/** By its `catch_up`, where all until `after` have fired. */
export function dueFiring(scheduled: Scheduled, { after, now }: { after: number; now: number }): DueFiring {
  const { catch_up } = scheduled.trigger;
  const due = catch_up === "all" ? nextFiring(scheduled, after) : lastDue(scheduled, { after, now });
  if (due === null || due.dueAt > now) return { kind: "none" };
  const isMissed = due.dueAt < now - graceMs;
  if (isMissed && catch_up === "none") return { kind: "pass", until: due.at };
  return { kind: "fire", firing: due, isMissed };
}

/** The last firing whose time has come; null: none has since `after`. */
export function lastDue(scheduled: Scheduled, { after, now }: { after: number; now: number }): Firing | null {
  const certain = lastFiring(scheduled, { after, until: now - scheduled.trigger.jitter_ms });
  let last = certain;
  for (let next = nextFiring(scheduled, last?.at ?? after); next !== null && next.dueAt <= now;) {
    last = next;
    next = nextFiring(scheduled, last.at);
  }
  return last;
}

/**
 * Until where nothing is caught up when a pause that began at `since` ends: the last instant in it. One from before it that
 * is only held by its jitter still comes.
 */
export function passedBy(
  scheduled: Scheduled,
  { after, since, now }: { after: number; since: number; now: number },
): number | null {
  const last = lastFiring(scheduled, { after, until: now });
  if (last !== null && last.at >= since) return last.at;
  return lastDue(scheduled, { after, now })?.at ?? null;
}

function lastFiring(scheduled: Scheduled, { after, until }: { after: number; until: number }): Firing | null {
  const schedule = parsed(scheduled);
  const at = schedule === null ? null : lastFire({ schedule, timezone: scheduled.timezone, after, until });
  return at === null ? null : { at, dueAt: at + jitter(scheduled, at) };
}

function jitter({ definition, index, trigger }: Scheduled, at: number): number {
  return jitterOf({ flowId: definition.flow_id, trigger: index, at, jitterMs: trigger.jitter_ms });
}

/** A flow was checked when it was loaded, so it can be read. */
function parsed({ trigger }: Scheduled): Schedule | null {
  const read = parseSchedule(trigger.schedule);
  return read.ok ? read.schedule : null;
}
