/**
 * How much of each agent is used at once and in a second, in this process. What is over a limit waits for its turn, in order;
 * an attempt's own time begins only then.
 */
import type { AgentName } from "../flow/flow.ts";
import type { RealTime } from "./context.ts";
import { Limiter } from "../flow/limiter.ts";

export interface AgentLimit {
  /** Attempts begun in any second; null: as many as come. */
  perSecond: number | null;
  /** Attempts under way; null: as many as come. */
  concurrent: number | null;
}

export class AgentLimits {
  readonly #realTime: RealTime;
  readonly #lanes = new Map<AgentName, { limiter: Limiter | null; pacer: Pacer | null }>();

  constructor(limits: Partial<Record<AgentName, AgentLimit>>, realTime: RealTime) {
    this.#realTime = realTime;
    for (const name of ["data_agent", "decision_agent", "execution_agent"] as const) {
      const limit = limits[name];
      if (limit === undefined) continue;
      const limiter = limit.concurrent === null ? null : new Limiter(limit.concurrent);
      this.#lanes.set(name, { limiter, pacer: limit.perSecond === null ? null : new Pacer(limit.perSecond) });
    }
  }

  run<T>(agent: AgentName, work: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(agent);
    if (lane === undefined) return work();
    const paced = async () => {
      const waitMs = lane.pacer?.reserve(this.#realTime.now()) ?? 0;
      if (waitMs > 0) await this.#realTime.pause(waitMs);
      return work();
    };
    return lane.limiter === null ? paced() : lane.limiter.run(paced);
  }
}

/** Of the last so many beginnings, the first must be a second ago. */
class Pacer {
  readonly #perSecond: number;
  readonly #begun: number[] = [];

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Milliseconds until the turn that is now taken. */
  reserve(now: number): number {
    const before = this.#begun.length < this.#perSecond ? undefined : this.#begun.shift();
    const at = before === undefined ? now : Math.max(now, before + 1_000);
    this.#begun.push(at);
    return at - now;
  }
}
