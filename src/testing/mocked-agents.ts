/**
 * Agents whose answers a test gives; what it doesn't give is answered by the agents behind them.
 *
 * - M1. A mock is validated like an output: what doesn't fit the action's schema fails the step (`Agent.InvalidOutput`).
 * - M2. Of several mocks that fit, the newest that isn't used up answers.
 */
import type { ActionName, ActionTypes } from "../agents/known-actions.ts";
import type { ActionAnswer, ActionRequest, Agent, Agents } from "../agents/agent.ts";
import { checkOutput } from "../agents/local/checked.ts";
import type { PlannedEffect } from "../flow/effect.ts";
import { FailureError, type Failure } from "../flow/failure.ts";
import type { AgentName } from "../flow/flow.ts";
import type { Json } from "../flow/json.ts";
import { nearest } from "../flow/nearest.ts";

export type Response = Json | ((request: ActionRequest) => Json | Promise<Json>);

interface MockedAction {
  agent: AgentName;
  action: string;
  /** Left out: whatever step and customer asks. */
  stepId?: string;
  customerId?: string;
  /** After so many calls it is used up; left out: never. */
  times?: number;
}

export interface AgentMock extends MockedAction {
  response: Response;
  /** What it plans besides; left out: nothing. */
  effects?: readonly PlannedEffect[];
}

/** A mock of an action whose output is known: a field that it doesn't have is red in the editor. */
export type KnownMock = {
  [Action in ActionName]: Omit<AgentMock, "agent" | "action" | "response"> & {
    agent: ActionTypes[Action]["agent"];
    action: Action;
    response: KnownResponse<ActionTypes[Action]["output"]>;
  };
}[ActionName];

type KnownResponse<Output> = Output | ((request: ActionRequest) => Output | Promise<Output>);

export interface AgentFault extends MockedAction {
  failure: Failure;
  /** The far side's own word on when to try again, milliseconds. */
  retryAfterMs?: number;
}

type Mock = AgentMock | AgentFault;

export class MockedAgents {
  readonly agents: Agents;
  readonly #behind: Agents;
  readonly #mocks: { mock: Mock; left: number }[] = [];

  constructor(behind: Agents) {
    this.#behind = behind;
    this.agents = {
      data_agent: this.#mocked("data_agent"),
      decision_agent: this.#mocked("decision_agent"),
      execution_agent: this.#mocked("execution_agent"),
    };
  }

  /** Throws where there is no such agent or action, with the nearest name. */
  add(mock: Mock): void {
    const { agent, action } = mock;
    const agents = Object.keys(this.#behind);
    if (!agents.includes(agent)) throw new Error(`There is no agent ${agent}.${guess(agent, agents)}`);
    const actions = this.#behind[agent].actions.map((known) => known.action);
    if (!actions.includes(action)) throw new Error(`${agent} has no action ${action}.${guess(action, actions)}`);
    this.#mocks.unshift({ mock, left: mock.times ?? Infinity });
  }

  #mocked(name: AgentName): Agent {
    const behind = this.#behind[name];
    return {
      name,
      get actions() {
        return behind.actions;
      },
      invoke: (request) => this.#answer(behind, request),
    };
  }

  async #answer(behind: Agent, request: ActionRequest): Promise<ActionAnswer> {
    const found = this.#mocks.find(({ mock, left }) => left > 0 && isMeant(mock, behind, request));
    if (found === undefined) return behind.invoke(request);
    found.left -= 1;
    const { mock } = found;
    if ("failure" in mock) {
      const { failure, retryAfterMs } = mock;
      throw new FailureError(failure, retryAfterMs === undefined ? {} : { retryAfterMs });
    }
    const value = typeof mock.response === "function" ? await mock.response(request) : mock.response;
    const description = behind.actions.find(({ action }) => action === request.action);
    if (description === undefined) throw new Error(`${behind.name} has no action ${request.action}.`);
    const what = `${request.action} (mocked)`;
    return { output: checkOutput(description.output, { value, action: what }), effects: [...(mock.effects ?? [])] };
  }
}

function isMeant(mock: Mock, { name }: Agent, { action, customer, context }: ActionRequest): boolean {
  if (mock.agent !== name || mock.action !== action) return false;
  if (mock.stepId !== undefined && mock.stepId !== context.stepId) return false;
  return mock.customerId === undefined || mock.customerId === customer?.id;
}

function guess(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === null ? ` There are ${known.join(", ")}.` : ` Did you mean ${near}?`;
}
