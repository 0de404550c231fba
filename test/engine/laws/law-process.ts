/** One process of a life: it may die at a chosen write or step into the world, or stand still and wake up. */
import { setTimeout } from "node:timers/promises";
import type { Engine } from "../../../src/engine/engine.ts";
import type { RealTime } from "../../../src/engine/context.ts";
import type { StateStore } from "../../../src/state/state-store.ts";
import { faultyStore, slowStore, type FaultyStore } from "../../state/faulty-store.ts";
import { startHarness, type Harness, type HarnessOptions } from "../harness.ts";
import type { VirtualClock } from "../virtual-clock.ts";
import type { Process } from "../world.ts";
import type { Move } from "./case.ts";

/** Longer than any life that is quiet takes; what hangs is told rather than waited for. */
const patienceMs = 3_000;

type Options = HarnessOptions & { store: StateStore; clock: VirtualClock };

export class LawProcess {
  owner = "";
  isFrozen = false;
  readonly #process: Process = { alive: true, step: (_name, when) => this.#step(when) };
  readonly #death = Promise.withResolvers<void>();
  #faulty: FaultyStore | null = null;
  #harness: Harness | null = null;
  #armed: (Extract<Move, { move: "die" }> & { at: number }) | null = null;
  #steps = 0;
  #thawed = Promise.withResolvers<void>();

  static async start(options: Options): Promise<LawProcess> {
    const process = new LawProcess();
    const slow = slowStore({ store: options.store, pause: () => process.#pause() });
    const faulty = faultyStore({ store: slow, fail: ({ number }) => process.#fault(number) });
    const owned: StateStore = {
      ...faulty,
      openLease: (asked) => {
        process.owner = asked.owner;
        return faulty.openLease(asked);
      },
    };
    process.#faulty = faulty;
    void faulty.death.then(() => process.#die());
    const realTime = deadlinesByClock(process.#process, options.clock);
    process.#harness = await startHarness({ ...options, store: owned, process: process.#process, realTime });
    return process;
  }

  get engine(): Engine {
    return this.#known.engine;
  }

  get logged(): string[] {
    return this.#known.logged;
  }

  get isDead(): boolean {
    return !this.#process.alive;
  }

  get #known(): Harness {
    if (this.#harness === null) throw new Error("It has not begun.");
    return this.#harness;
  }

  async idle(): Promise<void> {
    await this.untilDeath(() => this.engine.idle());
  }

  async tick(): Promise<void> {
    // A store that refuses a tick is asked again at the next.
    await this.untilDeath(() => this.engine.tick().catch(() => {}));
  }

  /** Whatever a dead process had under way never ends; what a living one has must. */
  async untilDeath(work: () => Promise<void>): Promise<void> {
    if (this.isDead) return;
    const patience = new AbortController();
    const late = setTimeout(patienceMs, null, { signal: patience.signal }).then(() => {
      throw new Error("The engine was never quiet.");
    });
    late.catch(() => {});
    const ended = work().catch((error: unknown) => {
      if (!this.isDead && this.#faulty?.crashed() !== true) throw error;
    });
    const thawed = this.isFrozen ? Promise.resolve() : new Promise<void>(() => {});
    await Promise.race([ended, this.#death.promise, thawed, late]).finally(() => patience.abort());
  }

  die(): void {
    this.#die();
  }

  #die(): void {
    this.#process.alive = false;
    this.#thawed.resolve();
    this.#death.resolve();
  }

  /** The operating system lets go of what it held. */
  async bury(): Promise<void> {
    this.#process.alive = false;
    this.thaw();
    if (this.#faulty?.crashed() !== true) await this.engine.stop({ graceMs: 0 });
  }

  dieAt(move: Extract<Move, { move: "die" }>): void {
    const now = move.where === "store" ? (this.#faulty?.writes() ?? 0) : this.#steps;
    this.#armed = { ...move, at: now + move.number };
  }

  disarm(): void {
    this.#armed = null;
  }

  freeze(): void {
    if (this.isFrozen) return;
    this.isFrozen = true;
    this.#thawed = Promise.withResolvers<void>();
  }

  thaw(): void {
    this.isFrozen = false;
    this.#thawed.resolve();
  }

  /** The dead ask for nothing more, and hear nothing. */
  async #pause(): Promise<void> {
    if (this.isFrozen) await this.#thawed.promise;
    if (this.isDead) await new Promise<never>(() => {});
  }

  #fault(number: number) {
    const armed = this.#armed;
    return armed?.where === "store" && armed.at === number ? armed.when : null;
  }

  #step(when: "before" | "after"): void {
    if (when === "before") this.#steps += 1;
    const armed = this.#armed;
    if (armed?.where === "world" && armed.at === this.#steps && armed.when === when) this.#die();
  }
}

/** Pauses take no time, deadlines come by the clock of the test; a dead process's pauses never end. */
function deadlinesByClock(process: Process, clock: VirtualClock): RealTime {
  return {
    now: () => clock.now(),
    deadline: (ms) => {
      const controller = new AbortController();
      const clear = clock.at(clock.now() + ms, () => controller.abort());
      return { signal: controller.signal, clear };
    },
    pause: (ms) => new Promise((resolve) => setImmediate(() => (process.alive || ms === 0) && resolve())),
  };
}
