/**
 * How far each schedule has fired, known without asking the store each time.
 *
 * - C1. A schedule first seen, or changed, starts now: nothing from before its first sight is owed.
 * - C2. What is remembered may lag behind the store, where another process has fired: who is about to fire reads it again.
 * - C3. Two processes that hold different versions of a schedule each go on with what they remember of theirs.
 */
import type { ScheduleCursor } from "../flow/record.ts";
import type { EngineContext } from "./context.ts";
import type { Scheduled } from "./due-firing.ts";

export class ScheduleCursors {
  readonly #context: Pick<EngineContext, "store" | "clock">;
  readonly #remembered = new Map<string, ScheduleCursor>();

  constructor(context: Pick<EngineContext, "store" | "clock">) {
    this.#context = context;
  }

  /** The instant until which it has fired, as far as this process knows. */
  async remembered(scheduled: Scheduled): Promise<number> {
    const cursor = this.#of(scheduled);
    return cursor === null ? this.read(scheduled) : cursor.fired_until;
  }

  /** As the store has it. */
  async read(scheduled: Scheduled): Promise<number> {
    const { store, clock } = this.#context;
    const { definition, index } = scheduled;
    const stored = await store.getCursor({ flowId: definition.flow_id, trigger: index });
    if (stored !== null && stored.schedule === scheduleText(scheduled)) return this.#remember(scheduled, stored);
    const cursor = this.#of(scheduled);
    if (cursor !== null) return cursor.fired_until;
    const now = clock.now();
    await this.move(scheduled, now);
    return now;
  }

  async move(scheduled: Scheduled, fired_until: number): Promise<void> {
    const { definition, index } = scheduled;
    const cursor = { flow_id: definition.flow_id, trigger: index, schedule: scheduleText(scheduled), fired_until };
    await this.#context.store.putCursor({ cursor });
    this.#remember(scheduled, cursor);
  }

  #of(scheduled: Scheduled): ScheduleCursor | null {
    const cursor = this.#remembered.get(scheduleKey(scheduled));
    return cursor?.schedule === scheduleText(scheduled) ? cursor : null;
  }

  #remember(scheduled: Scheduled, cursor: ScheduleCursor): number {
    this.#remembered.set(scheduleKey(scheduled), cursor);
    return cursor.fired_until;
  }
}

export function scheduleKey({ definition, index }: Scheduled): string {
  return `${definition.flow_id}#${index}`;
}

function scheduleText({ trigger, timezone }: Scheduled): string {
  return `${trigger.schedule} ${timezone}`;
}
