/** The work that DESIGN §7 measures: a flow of five sequential steps that do nothing, with results of 300 bytes, on SQLite. */
import type { ActionAnswer, Agent, Agents, CustomerDirectory } from "../src/agents/agent.ts";
import { AppClock, systemRandomness, systemTime } from "../src/app/app-clock.ts";
import type { Engine } from "../src/engine/engine.ts";
import { startEngine } from "../src/engine/flow-engine.ts";
import { defaultRetention } from "../src/engine/retention.ts";
import { FlowDefinition, type AgentName, type AgentStep } from "../src/flow/flow.ts";
import type { People, Presenter } from "../src/notify/notifier.ts";
import { openSqliteStateStore } from "../src/state/sqlite/sqlite-state-store.ts";
import { z } from "zod";

export const stepsPerFlow = 5;
export const flowId = "five_steps";

const result: ActionAnswer = { output: { filling: "x".repeat(300 - '{"filling":""}'.length) }, effects: [] };

export interface NoOpEngine {
  engine: Engine;
  /** Attempts that have begun, those of earlier processes apart. */
  attempts(): number;
  close(): Promise<void>;
}

export async function startNoOpEngine(path: string): Promise<NoOpEngine> {
  const store = await openSqliteStateStore({ path });
  let attempts = 0;
  const agents = noOpAgents(() => {
    attempts += 1;
    return Promise.resolve(result);
  });
  const definition = fiveSteps();
  const engine = await startEngine({
    store,
    flows: {
      all: () => [{ definition, file: null }],
      get: (asked) => (asked.flowId === flowId ? definition : null),
    },
    agents,
    customers: nobody,
    notifiers: [],
    presenter: nowhere,
    people: noPeople,
    channels: { default: "#revops", alerts: "#renewals", flows: {} },
    variables: {},
    timezone: "UTC",
    clock: new AppClock(systemTime),
    randomness: systemRandomness,
    limits: {},
    retention: defaultRetention,
    realTime: {
      now: () => Date.now(),
      deadline: (ms) => AbortSignal.timeout(ms),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    },
    logger: { info: () => undefined, warn: console.error, error: console.error },
  });
  const close = async () => {
    await engine.stop({ graceMs: 1_000 });
    await store.close();
  };
  return { engine, attempts: () => attempts, close };
}

export async function startMany({ engine }: NoOpEngine, count: number): Promise<void> {
  const start = () => engine.start({ flowId, input: {}, person: null });
  await Promise.all(Array.from({ length: count }, start));
}

function fiveSteps(): FlowDefinition {
  return FlowDefinition.parse({
    flow_id: flowId,
    version: "1.0",
    description: null,
    input: {},
    triggers: [],
    steps: Array.from({ length: stepsPerFlow }, (_, index) => noOpStep(index + 1)),
    failure_notification: null,
    timeout_ms: null,
  });
}

function noOpStep(number: number): AgentStep {
  return {
    kind: "agent",
    id: `step_${number}`,
    agent: "data_agent",
    action: "no_op",
    depends_on: number === 1 ? [] : [{ step: `step_${number - 1}`, optional: false }],
    when: null,
    timeout_ms: null,
    parameters: {},
    retry: { max_attempts: 1, interval_ms: 0, backoff_rate: 1, max_interval_ms: 0, jitter: "none", on: null },
    on_error: "fail",
    due: null,
    late: "run",
    for_each: null,
    max_concurrency: null,
    compensate: null,
  };
}

function noOpAgents(invoke: Agent["invoke"]): Agents {
  const agent = (name: AgentName): Agent => ({
    name,
    actions: [
      {
        agent: name,
        action: "no_op",
        parameters: z.strictObject({}),
        output: z.unknown(),
        reads: [],
        plansEffects: false,
        readsCustomer: false,
      },
    ],
    invoke,
  });
  return {
    data_agent: agent("data_agent"),
    decision_agent: agent("decision_agent"),
    execution_agent: agent("execution_agent"),
  };
}

const nobody: CustomerDirectory = {
  get: () => Promise.resolve(null),
  find: () => Promise.resolve([]),
  all: async function* () {},
};

const noPeople: People = {
  find: () => Promise.resolve(null),
  resolve: () => Promise.resolve([]),
  label: ({ reference }) => Promise.resolve(reference),
};

const nowhere: Presenter = {
  postCard: ({ channel }) => Promise.resolve({ channel, ts: "1" }),
  updateCard: () => Promise.resolve(),
  findCard: () => Promise.resolve(null),
};
