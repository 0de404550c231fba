/**
 * An engine in a program, put together from the same environment as the app, but for Slack: that may be missing, and nothing
 * listens to it. It drives what the program starts and fires the schedules of flows that the program has registered; those of
 * the folders are the app's.
 */
import { join } from "node:path";
import { pino, type Logger } from "pino";
import type { Agents, CustomerDirectory } from "../agents/agent.ts";
import type { ZoneOf } from "../agents/local/execution/create-calendar-event.ts";
import { createLocalAgents } from "../agents/local/local-agents.ts";
import { OwnActions } from "../agents/own/own-actions.ts";
import type { ContactRules } from "../engine/contact-rules.ts";
import type { EngineContext } from "../engine/context.ts";
import type { Engine } from "../engine/engine.ts";
import { CaseRecords } from "../engine/case-records.ts";
import { startEngine } from "../engine/flow-engine.ts";
import { knownZone } from "../engine/known-zone.ts";
import { registeredFlows } from "../flow/api/registered-flows.ts";
import type { Clock, Randomness } from "../flow/clock.ts";
import { peopleWithoutSlack, notifierWithoutSlack, presenterWithoutSlack } from "../notify/slack/without-slack.ts";
import { createCrmNotifier, type CrmNotifierOptions } from "../notify/crm/crm-notifier.ts";
import type { Notifier, People } from "../notify/notifier.ts";
import { storedOffsetMs } from "../sandbox/stored-offset.ts";
import type { StateStore } from "../state/state-store.ts";
import { agentsOf } from "./agents.ts";
import { AppClock, systemRandomness, systemTime } from "./app-clock.ts";
import { noConfiguration, readConfiguration, withAdmin, type Configuration } from "./configuration.ts";
import { contactRules } from "./contact-rules.ts";
import { crmWriting } from "./crm-writing.ts";
import { openCustomerSource } from "./customer-source.ts";
import { deliveryNotifiers, googleCalendar } from "./delivery.ts";
import { LiveFlows } from "./live-flows.ts";
import { openModels } from "./model-folder.ts";
import { programShare } from "./program-share.ts";
import { programTime } from "./program-time.ts";
import { sandboxConfiguration } from "./sandbox-configuration.ts";
import { sandboxPeople } from "./sandbox-people.ts";
import { readSettings, type Environment, type Settings } from "./settings.ts";
import type { SlackParts } from "./slack-parts.ts";
import { flowLines } from "./start-lines.ts";
import { digestsOf, standingOf } from "./standing.ts";
import { StartError } from "./start-problem.ts";
import { openState, type StateEvents } from "./state.ts";
import { openTemplates } from "./template-folder.ts";
import { within } from "./within.ts";

/** What isn't given comes from the environment. */
export interface ProgramOptions {
  /** In place of the process's own. */
  environment?: Environment;
  /** Stays open when the engine is closed. */
  store?: StateStore;
  agents?: Agents;
  customers?: CustomerDirectory;
  notifiers?: readonly Notifier[];
  people?: People;
  clock?: Clock;
  randomness?: Randomness;
  logger?: Logger;
}

export interface Program {
  engine: Engine;
  flows: LiveFlows;
  people: People;
  /** Others may drive what it drove (D5): it does nothing more. */
  isLost(): boolean;
  close(): Promise<void>;
}

const tickMs = 2_000;
const lookMs = 60_000;
const graceMs = 10_000;

/** Throws `StartError` with every problem of the settings. */
export async function openProgram(options: ProgramOptions): Promise<Program> {
  const read = readSettings(options.environment ?? process.env);
  if (!read.ok) throw new StartError(read.problems.join("\n"));
  const { settings } = read;
  const logger = options.logger ?? pino({ level: settings.logLevel }, pino.destination({ dest: 2, sync: true }));
  const clock = options.clock ?? new AppClock(timeOf(settings));
  const lease: Lease = { engine: null, isLost: false };
  const store = options.store ?? (await openState(settings.state, stateEvents(lease, logger)));
  try {
    // Its actions ask it once flows run, when there is a Slack.
    const known: { people: People | null } = { people: null };
    const zoneOf = async (email: string) => (known.people === null ? null : knownZone(known.people, email));
    const { agents, customers, written } = await openAgents(options, {
      settings,
      clock,
      logger,
      zoneOf,
      store,
      known,
      lease,
    });
    const configuration = await readConfigurationFor(settings, customers);
    const slack = await slackOf({ settings, roles: configuration.roles, clock, logger });
    const contacts = contactRules(configuration);
    const notifiers = options.notifiers ?? (await openNotifiers(settings, { slack, contacts, written }));
    const { presenter } = slack;
    const people = options.people ?? slack.people;
    known.people = people;
    const { realTime, letGo } = programTime();
    const parts = { agents, customers, notifiers, presenter, people, clock, realTime, logger, configuration, contacts };
    const { engine, flows } = await startParts({ ...parts, settings, store, randomness: options.randomness });
    lease.engine = engine;
    const stopTicks = startTicks({ engine, flows, logger });
    return {
      engine,
      flows,
      people,
      isLost: () => lease.isLost,
      close: async () => {
        stopTicks();
        await engine.stop({ graceMs });
        await flows.told;
        if (options.store === undefined) await store.close();
        letGo();
      },
    };
  } catch (error) {
    if (options.store === undefined) await store.close();
    throw error;
  }
}

/** Known before there is an engine, since its store is opened first. */
interface Lease {
  engine: Engine | null;
  isLost: boolean;
}

function stateEvents(lease: Lease, logger: Logger): StateEvents {
  return {
    onCorrupt: (error) => logger.error({ err: error }, "a record is left out of lists"),
    onFallen: () => {
      lease.engine?.tick().catch((error: unknown) => logger.error({ err: error }, "a tick failed"));
    },
    onLost: () => {
      lease.isLost = true;
      logger.error({}, "this engine stood still or was cut off, and another may drive its executions: it does no more");
      lease.engine?.stop({ graceMs: 0 }).catch((error: unknown) => logger.error({ err: error }, "it could not stop"));
    },
  };
}

type Ports = "store" | "agents" | "customers" | "notifiers" | "presenter" | "people" | "clock" | "realTime";
type Parts = Pick<EngineContext, Ports> & {
  contacts: ContactRules;
  settings: Settings;
  configuration: Configuration;
  randomness: Randomness | undefined;
  logger: Logger;
};

async function startParts(parts: Parts): Promise<{ engine: Engine; flows: LiveFlows }> {
  const { settings, configuration, randomness = systemRandomness, ...ports } = parts;
  const { store, clock, logger } = ports;
  const { channels, variables, retention, limits, prices } = configuration;
  const { flowFolders: folders, timezone } = settings;
  const catalogue = Object.values(ports.agents).flatMap((agent) => agent.actions);
  const ownActions = new OwnActions({ product: catalogue, within });
  const agents = ownActions.beside(ports.agents);
  const known = { registered: registeredFlows, catalogue, ownActions, within, variables };
  const flows = await LiveFlows.open({ folders, ...known, store, clock, logger, tell: null });
  for (const line of flowLines(flows.problems)) logger.warn({}, line);
  const own = { ...ports, agents, store: programShare(store), flows, randomness };
  const engine = await startEngine({ ...own, channels, variables, retention, timezone, limits, prices });
  return { engine, flows };
}

/** What other processes have recorded, and files that have changed. They keep no process alive; this gives what stops them. */
function startTicks({ engine, flows, logger }: { engine: Engine; flows: LiveFlows; logger: Logger }): () => void {
  const every = (ms: number, what: string, work: () => Promise<unknown>) =>
    setInterval(() => {
      work().catch((error: unknown) => logger.error({ err: error }, `${what} failed`));
    }, ms).unref();
  const ticks = [
    every(tickMs, "a tick", () => engine.tick()),
    every(lookMs, "a look at the flows", () => flows.look()),
  ];
  return () => ticks.forEach((tick) => clearInterval(tick));
}

/** Beside a sandbox its clock holds, which its page may have moved. */
function timeOf({ slack, dataFolder }: Settings): { now(): number } {
  if (slack.kind !== "sandbox") return systemTime;
  const offsetMs = storedOffsetMs({ databasePath: join(dataFolder, "sandbox.db") });
  return { now: () => systemTime.now() + offsetMs };
}

async function openAgents(
  { agents, customers }: ProgramOptions,
  given: {
    settings: Settings;
    clock: Clock;
    logger: Logger;
    zoneOf: ZoneOf;
    store: StateStore;
    known: { people: People | null };
    lease: Lease;
  },
): Promise<{ agents: Agents; customers: CustomerDirectory; written: CrmNotifierOptions }> {
  if (agents !== undefined && customers !== undefined) return { agents, customers, written: ownCustomers };
  const { settings, clock, logger, zoneOf, store, known, lease } = given;
  const { crm, dataFolder, timezone, configurationFile } = settings;
  const tell = (line: string) => logger.warn({}, line);
  const opening = { crm, dataFolder, timezone, configurationFile, now: clock.now(), tell };
  const { source, writer, lines } = await openCustomerSource(opening);
  for (const line of lines) logger.warn({}, line);
  const otherwise = settings.slack.kind === "sandbox" ? sandboxConfiguration([], crm) : noConfiguration;
  const configuration = (await readConfiguration(configurationFile)) ?? otherwise;
  const { people } = configuration;
  const { directMessages, workingTime } = contactRules(configuration);
  const writing = crmWriting(crm, configuration);
  const local = createLocalAgents({
    source,
    templates: await openTemplates(),
    cases: new CaseRecords(store),
    digests: digestsOf(configuration, {
      timezone,
      standing: standingOf({ engine: () => lease.engine, people: () => known.people }),
    }),
    preferred: people.preferences,
    directMessages,
    mails: settings.hasMails,
    workingTime,
    zoneOf,
    writing,
    models: await openModels(),
  });
  const { agents: opened } = agentsOf(settings.agents, { local: local.agents, randomness: systemRandomness });
  const written = { writer, writable: writing.writable };
  return { agents: agents ?? opened, customers: customers ?? local.customers, written };
}

/** They are the program's own, and so is a notifier that changes them. */
const ownCustomers: CrmNotifierOptions = {
  writer: { refusal: "This program's customers can't be written." },
  writable: [],
};

/** Without a `revops.yml` the sandbox's, where there is no Slack. */
async function readConfigurationFor(settings: Settings, customers: CustomerDirectory): Promise<Configuration> {
  const { configurationFile, slack, timezone, adminEmail, crm } = settings;
  const found = await readConfiguration(configurationFile);
  if (found !== null || slack.kind !== "sandbox") return withAdmin(found ?? noConfiguration, adminEmail);
  return withAdmin(sandboxConfiguration(await sandboxPeople({ customers, timezone }), crm), adminEmail);
}

async function slackOf(parameters: {
  settings: Settings;
  roles: Configuration["roles"];
  clock: Clock;
  logger: Logger;
}): Promise<SlackParts> {
  const { settings, roles } = parameters;
  if (settings.slack.kind === "sandbox")
    return { notifier: notifierWithoutSlack, presenter: presenterWithoutSlack, people: peopleWithoutSlack({ roles }) };
  const { slackParts } = await import("./slack-parts.ts");
  return slackParts({ ...parameters, slack: settings.slack });
}

async function openNotifiers(
  { smtp, calendar }: Settings,
  given: { slack: SlackParts; contacts: ContactRules; written: CrmNotifierOptions },
): Promise<Notifier[]> {
  const { contacts, written } = given;
  const { notifier } = given.slack;
  const opened = calendar === null ? null : await googleCalendar(calendar);
  const delivery = deliveryNotifiers({ smtp, calendar: opened, slack: notifier, contacts });
  return [notifier, ...delivery, createCrmNotifier(written)];
}
