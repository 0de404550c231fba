/** The service's limit on what a state is given and gives, and agents that keep to it before anything is recorded. */
import type { Agent, Agents } from "../../agents/agent.ts";
import { FailureError } from "../../flow/failure.ts";

export const mostPayloadBytes = 262_144;

export function payloadBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}

export function kibibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024).toLocaleString("en")} KiB`;
}

/** An output that the machine could not carry is no output: the step fails by name, and nothing of it is recorded. */
export function withinPayload(agents: Agents): Agents {
  return {
    data_agent: bounded(agents.data_agent),
    decision_agent: bounded(agents.decision_agent),
    execution_agent: bounded(agents.execution_agent),
  };
}

function bounded(agent: Agent): Agent {
  return {
    name: agent.name,
    actions: agent.actions,
    invoke: async (request) => {
      const answer = await agent.invoke(request);
      const bytes = payloadBytes(answer.output);
      if (bytes <= mostPayloadBytes) return answer;
      const cause = `The output of ${request.context.stepId} is ${kibibytes(bytes)}; Step Functions passes on at most 256 KiB. Have the action return less, or run this flow on the embedded engine.`;
      throw new FailureError({ error: "Agent.InvalidOutput", cause }, { usage: answer.usage ?? null });
    },
  };
}
