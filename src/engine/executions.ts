/**
 * The executions that this process drives: opened from their logs when something is due or asked, let go when parked.
 */
import type { ExecutionState } from "../flow/execution.ts";
import type { ExecutionHeader } from "../flow/record.ts";
import type { CardBoard } from "./card-board.ts";
import type { RunningContext } from "./context.ts";
import { type DriverHooks, ExecutionDriver } from "./driver.ts";
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

export class Executions {
  readonly #context: RunningContext;
  readonly #hooks: ExecutionsHooks;
  readonly #driverHooks: DriverHooks;
  readonly #drivers = new Map<string, Promise<ExecutionDriver | null>>();

  constructor(context: RunningContext, hooks: ExecutionsHooks) {
    this.#context = context;
    this.#hooks = hooks;
    const onParked = (parked: { executionId: string; wakeAt: number | null }) => {
      this.#drivers.delete(parked.executionId);
      hooks.onParked(parked);
    };
    this.#driverHooks = { ...hooks, onParked };
  }

  get isBusy(): boolean {
    return this.#drivers.size > 0;
  }

  isDriven(executionId: string): boolean {
    return this.#drivers.has(executionId);
  }

  /** Just started by this process. A tick may have met it in the store first: then it has its driver already. */
  async adopt({ state, header }: { state: ExecutionState; header: ExecutionHeader }): Promise<void> {
    if (this.#drivers.has(state.executionId)) return this.wake(state.executionId);
    const driver = new ExecutionDriver({ ...this.#parts(), state, header, recovered: false });
    this.#drivers.set(state.executionId, Promise.resolve(driver));
    await held(driver, () => driver.wake());
  }

  /** `work` gets null: there is no such execution. Its owner gone, it is taken over first; it isn't let go before `work` ends. */
  async use<T>(executionId: string, work: (driver: ExecutionDriver | null) => Promise<T>): Promise<T> {
    for (;;) {
      const opening = this.#drivers.get(executionId) ?? this.#begin(executionId);
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
