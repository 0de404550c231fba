/**
 * What the two functions work with, from the same environment and files as the bot: opened once in a cold start, kept while the
 * function is warm. They need no lease: each call has its own time, and whatever follows from it is the machine's.
 */
import { pino } from "pino";
import { besideOwn } from "../../agents/own/beside-own.ts";
import { ownActionsIn } from "../../agents/own/define-action.ts";
import { handlerContext } from "../../asl/handlers/handler-context.ts";
import type { EngineContext, RunningContext } from "../../engine/context.ts";
import type { Engine } from "../../engine/engine.ts";
import { openEngine } from "../../engine/flow-engine.ts";
import { toldByOthers } from "../../engine/follower.ts";
import { AppClock, systemRandomness, systemTime } from "../app-clock.ts";
import { noConfiguration, readConfiguration, withAdmin } from "../configuration.ts";
import { crmWriting } from "../crm-writing.ts";
import { openCustomerSource } from "../customer-source.ts";
import { googleCalendar } from "../delivery.ts";
import { openEngineParts } from "../engine-parts.ts";
import type { Environment } from "../environment.ts";
import { readSettings } from "../settings.ts";
import { openState } from "../state.ts";
import { ownModules } from "./own-modules.ts";

/** Of a call's time, kept back for its own record and answer. */
const reserveMs = 3_000;

/** As AWS gives it. */
export interface CallContext {
  getRemainingTimeInMillis(): number;
}

export interface Functions {
  /** For one call. */
  within(call: CallContext): RunningContext;
}

/** Rejects with every problem of the environment at once; no secret is in it (T3). */
export async function openFunctions(environment: Environment): Promise<Functions> {
  const read = readSettings(environment);
  if (!read.ok) throw new Error(read.problems.join("\n"));
  const { settings } = read;
  const { slack, crm, dataFolder, timezone, configurationFile, smtp, calendar } = settings;
  if (slack.kind === "sandbox")
    throw new Error("The functions need a workspace: set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET or SLACK_APP_TOKEN.");
  const logger = pino({ level: settings.logLevel });
  const clock = new AppClock(systemTime);
  const store = await openState(settings.state, {
    onCorrupt: (error) => logger.error({ err: error }, "a record is left out of lists"),
  });
  const tell = (line: string) => logger.warn({}, line);
  const now = clock.now();
  const { source, writer } = await openCustomerSource({ crm, dataFolder, timezone, now, configurationFile, tell });
  const found = await readConfiguration(configurationFile);
  const configuration = withAdmin(found ?? noConfiguration, settings.adminEmail);
  const options = {
    slack,
    smtp,
    calendar: calendar === null ? null : await googleCalendar(calendar),
    source,
    writer,
    writing: crmWriting(crm, configuration),
    agents: settings.agents,
    configuration,
    timezone,
    clock,
    randomness: systemRandomness,
    logger,
  };
  // What stands in a digest is asked of an engine that drives nothing, as the terminal's.
  const asked: { engine: Engine | null } = { engine: null };
  const parts = await openEngineParts(options, { store, engine: () => asked.engine });
  const own = ownModules.flatMap(ownActionsIn);
  const agents = besideOwn(parts.agents, () => own);
  // The definition of each execution comes from the store (D4); no other flow is started here.
  const flows: EngineContext["flows"] = { all: () => [], get: () => null };
  const context = { ...parts.context, agents, flows, follower: toldByOthers };
  asked.engine = openEngine(context);
  return {
    within: (call) => {
      const endsAt = context.realTime.now() + call.getRemainingTimeInMillis() - reserveMs;
      return handlerContext(context, { endsAt: () => endsAt });
    },
  };
}
