/** What many lives have been through, so that a law that had nothing to judge is noticed. */
import type { ExecutionEvent } from "../../../src/flow/event.ts";
import type { Life } from "./life.ts";

export class Tally {
  executions = 0;
  effects = 0;
  deaths = 0;
  /** States of drivers in the middle of their work. */
  observed = 0;
  readonly events = new Map<ExecutionEvent["type"], number>();

  note(life: Life): void {
    this.executions += life.store.written.size;
    this.effects += life.world.effects.length;
    this.deaths += life.deaths;
    this.observed += life.observed.length;
    for (const { type } of life.store.entries.flatMap(({ events }) => events))
      this.events.set(type, (this.events.get(type) ?? 0) + 1);
  }

  get words(): string {
    const { executions, effects, deaths, observed } = this;
    return `${executions} executions, ${effects} effects, ${deaths} deaths, ${observed} states in between`;
  }
}
