/** The app with a sandbox beside it: stand-ins on loopback, people from the customer source, a clock that can be moved. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { slashCommands } from "../bot/manifest.ts";
import { createSandbox, SandboxTakenError, type SandboxSettings } from "../sandbox/sandbox.ts";
import { advanceClock } from "./advance-clock.ts";
import { AppClock, systemRandomness, systemTime } from "./app-clock.ts";
import { startApp, type App, type AppOptions, type ServedApp } from "./app.ts";
import { readConfiguration, withAdmin, type Configuration } from "./configuration.ts";
import { crmWriting } from "./crm-writing.ts";
import { openCustomerSource } from "./customer-source.ts";
import { googleCalendar, type Delivery } from "./delivery.ts";
import { eventRoutes } from "./event-route.ts";
import { healthRoutes } from "./health.ts";
import { router } from "./http-server.ts";
import { metricsRoutes } from "./metrics-route.ts";
import { sandboxConfiguration } from "./sandbox-configuration.ts";
import { sandboxPeople } from "./sandbox-people.ts";
import type { Settings } from "./settings.ts";
import { flowLines, leavingLines, setUpLines } from "./start-lines.ts";
import { StartError } from "./start-problem.ts";
import type { StateSettings } from "./state-settings.ts";

export type SandboxServices = Pick<AppOptions, "slack" | "smtp" | "calendar" | "source" | "writer" | "configuration">;

export async function startSandboxApp(parameters: {
  settings: Settings;
  logger: Logger;
  leaseLost: () => void;
  /** Hears where the services are, before the app speaks to them: for functions that a test runs beside it. */
  onServices?: (services: SandboxServices) => void;
}): Promise<ServedApp> {
  const { settings, logger, leaseLost } = parameters;
  const { crm, timezone, state, dataFolder, configurationFile } = settings;
  await mkdir(dataFolder, { recursive: true });
  const tell = (line: string) => logger.warn({}, line);
  const opening = { crm, dataFolder, timezone, configurationFile, now: systemTime.now(), tell };
  const { source, writer, lines } = await openCustomerSource(opening);
  const people = await sandboxPeople({ customers: source, timezone });
  const found = await readConfiguration(configurationFile);
  const configuration = withAdmin(found ?? sandboxConfiguration(people, crm), settings.adminEmail);
  const calendar = settings.calendar === null ? null : await googleCalendar(settings.calendar);
  const started: { app: App | null } = { app: null };
  const stopping = new AbortController();
  const routes = {
    ...healthRoutes(() => started.app),
    ...metricsRoutes(() => started.app),
    ...eventRoutes({ secret: settings.eventsSecret, app: () => started.app, logger, now: systemTime.now }),
  };
  const databasePath = join(dataFolder, "sandbox.db");
  const sandbox = await createSandbox({
    databasePath,
    host: settings.host,
    port: settings.port,
    users: people,
    channels: channelsOf(configuration),
    botName: "RevOps",
    commands: slashCommands,
    now: systemTime.now,
    advance: ({ to }) => advance(to),
    parts: [router({ routes, logger })],
    failed: (error) => logger.error({ err: error }, "the sandbox failed inside"),
  }).catch((error: unknown) => {
    throw databaseProblem(error, databasePath, state.kind) ?? error;
  });
  const clock = new AppClock(sandbox.clock);
  const advance = async (to: number | "next"): Promise<number> => {
    const moved = { now: () => clock.now(), set: (at: number) => sandbox.clock.set(at), ring: () => clock.ring() };
    if (started.app === null) return clock.now();
    return advanceClock({ engine: started.app.engine, clock: moved, to, stopping: stopping.signal });
  };
  try {
    const own = { state, engine: settings.engine, leaseLost, timezone, clock, logger, randomness: systemRandomness };
    const services = servicesOf(sandbox.settings, { smtp: settings.smtp, calendar });
    parameters.onServices?.({ ...services, source, writer, configuration });
    const app = await startApp({
      ...own,
      ...services,
      source,
      writer,
      writing: crmWriting(crm, configuration),
      agents: settings.agents,
      settings,
      configuration,
      flowFolders: settings.flowFolders,
      tell: console.error,
    });
    started.app = app;
    const stop = async () => {
      stopping.abort(new Error("The app is stopping."));
      await app.stop();
      await sandbox.close();
    };
    const flows = { flows: await app.engine.flows(), folders: settings.flowFolders, roles: configuration.roles };
    const startLines = [...leavingLines(settings), ...flowLines(app.problems), ...setUpLines(flows), ...lines];
    return { engine: app.engine, url: sandbox.url, startLines, stop };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

/** The stand-ins, but for what the environment sets: then mails or events really leave. */
function servicesOf(standIns: SandboxSettings, real: Delivery): Pick<AppOptions, "slack" | "smtp" | "calendar"> {
  const { slackBotToken: botToken, slackAppToken: appToken, slackApiUrl: apiUrl } = standIns;
  return {
    slack: { kind: "socket", botToken, appToken, apiUrl },
    smtp: real.smtp ?? { url: standIns.smtpUrl, from: "revops@example.com" },
    calendar: real.calendar ?? {
      calendarId: standIns.googleCalendarId,
      credentials: standIns.googleCredentials,
      rootUrl: standIns.googleApiUrl,
    },
  };
}

/** Where the sandbox's own database lies follows from the state's, or from where the process was started. */
const elsewhere: Readonly<Record<StateSettings["kind"], string>> = {
  sqlite: "with REVOPS_STATE=sqlite:OTHER-FOLDER/revops.db",
  dynamodb: "from another folder",
};

/** What SQLite says has neither the file nor the way out in it. */
function databaseProblem(error: unknown, path: string, kind: StateSettings["kind"]): StartError | null {
  if (error instanceof SandboxTakenError) {
    const way = "use its page, stop it, or start this one elsewhere";
    return new StartError(`A sandbox runs on ${path} already: ${way}, ${elsewhere[kind]}.`, { cause: error });
  }
  if (!(error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR")) return null;
  const way = "Move that file away, or set REVOPS_STATE to another folder";
  return new StartError(`${path} can't be opened as the sandbox's database: ${error.message}. ${way}.`, {
    cause: error,
  });
}

/** What `revops.yml` names is there, as it would be in the workspace that it is written for; an id is another's to give. */
function channelsOf({ channels }: Configuration): string[] {
  const named = [channels.default, channels.alerts, ...Object.values(channels.flows)];
  return [...new Set(named.map((name) => name.replace(/^#/, "")))].filter((name) => name === name.toLowerCase());
}
