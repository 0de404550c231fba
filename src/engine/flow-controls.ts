/**
 * What people say about a flow as such: pause and resume (DESIGN §6).
 *
 * Job: who may, one record for each flow, the audit. While a flow is paused the scheduler passes over what falls due
 * (scheduler.ts) and events start nothing (event-starts.ts). Non-job: starts by hand and executions that run go on.
 */
import type { FlowDefinition } from "../flow/flow.ts";
import type { Person } from "../flow/person.ts";
import type { FlowControl } from "../flow/record.ts";
import { auditEvent } from "./audit.ts";
import type { EngineContext } from "./context.ts";
import { passedBy, schedulesOf } from "./due-firing.ts";
import type { DecisionAnswer } from "./engine.ts";
import { isAmong } from "./is-among.ts";
import { knownFlow } from "./known-flow.ts";
import type { ScheduleCursors } from "./schedule-cursors.ts";

export type Pause = NonNullable<FlowControl["paused"]>;
type Verb = "pause" | "resume";
interface Asked {
  flowId: string;
  /** Null: a program or the terminal of whoever runs the app. */
  person: Person | null;
}

export class FlowControls {
  readonly #context: EngineContext;
  readonly #cursors: ScheduleCursors;

  constructor(context: EngineContext, cursors: ScheduleCursors) {
    this.#context = context;
    this.#cursors = cursors;
  }

  /** By flow_id, as the store has it: any process may have paused it. */
  async paused(): Promise<ReadonlyMap<string, Pause>> {
    const controls = await this.#context.store.flowControls();
    return new Map(controls.flatMap(({ flow_id, paused }) => (paused === null ? [] : [[flow_id, paused] as const])));
  }

  async pause(asked: Asked): Promise<DecisionAnswer> {
    const definition = knownFlow(this.#context, asked.flowId);
    const refused = await this.#refusal("pause", asked);
    if (refused !== null) return refused;
    const at = this.#context.clock.now();
    return this.#change("pause", { ...asked, definition, next: (paused) => paused ?? { at, by: asked.person } });
  }

  /** What fell due during the pause is passed over first: a crash in between leaves the flow paused, not catching up. */
  async resume(asked: Asked): Promise<DecisionAnswer> {
    const definition = knownFlow(this.#context, asked.flowId);
    const refused = await this.#refusal("resume", asked);
    if (refused !== null) return refused;
    const pause = (await this.paused()).get(asked.flowId);
    if (pause !== undefined) await this.#passOver(definition, pause);
    return this.#change("resume", { ...asked, definition, next: () => null });
  }

  async #passOver(definition: FlowDefinition, { at: since }: Pause): Promise<void> {
    const now = this.#context.clock.now();
    for (const scheduled of schedulesOf(definition, this.#context.timezone)) {
      const after = await this.#cursors.read(scheduled);
      const until = passedBy(scheduled, { after, since, now });
      if (until !== null) await this.#cursors.move(scheduled, until);
    }
  }

  /** Saying it twice is recorded once. */
  async #change(
    verb: Verb,
    asked: Asked & { definition: FlowDefinition; next: (paused: FlowControl["paused"]) => FlowControl["paused"] },
  ): Promise<DecisionAnswer> {
    const { store } = this.#context;
    const { flowId, person, definition } = asked;
    for (;;) {
      const stored = (await store.flowControls()).find(({ flow_id }) => flow_id === flowId);
      const paused = asked.next(stored?.paused ?? null);
      if (paused === (stored?.paused ?? null)) return { kind: "recorded", ended: false };
      const control = { flow_id: flowId, paused, revision: (stored?.revision ?? 0) + 1 };
      if (!(await store.putFlowControl({ control }))) continue;
      await this.#audit(verb, { flowId, person, detail: `${flowId} ${definition.version}` });
      return { kind: "recorded", ended: false };
    }
  }

  async #refusal(verb: Verb, { flowId, person }: Asked): Promise<DecisionAnswer | null> {
    if (person === null || (await isAmong(this.#context, person, ["role:operator"]))) return null;
    await this.#audit("refuse", { flowId, person, detail: `${verb}: not_an_operator` });
    const message = `Only an operator can ${verb} ${flowId}. Nothing changed.`;
    return { kind: "refused", reason: "not_an_operator", message };
  }

  async #audit(action: Verb | "refuse", asked: Asked & { detail: string }): Promise<void> {
    const audit = auditEvent(this.#context, { action, executionId: null, ...asked });
    await this.#context.store.recordAudit({ events: [audit] });
  }
}
