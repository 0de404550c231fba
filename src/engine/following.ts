/**
 * Executions that a service drives and has ended without a last word in the log: it timed out, was stopped from outside, or its
 * machine broke. Looked for once in a while; without a follower nothing is done here.
 *
 * - L1. A look takes a request for each thousand that run: whoever runs here and isn't in the service's list is asked about alone.
 * - L2. Ours are read before the service's list, so that what starts meanwhile isn't missed in it.
 * - L3. Nobody waits for a look: it goes on behind the rounds.
 */
import type { Command } from "./command.ts";
import type { RunningContext } from "./context.ts";
import type { Executions } from "./executions.ts";
import type { Follower, Whereabouts } from "./follower.ts";
import { headers } from "./header-pages.ts";

/** Between two looks, by the clock: half a minute for each thousand that run, so that the service and the store are asked evenly. */
const leastPaceMs = 30_000;
const paceOfEachMs = 30;
const longestPaceMs = 600_000;
const askedAtOnce = 8;
/** In one look: then the service answers nobody, and one that can't be read holds up no other. */
const mostFailures = 16;

export interface FollowingHooks {
  isStopping: () => boolean;
  onQuiet: () => void;
}

export class Following {
  readonly #context: RunningContext;
  readonly #executions: Executions;
  readonly #hooks: FollowingHooks;
  #since: { at: number; waitMs: number } | null = null;
  #looking: Promise<void> | null = null;

  constructor(context: RunningContext, executions: Executions, hooks: FollowingHooks) {
    this.#context = context;
    this.#executions = executions;
    this.#hooks = hooks;
  }

  get isBusy(): boolean {
    return this.#looking !== null;
  }

  /** Begins a look if one is due. */
  tick(): void {
    const { follower, clock, logger } = this.#context;
    const now = clock.now();
    // A clock that was put back must not end the looking.
    const isSoon = this.#since !== null && Math.abs(now - this.#since.at) < this.#since.waitMs;
    if (follower === undefined || this.#looking !== null || isSoon) return;
    this.#since = { at: now, waitMs: leastPaceMs };
    this.#looking = this.#look(follower)
      .catch((error: unknown) => logger.warn({ err: error }, "what has ended outside could not be looked for"))
      .finally(() => {
        this.#looking = null;
        this.#hooks.onQuiet();
      });
  }

  async #look(follower: Follower): Promise<void> {
    const ours = await this.#running();
    const count = [...ours.values()].reduce((sum, ids) => sum + ids.length, 0);
    const waitMs = Math.min(longestPaceMs, Math.max(leastPaceMs, count * paceOfEachMs));
    this.#since = { at: this.#since?.at ?? 0, waitMs };
    let failed = 0;
    for (const [flowId, ids] of ours) {
      const missing = await this.#missing(follower, { flowId, ids });
      for (let first = 0; first < missing.length; first += askedAtOnce) {
        if (this.#hooks.isStopping() || failed >= mostFailures) return;
        const together = missing.slice(first, first + askedAtOnce);
        const asked = await Promise.all(together.map((executionId) => this.#ask(follower, executionId)));
        failed += asked.filter((isAsked) => !isAsked).length;
      }
    }
  }

  async #missing(follower: Follower, { flowId, ids }: { flowId: string; ids: string[] }): Promise<string[]> {
    try {
      const there = await follower.running({ flowId });
      return ids.filter((id) => !there.has(id));
    } catch (error) {
      this.#context.logger.warn(
        { err: error, flow_id: flowId },
        "the service could not be asked what runs; it is asked again",
      );
      return [];
    }
  }

  /** Those that it has been told of, by flow (L2). */
  async #running(): Promise<Map<string, string[]>> {
    const ids = new Map<string, string[]>();
    for await (const { execution_id, flow_id, driver, waiting_for } of headers(this.#context.store, {
      status: "running",
    })) {
      if (driver === undefined || waiting_for.some(({ kind }) => kind === "queue")) continue;
      const known = ids.get(flow_id) ?? [];
      known.push(execution_id);
      ids.set(flow_id, known);
    }
    return ids;
  }

  /** False: it could not be asked, and is at a later look. */
  async #ask(follower: Follower, executionId: string): Promise<boolean> {
    try {
      const state = await this.#executions.read(executionId);
      const found = state === null || state.status !== "running" ? null : await follower.endOf(state);
      if (found !== null) await this.#note(executionId, found);
      return true;
    } catch (error) {
      const about = { err: error, execution_id: executionId };
      this.#context.logger.warn(about, "the service could not be asked how it stands; it is asked again");
      return false;
    }
  }

  async #note(executionId: string, found: NonNullable<Whereabouts>): Promise<void> {
    const command: Command =
      found.status === "unknown"
        ? { type: "note_unheard", failure: found.failure }
        : { type: "end_outside", end: found };
    await this.#executions.use(executionId, async (driver) => {
      await driver?.submit(command);
    });
  }
}
