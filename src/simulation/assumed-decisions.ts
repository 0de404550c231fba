/**
 * What people are assumed to say, and when: two hours after they were asked, within working hours of the execution's zone.
 * `expire`: nobody says anything, so that reminders, hand-overs and timeouts take their course.
 */
import type { Engine } from "../engine/engine.ts";
import type { ExecutionEvent } from "../flow/event.ts";
import { nextWorkingInstant, type WorkingTime } from "../flow/working-time.ts";
import type { Person } from "../flow/person.ts";
import type { People } from "../notify/notifier.ts";
import type { AssumedDecision } from "./report.ts";

export const assumedAfterMs = 2 * 3_600_000;

interface Due {
  at: number;
  executionId: string;
  stepId: string;
}

export class AssumedDecisions {
  readonly #assumed: AssumedDecision;
  readonly #workingTime: WorkingTime;
  readonly #people: People;
  /** Earliest first. */
  readonly #due: Due[] = [];
  readonly #zones = new Map<string, string>();

  constructor(parts: { assumed: AssumedDecision; workingTime: WorkingTime; people: People }) {
    this.#assumed = parts.assumed;
    this.#workingTime = parts.workingTime;
    this.#people = parts.people;
  }

  note(executionId: string, event: ExecutionEvent): void {
    if (this.#assumed === "expire") return;
    if (event.type === "execution_started") this.#zones.set(executionId, event.timezone);
    if (event.type !== "approval_requested") return;
    const timezone = this.#zones.get(executionId) ?? "UTC";
    const ready = event.at + assumedAfterMs;
    const at = nextWorkingInstant(this.#workingTime, { at: ready, timezone }) ?? ready;
    const after = this.#due.findLastIndex((one) => one.at <= at);
    this.#due.splice(after + 1, 0, { at, executionId, stepId: event.step_id });
  }

  /** Null: nobody is about to say anything. */
  next(): number | null {
    return this.#due[0]?.at ?? null;
  }

  /** Says what is due by now. */
  async say(engine: Engine, now: number): Promise<void> {
    while ((this.#due[0]?.at ?? Infinity) <= now) {
      const due = this.#due.shift();
      if (due !== undefined) await this.#decide(engine, due);
    }
  }

  /** As many of those who were asked as it takes. */
  async #decide(engine: Engine, { executionId, stepId }: Due): Promise<void> {
    const { steps } = await engine.execution({ executionId });
    const approval = steps[stepId]?.approval ?? null;
    if (approval?.status !== "pending") return;
    const decision = this.#assumed === "reject" ? "reject" : "approve";
    for (const { reference } of approval.approvers) {
      for (const person of await this.#peopleBehind(reference)) {
        const asked = { executionId, stepId, version: approval.version, person, decision, reason: "assumed" } as const;
        const answer = await engine.decide(asked);
        if (answer.kind === "recorded" && answer.ended) return;
      }
    }
  }

  async #peopleBehind(reference: string): Promise<Person[]> {
    return this.#people.resolve({ reference }).catch(() => []);
  }
}
