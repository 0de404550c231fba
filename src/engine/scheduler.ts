/**
 * The scheduler: which schedules are due, and firing them once (DESIGN §5).
 *
 * - K1. What fires when is worked out in due-firing.ts on the injected clock; who fires is decided by the derived id of the
 *   batch or execution in the store.
 * - K2. A schedule first seen starts now: nothing before its first sight is owed (schedule-cursors.ts).
 * - K3. The cursor moves after the batch is durable; a crash between the two fires into an existing batch, which is nothing.
 * - K4. A downtime is no burst: a tick fires each schedule once at most and a few in all; what `catch_up: all` owes comes one
 *   after another, the next when the batch before it has been started wholly.
 * - K5. A schedule that can't fire holds up no other; it is tried again, unless what it asks for is refused.
 * - K6. While its flow is paused it is passed over, and the pause is looked up before the cursor is.
 */
import { isAboutCustomer, type FlowDefinition } from "../flow/flow.ts";
import { auditEvent } from "./audit.ts";
import type { Batches } from "./batches.ts";
import type { RunningContext } from "./context.ts";
import { dueFiring, lastDue, nextFiring, schedulesOf, type Firing, type Scheduled } from "./due-firing.ts";
import { RequestError } from "./engine.ts";
import { firedBatchId } from "./fired-ids.ts";
import type { FlowControls, Pause } from "./flow-controls.ts";
import { scheduleKey, type ScheduleCursors } from "./schedule-cursors.ts";

const firingsAtOnce = 10;
/** Between two firings that were missed, and between two looks at one that is still being started. */
const gapMs = 1_000;
/** A batch that is still not started wholly after this long holds up the next firing no longer. */
const patienceMs = 600_000;
/** After one that failed. */
const retryMs = 15_000;

interface Chosen {
  scheduled: Scheduled;
  firing: Firing;
  isMissed: boolean;
}

export interface SchedulerParts {
  batches: Batches;
  cursors: ScheduleCursors;
  controls: FlowControls;
}

export class Scheduler {
  readonly #context: RunningContext;
  readonly #parts: SchedulerParts;
  /** By schedule: not looked at again before then. */
  readonly #notBefore = new Map<string, number>();
  /** By schedule: working it out takes a while, and most ticks find it as it was. */
  readonly #next = new Map<string, { schedule: string; after: number; firing: Firing | null }>();

  constructor(context: RunningContext, parts: SchedulerParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Fires what is due by now, in due order; what is left is due at once again (`nextDue`). */
  async tick(): Promise<void> {
    const now = this.#context.clock.now();
    const waiting: Scheduled[] = [];
    for (const scheduled of this.#all()) {
      const dueAt = await this.#dueAt(scheduled);
      if (dueAt !== null && dueAt <= now) waiting.push(scheduled);
    }
    if (waiting.length === 0) return;
    const paused = await this.#parts.controls.paused();
    const chosen: Chosen[] = [];
    for (const scheduled of waiting) {
      await this.#guarded(scheduled, async () => void chosen.push(...(await this.#choose(scheduled, paused))));
    }
    const inOrder = chosen.toSorted((one, other) => one.firing.dueAt - other.firing.dueAt);
    for (const one of inOrder.slice(0, firingsAtOnce)) await this.#guarded(one.scheduled, () => this.#fire(one));
  }

  async nextDue(): Promise<number | null> {
    const instants: number[] = [];
    for (const scheduled of this.#all()) {
      const dueAt = await this.#dueAt(scheduled);
      if (dueAt !== null) instants.push(dueAt);
    }
    return earliest(instants);
  }

  /** Of one flow, with its jitter; null where it has no schedule. */
  nextOf(definition: FlowDefinition): number | null {
    const now = this.#context.clock.now();
    const schedules = schedulesOf(definition, this.#context.timezone);
    return earliest(schedules.flatMap((scheduled) => nextFiring(scheduled, now)?.dueAt ?? []));
  }

  #all(): Scheduled[] {
    const { flows, timezone } = this.#context;
    return (flows.firing?.() ?? flows.all()).flatMap(({ definition }) => schedulesOf(definition, timezone));
  }

  async #dueAt(scheduled: Scheduled): Promise<number | null> {
    const after = await this.#parts.cursors.remembered(scheduled);
    const firing = this.#nextAfter(scheduled, after);
    return firing === null ? null : Math.max(firing.dueAt, this.#notBefore.get(scheduleKey(scheduled)) ?? firing.dueAt);
  }

  #nextAfter(scheduled: Scheduled, after: number): Firing | null {
    const key = scheduleKey(scheduled);
    const schedule = JSON.stringify([scheduled.trigger, scheduled.timezone]);
    const known = this.#next.get(key);
    if (known?.after === after && known.schedule === schedule) return known.firing;
    const firing = nextFiring(scheduled, after);
    this.#next.set(key, { schedule, after, firing });
    return firing;
  }

  /** Another process may have fired it, or be about to: the cursor is read anew. */
  async #choose(scheduled: Scheduled, paused: ReadonlyMap<string, Pause>): Promise<Chosen[]> {
    const { cursors } = this.#parts;
    const now = this.#context.clock.now();
    const after = await cursors.read(scheduled);
    if (paused.has(scheduled.definition.flow_id)) {
      const last = lastDue(scheduled, { after, now });
      if (last !== null) await cursors.move(scheduled, last.at);
      return [];
    }
    const due = dueFiring(scheduled, { after, now });
    switch (due.kind) {
      case "none":
        return [];
      case "pass":
        await cursors.move(scheduled, due.until);
        return [];
      case "fire": {
        const { firing, isMissed } = due;
        if (isMissed && (await this.#isStarting(scheduled, after))) {
          this.#wait(scheduled, gapMs);
          return [];
        }
        return [{ scheduled, firing, isMissed }];
      }
      default:
        return due satisfies never;
    }
  }

  /** K4: is what fired at `at` still being started, here or in another process? */
  async #isStarting({ definition, index, trigger }: Scheduled, at: number): Promise<boolean> {
    if (trigger.catch_up !== "all" || !isAboutCustomer(definition)) return false;
    const batch = await this.#context.store.getBatch({
      batchId: firedBatchId({ flowId: definition.flow_id, trigger: index, at }),
    });
    return batch?.status === "starting" && this.#context.clock.now() - batch.started_at < patienceMs;
  }

  async #fire({ scheduled, firing, isMissed }: Chosen): Promise<void> {
    try {
      await this.#start(scheduled, firing);
    } catch (error) {
      // The same firing would be refused again: it counts as fired.
      if (!(error instanceof RequestError)) throw error;
      await this.#refused(scheduled, error);
    }
    await this.#parts.cursors.move(scheduled, firing.at);
    if (isMissed) this.#wait(scheduled, gapMs);
  }

  async #start({ definition, index }: Scheduled, { at }: Firing): Promise<void> {
    const startedBy = { type: "schedule" as const, trigger: index, scheduled_at: at };
    if (isAboutCustomer(definition)) await this.#fireBatch(definition, startedBy);
    else await this.#parts.batches.startAlone({ definition, startedBy });
  }

  async #fireBatch(definition: FlowDefinition, startedBy: { type: "schedule"; trigger: number; scheduled_at: number }) {
    const { trigger, scheduled_at: at } = startedBy;
    const batchId = firedBatchId({ flowId: definition.flow_id, trigger, at });
    const { default: channel } = this.#context.channels;
    await this.#parts.batches.create({ definition, batchId, startedBy, channel, filterAt: at });
  }

  #wait(scheduled: Scheduled, ms: number): void {
    this.#notBefore.set(scheduleKey(scheduled), this.#context.clock.now() + ms);
  }

  async #guarded(scheduled: Scheduled, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#context.logger.error({ err: error, ...about(scheduled) }, "a schedule could not fire, will be tried again");
      this.#wait(scheduled, retryMs);
    }
  }

  async #refused(scheduled: Scheduled, error: RequestError): Promise<void> {
    this.#context.logger.warn({ err: error, ...about(scheduled) }, "a schedule could not fire");
    const { flow_id: flowId } = scheduled.definition;
    const asked = { action: "refuse" as const, person: null, flowId, executionId: null, detail: error.message };
    await this.#context.store.recordAudit({ events: [auditEvent(this.#context, asked)] });
  }
}

function about({ definition, index }: Scheduled): { flow_id: string; trigger: number } {
  return { flow_id: definition.flow_id, trigger: index };
}

function earliest(instants: readonly number[]): number | null {
  return instants.length === 0 ? null : Math.min(...instants);
}
