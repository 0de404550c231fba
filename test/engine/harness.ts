/** An engine on a store and a world that outlive it: `restart` is what a supervisor does after a kill. */
import type { Agents, CustomerDirectory } from "../../src/agents/agent.ts";
import type { Customer } from "../../src/flow/customer.ts";
import type { LogEntry } from "../../src/flow/event.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import type { ContactRules } from "../../src/engine/contact-rules.ts";
import type { EngineContext, RealTime } from "../../src/engine/context.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Follower } from "../../src/engine/follower.ts";
import { startEngine } from "../../src/engine/flow-engine.ts";
import { defaultRetention, type RetentionTimes } from "../../src/engine/retention.ts";
import type { Notifier } from "../../src/notify/notifier.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { customer, customerDirectory, scriptedAgents } from "./scripted-agents.ts";
import { moveThrough } from "../../src/testing/move-through.ts";
import { noTime } from "../../src/testing/virtual-clock.ts";
import { seededRandomness, VirtualClock } from "./virtual-clock.ts";
import { World, worldPorts, type Process } from "./world.ts";

export interface HarnessOptions {
  flows: FlowDefinition[];
  /** Do their schedules start anything? (true) */
  fires?: boolean;
  customers?: Customer[];
  /** Instead of `customers`: one that is slow, or away. */
  directory?: CustomerDirectory;
  agents?: Agents;
  store?: StateStore;
  world?: World;
  clock?: VirtualClock;
  process?: Process;
  seed?: number;
  retention?: RetentionTimes;
  limits?: EngineContext["limits"];
  contacts?: ContactRules;
  /** By mail address; who isn't named has none. */
  zones?: Readonly<Record<string, string>>;
  /** Instead of one whose deadlines never come. */
  realTime?: RealTime;
  /** Instead of the world's of the same kind. */
  notifiers?: readonly Notifier[];
  /** Who drives what is started, instead of this engine. */
  follower?: Follower;
}

export interface Harness {
  engine: Engine;
  /** For another engine on the same store. */
  context: EngineContext;
  store: StateStore;
  world: World;
  clock: VirtualClock;
  process: Process;
  logged: string[];
  /** Moves the clock through whatever is due until `at`, as the sandbox does. */
  moveTo(at: number): Promise<void>;
  log(executionId: string): Promise<LogEntry[]>;
}

export async function startHarness(options: HarnessOptions): Promise<Harness> {
  const store = options.store ?? new MemoryStateStore();
  const world = options.world ?? new World();
  const clock = options.clock ?? new VirtualClock();
  const process = options.process ?? { alive: true, step: () => {} };
  const logged: string[] = [];
  const note = (fields: object, message: string) => {
    const error = "err" in fields && fields.err instanceof Error ? `: ${fields.err.message}` : "";
    logged.push(`${message}${error}`);
  };
  const definitions = options.flows;
  const ports = worldPorts(world, process);
  const context: EngineContext = {
    store,
    flows: {
      all: () => definitions.map((definition) => ({ definition, file: null })),
      get: ({ flowId }) => definitions.find(({ flow_id }) => flow_id === flowId) ?? null,
      ...(options.fires === false ? { firing: () => [] } : {}),
    },
    agents: options.agents ?? scriptedAgents(),
    customers: options.directory ?? customerDirectory(options.customers ?? [customer("acme"), customer("beta")]),
    ...ports,
    notifiers: [...(options.notifiers ?? []), ...ports.notifiers],
    people: { ...ports.people, zoneOf: async ({ email }) => options.zones?.[email] ?? null },
    channels: { default: "#revops", alerts: "#renewals", flows: {} },
    variables: { admin_email: "revops@example.com" },
    timezone: "UTC",
    clock,
    randomness: seededRandomness(options.seed ?? 1),
    realTime: options.realTime ?? noTime(clock, () => process.alive),
    limits: options.limits ?? {},
    ...(options.contacts === undefined ? {} : { contacts: options.contacts }),
    ...(options.follower === undefined ? {} : { follower: options.follower }),
    retention: options.retention ?? defaultRetention,
    logger: { info: () => {}, warn: note, error: note },
  };
  const engine = await startEngine(context);
  const harness: Harness = {
    engine,
    context,
    store,
    world,
    clock,
    process,
    logged,
    log: (executionId) => store.readLog({ executionId, after: 0 }),
    moveTo: (at) => moveThrough({ engine, clock, to: at }),
  };
  return harness;
}

/** The process is killed: it does no more, and the operating system lets go of its locks. */
export async function kill(harness: Harness): Promise<void> {
  harness.process.alive = false;
  await harness.engine.stop({ graceMs: 0 });
}
