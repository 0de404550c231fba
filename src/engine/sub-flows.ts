/**
 * Sub-flows: the executions of `flow` steps, each with a life of its own. Started under an id that is derived from the step,
 * so that a repeated attempt finds the same one; their end is brought to the step that waits, and an abort to them.
 */
import { derivedId } from "../flow/execution-id.ts";
import type { ExecutionState, Work } from "../flow/execution.ts";
import { FailureError } from "../flow/failure.ts";
import { isAboutCustomer, type FlowDefinition } from "../flow/flow.ts";
import type { JsonObject } from "../flow/json.ts";
import type { Person } from "../flow/person.ts";
import type { ChildEnd } from "./command.ts";
import type { RunningContext } from "./context.ts";
import { isToBeNoted } from "./decide/sub-flow.ts";
import type { Of } from "./decide/work.ts";
import type { ExecutionDriver } from "./driver.ts";
import { RequestError } from "./engine.ts";
import type { Executions } from "./executions.ts";
import { knownFlow } from "./known-flow.ts";
import { hasEnded, stepDefinition } from "./readiness.ts";
import { requesterOf } from "./requester.ts";
import { outputOf } from "./roots.ts";
import { startExecution, takePlaces, type Started } from "./starts.ts";

/** Deeper than any flow that people can follow; what starts itself by a detour ends here. */
export const deepest = 8;

export interface StartedChild {
  executionId: string;
  /** Of one that has ended already; null: it tells of its end itself, until its step has noted it. */
  end: ChildEnd | null;
  /** To be called once its step has. */
  onNoted: () => void;
}

export class SubFlows {
  readonly #context: RunningContext;
  readonly #executions: Executions;
  readonly #onStarted: (started: Extract<Started, { kind: "started" }>) => void;

  constructor(
    context: RunningContext,
    executions: Executions,
    hooks: { onStarted: (started: Extract<Started, { kind: "started" }>) => void },
  ) {
    this.#context = context;
    this.#executions = executions;
    this.#onStarted = hooks.onStarted;
  }

  /** `earlier`: the one that failed before the step was redriven; it is redriven too. Throws `FailureError`. */
  async start(
    state: ExecutionState,
    asked: { of: Of; input: JsonObject; earlier: Work["child"] },
  ): Promise<StartedChild> {
    const { of, earlier } = asked;
    if (earlier !== null) {
      const person = state.redriven?.by ?? null;
      await this.#executions.use(earlier.executionId, (driver) => this.#redrive(driver, person));
      return this.#found(earlier.executionId);
    }
    const started = await this.#start(state, of, asked.input);
    switch (started.kind) {
      case "started":
        return { executionId: started.state.executionId, end: null, onNoted: () => this.#onStarted(started) };
      case "exists":
        return this.#found(started.executionId);
      case "already_running": {
        const cause = `Another execution of this flow about ${started.customer?.name ?? "it"} runs: ${started.executionId}.`;
        throw new FailureError({ error: "Flow.Failed", cause });
      }
      default:
        return started satisfies never;
    }
  }

  async #found(executionId: string): Promise<StartedChild> {
    return { executionId, end: await this.#endOf(executionId), onNoted: () => {} };
  }

  /** Like any other it needs its places again; what has ended well stays so. */
  async #redrive(driver: ExecutionDriver | null, person: Person | null): Promise<void> {
    if (driver === null || driver.state.status === "running" || driver.state.status === "succeeded") return;
    const places = await takePlaces(this.#context, driver.state);
    if (places.kind === "taken") {
      const cause = `Another execution of this flow about this customer runs: ${places.by}.`;
      throw new FailureError({ error: "Flow.Failed", cause });
    }
    await driver.submit({ type: "redrive", person, from: null, input: null, queuedFor: places.queuedFor });
  }

  async #start(state: ExecutionState, of: Of, given: JsonObject): Promise<Started> {
    const { executionId: execution_id } = state;
    const { stepId: step_id, part } = of;
    const step = stepDefinition(state, step_id);
    const flowId = step.kind === "flow" ? step.flow_id : "";
    const depth = state.startedBy.type === "flow" ? state.startedBy.depth + 1 : 1;
    if (depth > deepest) {
      const cause = `Sub-flows lie at most ${deepest} deep, and ${flowId} would be one too many.`;
      throw new FailureError({ error: "Input.Invalid", cause });
    }
    try {
      const definition = knownFlow(this.#context, flowId);
      return await startExecution(this.#context, {
        definition,
        executionId: derivedId({ at: state.startedAt, parts: ["flow", execution_id, step_id, part ?? ""] }),
        startedBy: { type: "flow", execution_id, step_id, part, requester: requesterOf(state), depth },
        batchId: null,
        input: withCustomer(definition, state, given),
        customer: null,
      });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      const near = error.suggestion === null ? "" : ` Did you mean ${error.suggestion}?`;
      throw new FailureError({ error: "Input.Invalid", cause: `${error.message}${near}` }, { cause: error });
    }
  }

  /** Null: there is none, or it has not ended by this. */
  async abort(executionId: string): Promise<ChildEnd | null> {
    await this.#executions.use(executionId, async (driver) => {
      await driver?.submit({ type: "abort", person: null, compensate: false });
    });
    return this.#endOf(executionId);
  }

  /** Brings an end to the step that waits for it; again after a crash, since the execution is closed only then. */
  async tellParent(state: ExecutionState): Promise<void> {
    const { startedBy } = state;
    const child = endOf(state);
    if (startedBy.type !== "flow" || child === null) return;
    const { execution_id, step_id, part } = startedBy;
    const of = { stepId: step_id, part };
    await this.#executions.use(execution_id, async (driver) => {
      const told = await driver?.submit({ type: "end_child", ...of, child });
      // Closed now, it would be waited for without end once it is noted; its caller tries again.
      if (told !== undefined && isToBeNoted(told.state, of)) throw new Error(`${execution_id} has yet to note it.`);
    });
  }

  async #endOf(executionId: string): Promise<ChildEnd | null> {
    const state = await this.#executions.read(executionId);
    return state === null ? null : endOf(state);
  }
}

function endOf(state: ExecutionState): ChildEnd | null {
  const { executionId, status, outcome } = state;
  if (status === "running") return null;
  const outputs = Object.values(state.steps).filter(hasEnded);
  return {
    executionId,
    status,
    outcome,
    failure: state.failure?.failure ?? null,
    outputs: Object.fromEntries(outputs.map((step) => [step.id, outputOf(step)])),
  };
}

/** Passed on where the sub-flow is about a customer and nobody says which. */
export function withCustomer(definition: FlowDefinition, state: ExecutionState, given: JsonObject): JsonObject {
  const isLeftOut = given["customer_id"] === undefined && isAboutCustomer(definition) && state.customer !== null;
  return isLeftOut ? { ...given, customer_id: state.customer?.id ?? null } : given;
}
