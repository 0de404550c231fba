/**
 * An execution of the service's as a handler sees it: read from its log, and written to it.
 *
 * - H1. What is recorded follows from the log as it stands: who loses an append (another branch's function, a vote) reads the log
 *   and decides again (D2).
 * - H2. The definition is the one that the log was begun with (D4); a machine of another one is refused by name.
 * - H3. Of one log there is one machine: what runs on after a redrive has put another in its place is refused by name.
 */
import type { ExecutionEvent } from "../../flow/event.ts";
import { fold, type ExecutionState } from "../../flow/execution.ts";
import { FailureError } from "../../flow/failure.ts";
import type { FlowDefinition } from "../../flow/flow.ts";
import type { AuditEvent, ExecutionHeader } from "../../flow/record.ts";
import { wantedCards } from "../../engine/cards.ts";
import type { Command } from "../../engine/command.ts";
import type { RunningContext } from "../../engine/context.ts";
import { decide, follow, type DecideContext } from "../../engine/decide.ts";
import { header, isOpen } from "../../engine/header.ts";
import { owedTo, serviceName, withoutRedrive } from "../../engine/owed.ts";

export interface About {
  execution_id: string;
  flow_id: string;
  hash: string;
}

/** Never taken, so that any process may follow what a function has written. */
export const serviceOwner = "stepfunctions";

export class RecordedExecution {
  readonly #context: RunningContext;
  #state: ExecutionState;

  private constructor(context: RunningContext, state: ExecutionState) {
    this.#context = context;
    this.#state = state;
  }

  /** Null: nobody has begun it. Throws `FailureError` where the machine is of another definition (H2). */
  static async find(context: RunningContext, about: About): Promise<RecordedExecution | null> {
    const found = await RecordedExecution.named(context, about.execution_id);
    if (found !== null) checkDefinition(found.state, about);
    return found;
  }

  /** By the name of a service's execution; null: there is none. */
  static async named(context: RunningContext, name: string): Promise<RecordedExecution | null> {
    for (const executionId of new Set([withoutRedrive(name), name])) {
      const state = await read(context, executionId);
      if (state !== null) return new RecordedExecution(context, state);
    }
    return null;
  }

  /** Throws `FailureError` also where another machine has taken this one's place (H3). */
  static async open(context: RunningContext, about: About): Promise<RecordedExecution> {
    const found = await RecordedExecution.find(context, about);
    if (found !== null) checkName(found.state, about);
    if (found !== null) return found;
    const cause = `The execution ${about.execution_id} is not in the store. Has another table been set since it began?`;
    throw new FailureError({ error: "Flow.Failed", cause });
  }

  get state(): ExecutionState {
    return this.#state;
  }

  submit(command: Command): Promise<ExecutionState> {
    return this.record((state, context) => decide(state, command, context).events);
  }

  /** Durable when it resolves; no events: nothing is written. Asked again after a lost race, so `what` has no effects. */
  async record(
    what: (state: ExecutionState, context: DecideContext) => ExecutionEvent[],
    audit: AuditEvent[] = [],
  ): Promise<ExecutionState> {
    const { store, clock, randomness, idempotency } = this.#context;
    for (;;) {
      const now = clock.now();
      const before = this.#state;
      const events = what(before, { now, fraction: randomness.fraction(), idempotency });
      if (events.length === 0) return before;
      const followed = follow(before, events, now);
      const sequence = before.sequence + 1;
      const state = { ...followed.state, sequence };
      const entry = { execution_id: before.executionId, sequence, epoch: before.epoch, events: followed.events };
      const appended = await store.append({ entry, header: headerOf(state, now), audit });
      this.#state = appended ? state : ((await read(this.#context, before.executionId)) ?? before);
      if (appended) return state;
    }
  }
}

/** It wakes whoever follows it where there is something to show, or to tell the service. */
function headerOf(state: ExecutionState, now: number): ExecutionHeader {
  const active = state.status !== "running" || owedTo(state).length > 0 || wantedCards(state, now).length > 0;
  return header({ state, owner: state.owner ?? serviceOwner, active, open: isOpen(state), now });
}

async function read({ store, definitions }: RunningContext, executionId: string): Promise<ExecutionState | null> {
  const entries = await store.readLog({ executionId, after: 0 });
  const first = entries[0]?.events[0];
  if (first?.type !== "execution_started") return null;
  return fold({ definition: await definitions.of(first.definition_hash), entries });
}

function checkDefinition({ definitionHash, flowId, service, executionId }: ExecutionState, { flow_id, hash }: About) {
  if (service === null) {
    const cause = `${executionId} is driven by an engine process of its own; the machine of ${flow_id} leaves it alone.`;
    throw new FailureError({ error: "Flow.Failed", cause });
  }
  if (definitionHash === hash) return;
  const cause =
    flowId === flow_id
      ? `The machine of ${flow_id} is of the definition ${hash.slice(0, 12)}, and ${executionId} was started with ${definitionHash.slice(0, 12)}. Deploy the flows that the bot runs with (npx revops deploy), then redrive it.`
      : `${executionId} is an execution of ${flowId}, not of ${flow_id}.`;
  throw new FailureError({ error: "Flow.Failed", cause });
}

/** H3. Told of a redrive that it may have begun by itself, the service may be ahead of the log. */
function checkName(state: ExecutionState, { execution_id: name }: About): void {
  const { service, redrives } = state;
  // What has ended well is answered from the record, whoever asks.
  if (service === null || service.name === null || state.status === "succeeded") return;
  const isOwed = service.toldRedrives < redrives;
  const isNamed = name === service.name && (!isOwed || service.isWholeRedrive);
  if (isNamed || (isOwed && name === serviceName(state))) return;
  const cause = `${name} was redriven: ${isOwed ? serviceName(state) : service.name} goes on with its history.`;
  throw new FailureError({ error: "Flow.Failed", cause });
}

/** Of what a person may have named; throws `FailureError` where nobody has stored it. */
export async function definitionOf({ definitions }: RunningContext, { flow_id, hash }: Omit<About, "execution_id">) {
  let definition: FlowDefinition;
  try {
    definition = await definitions.of(hash);
  } catch (error) {
    const cause = `The definition ${hash.slice(0, 12)} of ${flow_id} is not in the store. Start the bot, or run npx revops deploy, with the flows that the machine was compiled from.`;
    throw new FailureError({ error: "Flow.Failed", cause }, { cause: error });
  }
  return definition;
}
