/** The real time of the embedded engine, in which a deadline comes only for an action that hangs, and then at once. */
import type { ActionAnswer, ActionRequest } from "../../../src/agents/agent.ts";
import type { Deadline, RealTime } from "../../../src/engine/context.ts";
import { noTime, type VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { Hangs } from "./actions.ts";

export class HangingTime implements RealTime {
  readonly #usual: RealTime;
  readonly #running = new WeakMap<AbortSignal, AbortController>();

  constructor(clock: VirtualClock) {
    this.#usual = noTime(clock);
  }

  now(): number {
    return this.#usual.now();
  }

  pause(ms: number): Promise<void> {
    return this.#usual.pause(ms);
  }

  deadline(): Deadline {
    const controller = new AbortController();
    this.#running.set(controller.signal, controller);
    return { signal: controller.signal, clear: () => {} };
  }

  /** What `work` gives, unless it throws `Hangs`. */
  async bounded({ signal }: ActionRequest, work: () => ActionAnswer | Promise<ActionAnswer>): Promise<ActionAnswer> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Hangs) this.#running.get(signal)?.abort();
      throw error;
    }
  }
}
