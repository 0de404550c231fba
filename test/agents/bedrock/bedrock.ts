/** The agents on a server of the test's own, one for all tests of a file. */
import { afterAll, beforeEach, vi } from "vitest";
import type { ActionRequest, Agents, StepOutput } from "../../../src/agents/agent.ts";
import { createBedrockAgents, openBedrock } from "../../../src/agents/bedrock/bedrock-agents.ts";
import type { Bedrock } from "../../../src/agents/bedrock/submission.ts";
import { createLocalAgents } from "../../../src/agents/local/local-agents.ts";
import { echoTemplates, requestFor } from "../support.ts";
import { troubled, troubledSource } from "../troubled-customer.ts";
import { startBedrockServer, type BedrockServer } from "./bedrock-server.ts";
import { carefulModel } from "./models.ts";

/** Registers the hooks. */
export async function bedrockServer(): Promise<BedrockServer> {
  const server = await startBedrockServer(carefulModel);
  const environment = {
    AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME: server.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "key-of-the-test",
    AWS_SECRET_ACCESS_KEY: "secret-of-the-test",
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  beforeEach(() => {
    server.model = carefulModel;
  });
  afterAll(() => server.close());
  return server;
}

/** `idleMs` is short only where silence is what is tested; `onWait` hears of each wait for the far side. */
export function testBedrock({ idleMs = 20_000, onWait }: { idleMs?: number; onWait?: () => void } = {}): Bedrock {
  let drawn = 0;
  return openBedrock({
    decisionAgent: { agentId: "AGENT1", aliasId: "ALIAS1" },
    deadline: (ms) => {
      onWait?.();
      return AbortSignal.timeout(ms);
    },
    randomness: { fraction: () => 0, hex: (bytes) => String((drawn += 1)).padStart(bytes * 2, "0") },
    now: () => performance.now(),
    idleMs,
  });
}

export function bedrockAgents(local: Agents, options: Parameters<typeof testBedrock>[0] = {}): Agents {
  return createBedrockAgents({ local, bedrock: testBedrock(options) });
}

/** Data and risk as code has them, so that a test's calls are those of the action that it is about. */
export async function troubledSteps(subject?: string): Promise<{ local: Agents; outputs: StepOutput[] }> {
  const local = createLocalAgents({ source: troubledSource(subject), templates: echoTemplates }).agents;
  const step = async (agent: "data_agent" | "decision_agent", action: string, outputs: StepOutput[]) => ({
    stepId: action,
    action,
    output: (await local[agent].invoke(requestFor(action, { customer: troubled, outputs }))).output,
  });
  const data = await step("data_agent", "retrieve_customer_data", []);
  return { local, outputs: [await step("decision_agent", "assess_renewal_risk", [data]), data] };
}

export function troubledRequest(action: string, outputs: StepOutput[], signal?: AbortSignal): ActionRequest {
  return requestFor(action, { customer: troubled, outputs, ...(signal === undefined ? {} : { signal }) });
}
