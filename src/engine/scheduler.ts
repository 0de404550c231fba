/**
 * The scheduler: which schedules are due, and firing them once (DESIGN §5).
 *
 * - K1. What fires when is `nextFire` on the injected clock; who fires is decided by the batch's derived id in the store.
 * - K2. A schedule first seen starts now: nothing before its first sight is owed.
 * - K3. The cursor moves after the batch is durable; a crash between the two fires into an existing batch, which is nothing.
 */
import { derivedId } from "../flow/execution-id.ts";
import { isAboutCustomer, type FlowDefinition, type ScheduleTrigger } from "../flow/flow.ts";
import { nextFire, parseSchedule } from "../flow/schedule.ts";
import type { Batches } from "./batches.ts";
import type { RunningContext } from "./context.ts";

interface Scheduled {
  definition: FlowDefinition;
  index: number;
  trigger: ScheduleTrigger;
  timezone: string;
}

/** A firing missed by no more than this is late, not missed. */
const graceMs = 60_000;

export class Scheduler {
  readonly #context: RunningContext;
  readonly #batches: Batches;

  constructor(context: RunningContext, batches: Batches) {
    this.#context = context;
    this.#batches = batches;
  }

  /** Fires whatever is due by now, in due order. */
  async tick(): Promise<void> {
    const now = this.#context.clock.now();
    const due: { scheduled: Scheduled; at: number }[] = [];
    for (const scheduled of this.#all()) {
      for (const at of await this.#dueInstants(scheduled, now)) due.push({ scheduled, at });
    }
    for (const { scheduled, at } of due.toSorted((one, other) => one.at - other.at)) await this.#fire(scheduled, at);
  }

  async nextDue(): Promise<number | null> {
    const instants: number[] = [];
    for (const scheduled of this.#all()) {
      const at = this.#next(scheduled, await this.#firedUntil(scheduled));
      if (at !== null) instants.push(at);
    }
    return instants.length === 0 ? null : Math.min(...instants);
  }

  /** Of one flow; null where it has no schedule. */
  nextOf(definition: FlowDefinition): number | null {
    const now = this.#context.clock.now();
    const instants = this.#of(definition).flatMap((scheduled) => this.#next(scheduled, now) ?? []);
    return instants.length === 0 ? null : Math.min(...instants);
  }

  #all(): Scheduled[] {
    return this.#context.flows.all().flatMap(({ definition }) => this.#of(definition));
  }

  #of(definition: FlowDefinition): Scheduled[] {
    return definition.triggers.flatMap((trigger, index) =>
      trigger.type === "schedule"
        ? [{ definition, index, trigger, timezone: trigger.timezone ?? this.#context.timezone }]
        : [],
    );
  }

  #next({ trigger, timezone }: Scheduled, after: number): number | null {
    const parsed = parseSchedule(trigger.schedule);
    return parsed.ok ? nextFire({ schedule: parsed.schedule, timezone, after }) : null;
  }

  async #firedUntil(scheduled: Scheduled): Promise<number> {
    const { store, clock } = this.#context;
    const { definition, index } = scheduled;
    const schedule = scheduleName(scheduled);
    const cursor = await store.getCursor({ flowId: definition.flow_id, trigger: index });
    if (cursor !== null && cursor.schedule === schedule) return cursor.fired_until;
    const fired_until = clock.now();
    await store.putCursor({ cursor: { flow_id: definition.flow_id, trigger: index, schedule, fired_until } });
    return fired_until;
  }

  async #dueInstants(scheduled: Scheduled, now: number): Promise<number[]> {
    const instants: number[] = [];
    let after = await this.#firedUntil(scheduled);
    for (;;) {
      const at = this.#next(scheduled, after);
      if (at === null || at > now) break;
      instants.push(at);
      after = at;
      // `latest` keeps one, so a schedule of every minute after a year of downtime costs no memory.
      if (scheduled.trigger.catch_up !== "all" && instants.length > 1) instants.shift();
    }
    const last = instants.at(-1);
    if (scheduled.trigger.catch_up === "none" && last !== undefined && last < now - graceMs) {
      await this.#moveCursor(scheduled, last);
      return [];
    }
    return instants;
  }

  async #fire(scheduled: Scheduled, at: number): Promise<void> {
    const { definition, index } = scheduled;
    const startedBy = { type: "schedule" as const, trigger: index, scheduled_at: at };
    if (isAboutCustomer(definition)) await this.#fireBatch(definition, startedBy);
    else await this.#batches.startAlone({ definition, startedBy });
    await this.#moveCursor(scheduled, at);
  }

  async #fireBatch(definition: FlowDefinition, startedBy: { type: "schedule"; trigger: number; scheduled_at: number }) {
    const { trigger, scheduled_at: at } = startedBy;
    const batchId = derivedId({ at, parts: ["batch", definition.flow_id, trigger, at] });
    const { default: channel } = this.#context.channels;
    await this.#batches.create({ definition, batchId, startedBy, channel, filterAt: at });
  }

  async #moveCursor(scheduled: Scheduled, fired_until: number): Promise<void> {
    const { definition, index } = scheduled;
    const cursor = { flow_id: definition.flow_id, trigger: index, schedule: scheduleName(scheduled), fired_until };
    await this.#context.store.putCursor({ cursor });
  }
}

function scheduleName({ trigger, timezone }: Scheduled): string {
  return `${trigger.schedule} ${timezone}`;
}
