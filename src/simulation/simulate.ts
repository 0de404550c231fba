/**
 * A flow over a period on a clock that jumps from one due instant to the next: the engine itself, a store in memory, and notifiers
 * that note instead of sending. All waits, schedules, caps, quiet hours and holidays are the engine's own.
 *
 * Job: the clock, the end of the period, and bounds. Non-job: it performs nothing, and knows no rule of the engine.
 */
import type { Agents, CustomerDirectory } from "../agents/agent.ts";
import type { EngineContext } from "../engine/context.ts";
import type { Engine } from "../engine/engine.ts";
import { startEngine } from "../engine/flow-engine.ts";
import type { Effect } from "../flow/effect.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type { WorkingTime } from "../flow/working-time.ts";
import type { Notifier } from "../notify/notifier.ts";
import type { StateStore } from "../state/state-store.ts";
import { noTime, seededRandomness, VirtualClock } from "../testing/virtual-clock.ts";
import { AssumedDecisions } from "./assumed-decisions.ts";
import { ObservedStore } from "./observed-store.ts";
import type { Period } from "./period.ts";
import { Recorder } from "./recorder.ts";
import type { AssumedDecision, SimulationReport } from "./report.ts";

export interface SimulationParts extends Pick<
  EngineContext,
  "people" | "channels" | "variables" | "timezone" | "contacts"
> {
  definition: FlowDefinition;
  /** Of flows that it starts. */
  flows: readonly FlowDefinition[];
  /** On the simulation's own store, and none that reaches the world. */
  agents: (store: StateStore) => Agents;
  customers: CustomerDirectory;
  customerCount: number;
  period: Period;
  assumed: AssumedDecision;
  workingTime: WorkingTime;
  /** The one execution of a flow that no schedule starts, at the period's beginning; null: its schedules fire. */
  start: { customerId: string | null } | null;
}

export interface SimulationRun {
  /** Between 0 and 1; called often. */
  onProgress?: (done: number) => void;
  signal?: AbortSignal;
  /** So that what else this process does has its turn. */
  yields?: () => Promise<void>;
  mostExecutions?: number;
}

export const mostExecutions = 50_000;

export async function simulate(parts: SimulationParts, run: SimulationRun = {}): Promise<SimulationReport> {
  const { definition, period, timezone, people, assumed, workingTime } = parts;
  const definitionOf = (flowId: string) => parts.flows.find(({ flow_id }) => flow_id === flowId) ?? null;
  const recorder = new Recorder((flowId) => (flowId === definition.flow_id ? definition : definitionOf(flowId)));
  const decisions = new AssumedDecisions({ assumed, workingTime, people });
  const store = new ObservedStore({
    onEvent: (executionId, event) => {
      recorder.event(executionId, event);
      decisions.note(executionId, event);
    },
    onBatch: (batch) => recorder.batch(batch),
  });
  // What fires at the very beginning is owed: a schedule counts from its first sight.
  const clock = new VirtualClock(period.from - 1);
  const engine = await startEngine(contextOf({ parts, store, clock }));
  try {
    if (parts.start !== null) await startOne(engine, parts, clock);
    const stoppedAt = await moveOn({ engine, clock, decisions, recorder, parts, run });
    return {
      flowId: definition.flow_id,
      flowVersion: definition.version,
      ...period,
      timezone,
      assumed,
      customers: parts.customerCount,
      firings: recorder.firings,
      executions: recorder.executions,
      effects: recorder.effects,
      approvals: recorder.approvals,
      withheld: recorder.withheld,
      stoppedAt,
    };
  } finally {
    await engine.stop({ graceMs: 0 });
    await store.close();
  }
}

async function startOne(engine: Engine, { definition, start }: SimulationParts, clock: VirtualClock): Promise<void> {
  clock.moveTo(clock.now() + 1);
  const input = start?.customerId === null || start === null ? {} : { customer_id: start.customerId };
  await engine.start({ flowId: definition.flow_id, input, person: null });
  await engine.idle();
}

interface Moving {
  engine: Engine;
  clock: VirtualClock;
  decisions: AssumedDecisions;
  recorder: Recorder;
  parts: SimulationParts;
  run: SimulationRun;
}

async function moveOn({
  engine,
  clock,
  decisions,
  recorder,
  parts,
  run,
}: Moving): Promise<SimulationReport["stoppedAt"]> {
  const { from, to } = parts.period;
  const { onProgress = () => {}, signal, yields = nextTurn, mostExecutions: most = mostExecutions } = run;
  for (;;) {
    const instants = [await engine.nextDue(), decisions.next()].filter((at) => at !== null);
    const next = Math.min(...instants);
    // Also where nothing is due any more.
    if (!(next < to)) return null;
    signal?.throwIfAborted();
    clock.moveTo(next);
    await decisions.say(engine, clock.now());
    await engine.tick();
    await engine.idle();
    onProgress((clock.now() - from) / (to - from));
    await yields();
    if (recorder.executions.started > most) {
      const reason = `more than ${most.toLocaleString("en-US")} executions had started`;
      return { at: clock.now(), reason };
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function contextOf({
  parts,
  store,
  clock,
}: {
  parts: SimulationParts;
  store: StateStore;
  clock: VirtualClock;
}): EngineContext {
  const { definition, flows, contacts } = parts;
  const loaded = [definition, ...flows.filter(({ flow_id }) => flow_id !== definition.flow_id)];
  const known = loaded.map((each) => ({ definition: each, file: null }));
  return {
    store,
    flows: {
      all: () => known,
      firing: () => (parts.start === null ? known.slice(0, 1) : []),
      get: ({ flowId }) => loaded.find(({ flow_id }) => flow_id === flowId) ?? null,
    },
    agents: parts.agents(store),
    customers: parts.customers,
    notifiers: [noting],
    // Cards show; they decide nothing.
    presenter: {
      isAbsent: true,
      postCard: () => Promise.reject(new Error("A simulation shows no cards.")),
      updateCard: () => Promise.reject(new Error("A simulation shows no cards.")),
      findCard: () => Promise.resolve(null),
    },
    people: parts.people,
    channels: parts.channels,
    variables: parts.variables,
    timezone: parts.timezone,
    clock,
    randomness: seededRandomness(),
    realTime: noTime(clock),
    limits: {},
    ...(contacts === undefined ? {} : { contacts }),
    // Nothing is removed while it runs.
    retention: { executionsMs: Number.MAX_SAFE_INTEGER, auditMs: Number.MAX_SAFE_INTEGER },
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  };
}

/** The log says that it happened, and the report that it would have; nothing leaves. */
const noting: Notifier = {
  kinds: ["email", "slack_message", "calendar_event", "crm_update"] satisfies Effect["kind"][],
  idempotency: "native",
  perform: ({ key }) => Promise.resolve({ id: key, summary: "simulated", url: null }),
};
