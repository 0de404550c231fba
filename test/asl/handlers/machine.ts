/** A state machine's place for tests of the handlers: requests made by hand, over a store and a world that outlive each call. */
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import { definitionHash } from "../../../src/flow/flow.ts";
import { fold, type ExecutionState } from "../../../src/flow/execution.ts";
import type { Json, JsonObject } from "../../../src/flow/json.ts";
import { handleActions, handleEffects } from "../../../src/asl/handlers/handle.ts";
import { handlerContext } from "../../../src/asl/handlers/handler-context.ts";
import type { EngineContext, RunningContext } from "../../../src/engine/context.ts";
import type { Harness } from "../../engine/harness.ts";

const fifteenMinutesMs = 900_000;

export class Machine {
  readonly #harness: Harness;
  readonly definition: FlowDefinition;
  readonly id: string;
  hash: string;

  constructor(harness: Harness, definition: FlowDefinition, id = "by-boto3") {
    this.#harness = harness;
    this.definition = definition;
    this.id = id;
    this.hash = definitionHash(definition);
  }

  /** As `npx revops deploy` does. */
  async deploy(): Promise<this> {
    const { store, clock } = this.#harness;
    await store.putDefinition({ hash: this.hash, definition: this.definition, at: clock.now() });
    return this;
  }

  /** Each call has a context of its own, as each function has. */
  context(overrides: Partial<EngineContext> = {}): RunningContext {
    const { clock, context } = this.#harness;
    return handlerContext({ ...context, ...overrides }, { endsAt: () => clock.now() + fifteenMinutesMs });
  }

  about() {
    return { execution_id: this.id, flow_id: this.definition.flow_id, hash: this.hash };
  }

  begin(input: JsonObject = { customer_id: "acme" }): Promise<Json> {
    const started_at = new Date(this.#harness.clock.now()).toISOString();
    return handleActions(this.context(), { kind: "begin", ...this.about(), input, started_at });
  }

  step(stepId: string, given: StepGiven = {}): Promise<Json> {
    const { outputs = [], attempt = 1, index = null, parameters = {}, effects = false, overrides = {} } = given;
    const request = { kind: "step", ...this.about(), step_id: stepId, index, attempt, parameters, outputs };
    return (effects ? handleEffects : handleActions)(this.context(overrides), request);
  }

  effects(request: Record<string, unknown>, overrides: Partial<EngineContext> = {}): Promise<Json> {
    return handleEffects(this.context(overrides), { ...this.about(), ...request });
  }

  actions(request: Record<string, unknown>): Promise<Json> {
    return handleActions(this.context(), { ...this.about(), ...request });
  }

  /** It is about no execution yet. */
  find(request: Record<string, unknown>): Promise<Json> {
    return handleActions(this.context(), request);
  }

  ask(stepId: string, token = "token-1"): Promise<Json> {
    const asked = { kind: "approval", step_id: stepId, approvers: [], outputs: [], escalated: false };
    return this.effects({ ...asked, task_token: token });
  }

  async state(): Promise<ExecutionState> {
    const entries = await this.#harness.log(this.id);
    const state = fold({ definition: this.definition, entries });
    if (state === null) throw new Error(`${this.id} has no log.`);
    return state;
  }
}

interface StepGiven {
  outputs?: { step_id: string; action: string | null; output: Json }[];
  attempt?: number;
  index?: number | null;
  parameters?: JsonObject;
  effects?: boolean;
  overrides?: Partial<EngineContext>;
}

/** What a call failed with, by the names that Lambda passes on. */
export async function failureOf(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message };
  }
  throw new Error("It did not fail.");
}
