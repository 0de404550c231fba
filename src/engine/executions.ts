/**
 * The executions that this process drives: opened from their logs when something is due or asked, let go when parked.
 */
import type { ExecutionState } from "../flow/execution.ts";
import type { ExecutionHeader } from "../flow/record.ts";
import type { CardBoard } from "./card-board.ts";
import type { RunningContext } from "./context.ts";
import { type DriverHooks, ExecutionDriver } from "./driver.ts";
import { Entrance } from "./entrance.ts";
import { storedExecution } from "./stored-execution.ts";
import type { SubFlows } from "./sub-flows.ts";

export interface ExecutionsHooks {
  board: CardBoard;
  onHeader: (header: ExecutionHeader) => void;
  onParked: (parked: { executionId: string; wakeAt: number | null }) => void;
  onEnded: (state: ExecutionState) => Promise<void>;
  onQueued: (state: ExecutionState) => Promise<void>;
  /** One that was looked at isn't driven here: that may have been all there was to do. */
  onQuiet: () => void;
  subFlows: () => SubFlows;
  isStopping: () => boolean;
}

export interface Adopted {
  state: ExecutionState;
  header: ExecutionHeader;
}

/** Of those just started, driven at once: fewer share too few commits, more are too much memory. */
const enteringAtOnce = 128;

export class Executions {
  readonly #context: RunningContext;
  readonly #hooks: ExecutionsHooks;
  readonly #driverHooks: DriverHooks;
  readonly #drivers = new Map<string, Promise<ExecutionDriver | null>>();
  readonly #entrance: Entrance<Adopted>;

  constructor(context: RunningContext, hooks: ExecutionsHooks) {
    this.#context = context;
    this.#hooks = hooks;
    const onParked = (parked: { executionId: string; wakeAt: number | null }) => {
      this.#drivers.delete(parked.executionId);
      this.#entrance.leave(parked.executionId);
      hooks.onParked(parked);
    };
    this.#driverHooks = { ...hooks, onParked };
    this.#entrance = new Entrance({
      width: enteringAtOnce,
      realTime: context.realTime,
      enter: (started) => this.#enterLater(started),
    });
  }

  get isBusy(): boolean {
    return this.#drivers.size > 0 || !this.#entrance.isEmpty;
  }

  isDriven(executionId: string): boolean {
    return this.#drivers.has(executionId) || this.#entrance.has(executionId);
  }

  /** Just started by this process; of many at once, some are driven later. A tick may have met it in the store first. */
  async adopt(started: Adopted): Promise<void> {
    const { executionId } = started.state;
    if (this.#drivers.has(executionId)) return this.wake(executionId);
    if (this.#entrance.admit(executionId, started)) await this.#enter(started);
  }

  async #enter({ state, header }: Adopted): Promise<void> {
    const driver = new ExecutionDriver({ ...this.#parts(), state, header, recovered: false });
    this.#drivers.set(state.executionId, Promise.resolve(driver));
    await held(driver, () => driver.wake());
  }

  #enterLater(started: Adopted): void {
    const { executionId: execution_id } = started.state;
    this.#enter(started).catch((error: unknown) =>
      this.#context.logger.error({ err: error, execution_id }, "an execution could not go on"),
    );
  }

  /** One that waits to be driven, and is asked for. */
  #called(executionId: string): Promise<ExecutionDriver | null> | undefined {
    const started = this.#entrance.take(executionId);
    if (started !== null) this.#enterLater(started);
    return this.#drivers.get(executionId);
  }

  /** `work` gets null: there is no such execution. Its owner gone, it is taken over first; it isn't let go before `work` ends. */
  async use<T>(executionId: string, work: (driver: ExecutionDriver | null) => Promise<T>): Promise<T> {
    for (;;) {
      const opening = this.#called(executionId) ?? this.#begin(executionId);
      const driver = await opening;
      if (driver === null || driver.isForeign) return work(driver);
      // Taken over with nothing to do, it may have been let go in the meantime.
      if (this.#drivers.get(executionId) === opening) return held(driver, () => work(driver));
    }
  }

  #begin(executionId: string): Promise<ExecutionDriver | null> {
    const opening = this.#open(executionId);
    this.#drivers.set(executionId, opening);
    // What another living process drives may be written to, but is not kept here (D5); what can't be read neither.
    const unlessOurs = (driver: ExecutionDriver | null) => {
      if (driver?.isForeign === false) return;
      this.#drivers.delete(executionId);
      this.#hooks.onQuiet();
    };
    opening.then(unlessOurs, () => unlessOurs(null));
    return opening;
  }

  /** The state for reading, without driving. */
  async read(executionId: string): Promise<ExecutionState | null> {
    const driven = await this.#drivers.get(executionId);
    if (driven) return driven.state;
    const header = await this.#context.store.getHeader({ executionId });
    return header === null ? null : this.#fold(header);
  }

  /** What another process has recorded of one that is driven here: an abort cuts off what is under way. */
  async heed(header: ExecutionHeader): Promise<void> {
    const driver = await this.#drivers.get(header.execution_id);
    await driver?.heed(header);
  }

  async wake(executionId: string): Promise<void> {
    await this.use(executionId, async (driver) => {
      if (driver?.isForeign === false) await driver.wake();
    });
  }

  #parts() {
    return { context: this.#context, hooks: this.#driverHooks };
  }

  async #open(executionId: string): Promise<ExecutionDriver | null> {
    const header = await this.#context.store.getHeader({ executionId });
    const state = header === null ? null : await this.#fold(header);
    if (header === null || state === null) return null;
    const driver = new ExecutionDriver({ ...this.#parts(), state, header, recovered: true });
    const { lease, store, follower } = this.#context;
    const drives = this.#context.drives && (state.service === null || follower !== undefined);
    if (drives && driver.isForeign && (await store.isGone({ owner: state.owner ?? header.owner }))) {
      await driver.submit({ type: "take_over", owner: lease.owner, epoch: state.epoch });
    }
    return driver;
  }

  async #fold(header: ExecutionHeader): Promise<ExecutionState | null> {
    const { store, definitions } = this.#context;
    return storedExecution({ store, definitions, header });
  }
}

async function held<T>(driver: ExecutionDriver, work: () => Promise<T>): Promise<T> {
  const letGo = driver.hold();
  try {
    return await work();
  } finally {
    letGo();
  }
}
