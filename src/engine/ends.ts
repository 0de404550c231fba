/**
 * Who learns of an execution's end: the step of another that waits for it, the card of the case that it looked at, and those
 * that queue for its places. Harmless to
 * repeat: an execution is closed only after this, so a crash in between does it again.
 */
import type { ExecutionState } from "../flow/execution.ts";
import type { CaseNotes } from "./case-notes.ts";
import type { RunningContext } from "./context.ts";
import type { Executions } from "./executions.ts";
import { graceToComeMs, queuedSlots, releasedSlots, Slots, type Place } from "./slots.ts";
import type { SubFlows } from "./sub-flows.ts";

export class Ends {
  readonly #context: RunningContext;
  readonly #executions: Executions;
  readonly #subFlows: SubFlows;
  readonly #caseNotes: CaseNotes;

  constructor(context: RunningContext, parts: { executions: Executions; subFlows: SubFlows; caseNotes: CaseNotes }) {
    this.#context = context;
    this.#executions = parts.executions;
    this.#subFlows = parts.subFlows;
    this.#caseNotes = parts.caseNotes;
  }

  async tell(state: ExecutionState): Promise<void> {
    await this.#subFlows.tellParent(state);
    await this.#caseNotes.tell(state);
    for (const place of releasedSlots(state)) await this.#giveOn(place, state.executionId);
  }

  /** For one that queues: an end of which nobody has told it (P4 of slots.ts). */
  async look(state: ExecutionState): Promise<void> {
    for (const place of queuedSlots(state)) await this.#giveOn(place, "");
  }

  async #giveOn(place: Place, executionId: string): Promise<void> {
    const holders = await new Slots(this.#context).release({ ...place, executionId });
    for (const holder of holders) await this.#admit(holder, place);
  }

  /** One that waits for several places goes on when it has the last of them. */
  async #admit(executionId: string, { key, limit }: Place): Promise<void> {
    await this.#executions.use(executionId, async (driver) => {
      if (driver === null) this.#giveOnLater({ key, limit });
      else await driver.submit({ type: "admit", key });
    });
  }

  /** Its execution hasn't come to be; if it never does, the next in the queue gets the place. */
  #giveOnLater(place: Place): void {
    const { clock, logger } = this.#context;
    clock.at(clock.now() + graceToComeMs, () => {
      this.#giveOn(place, "").catch((error: unknown) => logger.error({ err: error }, "a place could not be given on"));
    });
  }
}
