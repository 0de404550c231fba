/**
 * When the engine looks: one round at a time, by the clock's one timer and by whoever asks for one; and when all is quiet.
 *
 * - W1. Timers go first, in due order, then batches, then firings (DESIGN §5, after downtime).
 * - W2. A start takes as long with a hundred thousand that wait as with ten: only the next timers are read.
 * - W3. What can't be taken up is told once, and holds up nothing else.
 */
import type { ExecutionHeader } from "../flow/record.ts";
import type { Batches } from "./batches.ts";
import type { RunningContext } from "./context.ts";
import type { Executions } from "./executions.ts";
import type { Following } from "./following.ts";
import type { Retention } from "./retention.ts";
import type { Scheduler } from "./scheduler.ts";
import { WakeQueue } from "./wake-queue.ts";

const dueAtOnce = 1_000;
/** Taken up together: what they record shares commits. */
const wakesAtOnce = 64;
/** Timers that are held in memory beforehand; the rest are asked for when the last of these is due. */
const aheadAtOnce = 10_000;

export interface RoundParts {
  executions: Executions;
  following: Following;
  batches: Batches;
  scheduler: Scheduler;
  retention: Retention;
}

export class Rounds {
  readonly #context: RunningContext;
  readonly #parts: () => RoundParts;
  readonly #wakes = new WakeQueue();
  /** By execution, what was last said of it: it is met again at every tick. */
  readonly #complaints = new Map<string, string>();
  readonly #idleWaiters: (() => void)[] = [];
  /** Beyond it there are timers that aren't in `#wakes`; null: all are. */
  #horizon: number | null = null;
  #cancelTimer: () => void = () => {};
  #armedAt: number | null = null;
  #ticking: Promise<void> | null = null;
  #tickAgain = false;
  #stopping = false;

  constructor(context: RunningContext, parts: () => RoundParts) {
    this.#context = context;
    this.#parts = parts;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  /** Whatever an earlier process has left, and what waits for a time. */
  async recover(): Promise<void> {
    await this.#lookAhead();
    await this.tick();
  }

  /** W2. */
  async #lookAhead(): Promise<void> {
    const isLeft = this.#leftBy();
    const { headers, horizon } = await this.#nextTimers();
    this.#horizon = horizon;
    for (const header of headers) {
      // Of a living process's, its ends are taken up once it is gone: `due` tells of them then.
      if (this.#isOthers(header)) continue;
      if (await isLeft(header.owner)) this.#wakes.set(header.execution_id, header.wake_at);
    }
  }

  /** As many as it takes to see beyond what is due by now: thousands of those may be another process's. */
  async #nextTimers(): Promise<{ headers: ExecutionHeader[]; horizon: number | null }> {
    for (let limit = aheadAtOnce; ; limit *= 4) {
      const headers = await this.#context.store.due({ now: Number.MAX_SAFE_INTEGER, limit });
      const horizon = headers.length < limit ? null : (headers.at(-1)?.wake_at ?? null);
      if (horizon === null || horizon > this.#context.clock.now()) return { headers, horizon };
    }
  }

  /** It is driven no more, and wants to be looked at again then. */
  park({ executionId, wakeAt }: { executionId: string; wakeAt: number | null }): void {
    this.#wakes.set(executionId, wakeAt);
    this.#arm();
    this.noteQuiet();
  }

  async nextDue(): Promise<number | null> {
    const instants = [this.#wakes.next(), this.#horizon, await this.#parts().scheduler.nextDue()].filter(
      (at) => at !== null,
    );
    return instants.length === 0 ? null : Math.min(...instants);
  }

  /** A call during a round makes one more. */
  async tick(): Promise<void> {
    if (this.#stopping || !this.#context.drives) return;
    if (this.#ticking !== null) {
      this.#tickAgain = true;
      return this.#ticking;
    }
    this.#ticking = this.#rounds().finally(() => {
      this.#ticking = null;
      this.noteQuiet();
    });
    return this.#ticking;
  }

  async #rounds(): Promise<void> {
    const { batches, following, scheduler, retention } = this.#parts();
    do {
      this.#tickAgain = false;
      await this.#takeUpDue();
      following.tick();
      await batches.takeOver();
      await scheduler.tick();
      retention.tick();
    } while (this.#tickAgain);
    await this.#armNext();
  }

  async #takeUpDue(): Promise<void> {
    const now = this.#context.clock.now();
    await this.#wakeAll(this.#wakes.take(now));
    if (this.#horizon !== null && this.#horizon <= now) await this.#lookAhead();
    const { executions } = this.#parts();
    const isLeft = this.#leftBy();
    const left: string[] = [];
    for (const header of await this.#context.store.due({ now, limit: dueAtOnce })) {
      if (this.#isOthers(header)) continue;
      if (executions.isDriven(header.execution_id)) await executions.heed(header);
      else if (await isLeft(header.owner)) left.push(header.execution_id);
    }
    await this.#wakeAll(left);
  }

  /** In their order. */
  async #wakeAll(executionIds: readonly string[]): Promise<void> {
    for (let first = 0; first < executionIds.length; first += wakesAtOnce) {
      const together = executionIds.slice(first, first + wakesAtOnce);
      await Promise.all(together.map((executionId) => this.#wake(executionId)));
    }
  }

  /** A service's, and this process follows none. */
  #isOthers({ driver }: ExecutionHeader): boolean {
    return driver !== undefined && this.#context.follower === undefined;
  }

  /** Is it this process's, or a dead one's? Another may hold hundreds: it is asked after once. */
  #leftBy(): (owner: string) => Promise<boolean> {
    const left = new Map([[this.#context.lease.owner, true]]);
    return async (owner) => {
      const isLeft = left.get(owner) ?? (await this.#context.store.isGone({ owner }));
      left.set(owner, isLeft);
      return isLeft;
    };
  }

  async #wake(executionId: string): Promise<void> {
    // A round may be under way when the stop comes: what it hasn't taken up is the next process's.
    if (this.#stopping) return;
    try {
      await this.#parts().executions.wake(executionId);
    } catch (error) {
      const complaint = error instanceof Error ? error.message : String(error);
      if (this.#complaints.get(executionId) === complaint) return;
      this.#complaints.set(executionId, complaint);
      this.#context.logger.error({ err: error, execution_id: executionId }, "an execution could not be taken up");
    }
  }

  /** A new earliest instant moves the one timer. */
  #arm(): void {
    const next = this.#wakes.next();
    if (next !== null && (this.#armedAt === null || next < this.#armedAt)) this.#setTimer(next);
  }

  async #armNext(): Promise<void> {
    const next = await this.nextDue();
    this.#cancelTimer();
    this.#armedAt = null;
    if (next !== null && !this.#stopping) this.#setTimer(next);
  }

  #setTimer(at: number): void {
    this.#cancelTimer();
    this.#armedAt = at;
    this.#cancelTimer = this.#context.clock.at(at, () => {
      this.#armedAt = null;
      this.tick().catch((error: unknown) => this.#context.logger.error({ err: error }, "a tick failed"));
    });
  }

  get #isBusy(): boolean {
    const { executions, following, batches, retention } = this.#parts();
    const works = [executions, following, batches, retention];
    return works.some(({ isBusy }) => isBusy) || this.#ticking !== null;
  }

  noteQuiet(): void {
    if (!this.#isBusy) for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  /** Resolves when nothing is being driven, posted or edited. */
  async idle(): Promise<void> {
    while (this.#isBusy) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  /** No further round; what is under way gets `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer();
    await Promise.race([this.idle(), this.#context.realTime.pause(graceMs)]);
  }
}
