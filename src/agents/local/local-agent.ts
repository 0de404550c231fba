/** An agent made of actions that run in this process; each is checked on the way in and out. */
import type { z } from "zod";
import type { ActionDescription } from "../../flow/action.ts";
import type { PlannedEffect } from "../../flow/effect.ts";
import { FailureError } from "../../flow/failure.ts";
import type { AgentName } from "../../flow/flow.ts";
import { nearest } from "../../flow/nearest.ts";
import type { ActionAnswer, ActionRequest, Agent } from "../agent.ts";
import { checkOutput, checkParameters } from "./checked.ts";

export interface LocalAction {
  description: ActionDescription;
  invoke(request: ActionRequest): Promise<ActionAnswer>;
}

export interface ActionDefinition<Parameters, Output> extends ActionDescription {
  parameters: z.ZodType<Parameters>;
  output: z.ZodType<Output>;
  run: (parameters: Parameters, request: ActionRequest) => Promise<{ output: Output; effects?: PlannedEffect[] }>;
}

export function defineAction<Parameters, Output>(definition: ActionDefinition<Parameters, Output>): LocalAction {
  const { run, ...description } = definition;
  return {
    description,
    invoke: async (request) => {
      const { action } = description;
      const parameters = checkParameters(description.parameters, { value: request.parameters, action });
      const { output, effects } = await run(parameters, request);
      return { output: checkOutput(description.output, { value: output, action }), effects: effects ?? [] };
    },
  };
}

export function createLocalAgent({ name, actions }: { name: AgentName; actions: readonly LocalAction[] }): Agent {
  const byName = new Map(actions.map((action) => [action.description.action, action]));
  return {
    name,
    actions: actions.map(({ description }) => description),
    invoke: async (request) => {
      request.signal.throwIfAborted();
      const action = byName.get(request.action);
      if (action === undefined) throw unknownAction({ agent: name, action: request.action, known: [...byName.keys()] });
      return action.invoke(request);
    },
  };
}

function unknownAction({ agent, action, known }: { agent: AgentName; action: string; known: string[] }): FailureError {
  const near = nearest(action, known);
  const guess = near === null ? `It knows ${known.join(", ")}.` : `Did you mean ${near}?`;
  return new FailureError({
    error: "Input.Invalid",
    cause: `${agent} has no action ${JSON.stringify(action)}. ${guess}`,
  });
}
