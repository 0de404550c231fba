/** What the engine is given: the ports, the clock, and who it is among the processes that share a store. */
import type { Agents, CustomerDirectory } from "../agents/agent.ts";
import type { Answerer, CurrentRisk } from "../agents/answerer.ts";
import type { ActionDescription } from "../flow/action.ts";
import type { Clock, Randomness } from "../flow/clock.ts";
import type { EffectKind } from "../flow/effect.ts";
import type { AgentName, FlowDefinition } from "../flow/flow.ts";
import type { JsonObject } from "../flow/json.ts";
import type { Prices } from "../flow/usage.ts";
import type { Channels, Notifier, People, Presenter } from "../notify/notifier.ts";
import type { Lease, StateStore } from "../state/state-store.ts";
import type { AgentLimit, AgentLimits } from "./agent-limits.ts";
import type { ContactGovernor } from "./contact-governor.ts";
import type { ContactRules } from "./contact-rules.ts";
import type { CardQuota } from "./card-quota.ts";
import type { AssessNow } from "./customer-risk.ts";
import type { Idempotency } from "./decide.ts";
import type { Definitions } from "./definitions.ts";
import type { Follower } from "./follower.ts";
import type { Limiter } from "../flow/limiter.ts";
import type { RetentionTimes } from "./retention.ts";

/** The flows that start and fire: of several versions of a flow_id the highest. */
export interface Flows {
  all(): { definition: FlowDefinition; file: string | null }[];
  /** Those whose schedules this engine fires; left out: all. */
  firing?(): { definition: FlowDefinition; file: string | null }[];
  get(parameters: { flowId: string }): FlowDefinition | null;
}

export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Real time, for deadlines and pauses between tries: a moved clock must not cut a request short. */
/** Cleared once what it bounds has ended: thousands of timers and listeners would outlive their attempts by minutes. */
export interface Deadline {
  signal: AbortSignal;
  clear: () => void;
}

export interface RealTime {
  /** Milliseconds since the epoch; counts the time that the machine is suspended. */
  now(): number;
  deadline(ms: number): Deadline;
  pause(ms: number): Promise<void>;
}

export interface EngineContext {
  store: StateStore;
  flows: Flows;
  agents: Agents;
  customers: CustomerDirectory;
  notifiers: readonly Notifier[];
  presenter: Presenter;
  people: People;
  channels: Channels;
  /** Of `revops.yml`: roots in expressions. */
  variables: JsonObject;
  /** IANA: of flows and triggers that name none. */
  timezone: string;
  clock: Clock;
  randomness: Randomness;
  realTime: RealTime;
  /** Of `revops.yml`: how much of each agent this process may use at once and in a second. */
  limits: Partial<Record<AgentName, AgentLimit>>;
  /** Who answers questions in words; left out: nobody, as in the terminal. */
  conversation?: { answerer: Answerer; currentRisk: CurrentRisk };
  /** A customer's risk outside any execution; left out: only what executions have assessed. */
  assessNow?: AssessNow;
  /** Of `revops.yml`: what a model's tokens cost; left out: nobody has said. */
  prices?: Prices;
  /** Of `revops.yml`: when people may be reached, and how often; left out: at any time, as often as flows say. */
  contacts?: ContactRules;
  /** Of `revops.yml`. */
  retention: RetentionTimes;
  /** Who drives what is started here; left out: this process, or one like it. */
  follower?: Follower;
  logger: Logger;
}

/** The context of one engine while it runs: with its lease, and what it derives once. */
export interface RunningContext extends EngineContext {
  lease: Lease;
  /** False: it records what is asked of it and leaves what follows to the processes that drive. */
  drives: boolean;
  idempotency: Idempotency;
  /** Attempts and effects under way at once. */
  limiter: Limiter;
  quota: CardQuota;
  agentLimits: AgentLimits;
  definitions: Definitions;
  governor: ContactGovernor;
}

export function notifierFor(context: Pick<EngineContext, "notifiers">, kind: EffectKind): Notifier | undefined {
  return context.notifiers.find((notifier) => notifier.kinds.includes(kind));
}

/** A kind that nobody performs is refused before it is begun; `none` is the careful reading. */
export function idempotencyOf(notifiers: readonly Notifier[]): Idempotency {
  const of = (kind: EffectKind) => notifiers.find(({ kinds }) => kinds.includes(kind))?.idempotency ?? "none";
  return {
    email: of("email"),
    slack_message: of("slack_message"),
    calendar_event: of("calendar_event"),
    crm_update: of("crm_update"),
  };
}

export function describeAction(
  context: EngineContext,
  action: { agent: keyof Agents; action: string },
): ActionDescription | undefined {
  return context.agents[action.agent].actions.find((known) => known.action === action.action);
}
