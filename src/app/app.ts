/**
 * The app on one Slack: store, agents, notifiers, engine and bot put together. The sandbox and a real workspace differ by
 * the settings given here, never by the code behind them.
 */
import { schedule } from "node-cron";
import { OwnActions } from "../agents/own/own-actions.ts";
import { createBot } from "../bot/create-bot.ts";
import type { RequestHandler } from "../bot/http-receiver.ts";
import type { EngineContext, Flows } from "../engine/context.ts";
import type { Engine } from "../engine/engine.ts";
import { startEngine } from "../engine/flow-engine.ts";
import { Gauges, type FlowGauges } from "../engine/metrics-gauges.ts";
import type { Problem } from "../flow/flow-file.ts";
import type { StateStore } from "../state/state-store.ts";
import { systemRealTime, systemTime } from "./app-clock.ts";
import { openEngineParts, type EngineOptions } from "./engine-parts.ts";
import type { EngineSettings } from "./engine-settings.ts";
import type { NotReady } from "./health.ts";
import { examine } from "./doctor/examine.ts";
import { LiveFlows } from "./live-flows.ts";
import type { CommonSettings } from "./settings.ts";
import { WorkerSimulations } from "./simulation/simulations.ts";
import { openState } from "./state.ts";
import type { StateSettings } from "./state-settings.ts";
import { within } from "./within.ts";

export interface AppOptions extends EngineOptions {
  state: StateSettings;
  engine: EngineSettings;
  /** Others may drive what this process drove (D5): it must do nothing more. */
  leaseLost: () => void;
  flowFolders: string[];
  /** What a simulation opens anew, in a thread of its own. */
  settings: CommonSettings;
  /** What becomes of changed flow files, to whoever reads the terminal; null: to the log. */
  tell: ((line: string) => void) | null;
}

export interface App {
  engine: Engine;
  /** Of flow files, as of now; the others are offered all the same. */
  readonly problems: Problem[];
  /** Takes up what has changed in the folders of flows. */
  lookAtFlows(): Promise<void>;
  notReady(): Promise<NotReady>;
  /** How things stand, for a monitor. */
  gauges(): Promise<FlowGauges[]>;
  /** Null: Slack sends none, the bot listens to a socket. */
  slackRequests: RequestHandler | null;
  stop(): Promise<void>;
}

/** An app that can be reached. */
export interface ServedApp extends Pick<App, "engine" | "stop"> {
  url: string;
  /** What is wrong in the files that it started with, for the terminal. */
  startLines: string[];
}

const graceMs = 10_000;

export async function startApp(options: AppOptions): Promise<App> {
  const { clock, logger, configuration, slack, timezone } = options;
  const { channels, variables } = configuration;
  const started: { engine: Engine | null } = { engine: null };
  // The ticks of DESIGN §8: what other processes have recorded, such as the terminal's, and what the dead have left; this
  // process's own timers ring by themselves. A look costs two cheap reads.
  const look = () => {
    started.engine?.tick().catch((error: unknown) => logger.error({ err: error }, "a tick failed"));
  };
  const store = await openState(options.state, {
    onCorrupt: (error) => logger.error({ err: error }, "a record is left out of lists"),
    onFallen: look,
    onLost: options.leaseLost,
  });
  const parts = await openEngineParts(options, { store, engine: () => started.engine });
  const { people, queue } = parts.slack;
  const product = parts.agents;
  const catalogue = Object.values(product).flatMap((agent) => agent.actions);
  const ownActions = new OwnActions({ product: catalogue, within });
  const agents = ownActions.beside(product);
  const { flowFolders: folders, tell } = options;
  const flows = await LiveFlows.open({ folders, catalogue, ownActions, within, variables, store, clock, logger, tell });
  const followed = await openEngine(options, flows);
  const engine = await startEngine({ ...parts.context, agents, ...followed.context });
  const { randomness, settings } = options;
  const simulations = new WorkerSimulations({ settings, flows, clock, randomness });
  const bot = createBot({
    engine,
    simulations,
    examine: () =>
      examine({
        ...options,
        flows: { all: flows.all(), problems: flows.problems, folders },
        people,
        store,
        storeKind: options.state.kind,
        now: clock.now(),
        realNow: systemTime.now,
        within,
      }),
    people,
    channels,
    logger,
    clock,
    timezone,
    slack,
    queue,
    realNow: systemTime.now,
  });
  await bot.start();
  const gauges = new Gauges({ store, flows, clock, realTime: systemRealTime });
  let isStopping = false;
  const lookAtFlows = async () => {
    if (await flows.look()) await engine.tick();
  };
  flows.watch(() => {
    lookAtFlows().catch((error: unknown) => logger.error({ err: error }, "a look at the flows failed"));
  });
  started.engine = engine;
  // A busy process misses some, and the next one makes up for them.
  const tick = schedule("*/2 * * * * *", look, { suppressMissedWarning: true });
  // For file systems that tell no watcher.
  const flowsTick = schedule("* * * * *", () => {
    lookAtFlows().catch((error: unknown) => logger.error({ err: error }, "a look at the flows failed"));
  });
  return {
    engine,
    get problems() {
      return flows.problems;
    },
    lookAtFlows,
    notReady: async () => ({
      ...(isStopping ? { engine: "is stopping" } : {}),
      ...(bot.hearsSlack() ? {} : { slack: "does not reach the bot" }),
      ...((await canRead(store)) ? {} : { store: "can't be read" }),
    }),
    gauges: () => gauges.read(),
    slackRequests: bot.requests,
    stop: async () => {
      isStopping = true;
      flows.stop();
      await Promise.all([tick.stop(), flowsTick.stop()]);
      await bot.stop();
      await engine.stop({ graceMs });
      followed.close();
      await flows.told;
      await store.close();
    },
  };
}

/** With Step Functions, EventBridge fires; this process starts what people and events ask for, and follows. */
async function openEngine(
  options: Pick<AppOptions, "engine" | "clock" | "randomness">,
  flows: Flows,
): Promise<{ context: Pick<EngineContext, "flows" | "follower">; close: () => void }> {
  const { engine: settings } = options;
  if (settings.kind === "embedded") return { context: { flows }, close: () => {} };
  // The SDK's client of it is loaded only where it is used.
  const { openFollower } = await import("../asl/engine/open-follower.ts");
  const { follower, close } = openFollower({ ...options, arns: settings.arns });
  const firesNothing: Flows = { all: () => flows.all(), get: (asked) => flows.get(asked), firing: () => [] };
  return { context: { flows: firesNothing, follower }, close };
}

/** By a question that costs next to nothing. */
async function canRead(store: StateStore): Promise<boolean> {
  try {
    await store.nextWake();
    return true;
  } catch {
    return false;
  }
}
