/** The engine that is measured: the real one, on a real store, with agents that do nothing and nobody to tell. */
import type { ActionAnswer, ActionRequest, Agent, Agents, CustomerDirectory } from "../src/agents/agent.ts";
import { AppClock, systemRandomness, systemRealTime, systemTime } from "../src/app/app-clock.ts";
import type { Engine } from "../src/engine/engine.ts";
import { startEngine } from "../src/engine/flow-engine.ts";
import { defaultRetention } from "../src/engine/retention.ts";
import type { Clock } from "../src/flow/clock.ts";
import type { AgentName, FlowDefinition } from "../src/flow/flow.ts";
import type { People, Presenter } from "../src/notify/notifier.ts";
import type { StateStore } from "../src/state/state-store.ts";
import { z } from "zod";
import { fiveSteps, noOp, owner } from "./flows.ts";

/** 300 bytes as JSON. */
const result: ActionAnswer = { output: { filling: "x".repeat(300 - '{"filling":""}'.length) }, effects: [] };
const graceMs = 1_000;

export interface BenchEngine {
  engine: Engine;
  close: () => Promise<void>;
}

export async function startBenchEngine(parts: {
  store: StateStore;
  flows?: readonly FlowDefinition[];
  customers?: CustomerDirectory;
  presenter?: Presenter;
  clock?: Clock;
  /** An attempt has begun. */
  onAttempt?: (context: ActionRequest["context"]) => void;
}): Promise<BenchEngine> {
  const { store, flows = [fiveSteps], onAttempt = () => {} } = parts;
  const engine = await startEngine({
    store,
    flows: {
      all: () => flows.map((definition) => ({ definition, file: null })),
      get: ({ flowId }) => flows.find(({ flow_id }) => flow_id === flowId) ?? null,
    },
    agents: noOpAgents(({ context }) => {
      onAttempt(context);
      return Promise.resolve(result);
    }),
    customers: parts.customers ?? nobody,
    notifiers: [],
    presenter: parts.presenter ?? nowhere,
    people: anybody,
    channels: { default: "#revops", alerts: "#renewals", flows: {} },
    variables: {},
    timezone: "UTC",
    clock: parts.clock ?? new AppClock(systemTime),
    randomness: systemRandomness,
    limits: {},
    retention: defaultRetention,
    realTime: systemRealTime,
    logger: { info: () => {}, warn: console.error, error: console.error },
  });
  const close = async () => {
    await engine.stop({ graceMs });
    await store.close();
  };
  return { engine, close };
}

/** Resolves when their starts are durable. */
export async function startMany({ engine }: BenchEngine, count: number, flowId = fiveSteps.flow_id): Promise<void> {
  const start = () => engine.start({ flowId, input: {}, person: null });
  await Promise.all(Array.from({ length: count }, start));
}

function noOpAgents(invoke: Agent["invoke"]): Agents {
  const agent = (name: AgentName): Agent => ({
    name,
    actions: [
      {
        agent: name,
        action: noOp,
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

/** Whoever is named exists. */
const anybody: People = {
  find: (by) => Promise.resolve(personOf("email" in by ? by.email : by.userId)),
  resolve: ({ reference }) => Promise.resolve([personOf(reference)]),
  label: ({ reference }) => Promise.resolve(reference),
};

function personOf(name: string) {
  return [owner.email, owner.user_id].includes(name) ? owner : { user_id: name, email: name, name };
}

const nowhere: Presenter = {
  postCard: ({ channel }) => Promise.resolve({ channel, ts: "1" }),
  updateCard: () => Promise.resolve(),
  findCard: () => Promise.resolve(null),
};
