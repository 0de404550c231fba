/** The app with a sandbox beside it: stand-ins on loopback, people from the customer source, a clock that can be moved. */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Logger } from "pino";
import { slashCommands } from "../bot/manifest.ts";
import { createSandbox, type SandboxSettings } from "../sandbox/sandbox.ts";
import { advanceClock } from "./advance-clock.ts";
import { AppClock, systemRandomness, systemTime } from "./app-clock.ts";
import { startApp, type App, type AppOptions, type ServedApp } from "./app.ts";
import { readConfiguration, withAdmin, type Configuration } from "./configuration.ts";
import { openCustomerSource } from "./customer-source.ts";
import { googleCalendar } from "./delivery.ts";
import { leadEmail, sandboxPeople, type SandboxPerson } from "./sandbox-people.ts";
import type { Settings } from "./settings.ts";
import { flowLines, leavingLines } from "./start-lines.ts";

export async function startSandboxApp(parameters: { settings: Settings; logger: Logger }): Promise<ServedApp> {
  const { settings, logger } = parameters;
  const { crm, timezone, statePath } = settings;
  const dataFolder = dirname(statePath);
  await mkdir(dataFolder, { recursive: true });
  const { source, lines } = await openCustomerSource({ crm, dataFolder, timezone, now: systemTime.now() });
  const people = await sandboxPeople({ customers: source, timezone });
  const found = await readConfiguration(settings.configurationFile);
  const configuration = withAdmin(found ?? sandboxConfiguration(people), settings.adminEmail);
  const started: { app: App | null } = { app: null };
  const sandbox = await createSandbox({
    databasePath: join(dataFolder, "sandbox.db"),
    host: settings.host,
    port: settings.port,
    users: people,
    botName: "RevOps",
    commands: slashCommands,
    now: systemTime.now,
    advance: ({ to }) => advance(to),
    failed: (error) => logger.error({ err: error }, "the sandbox failed inside"),
  });
  const clock = new AppClock(sandbox.clock);
  const advance = async (to: number | "next"): Promise<number> => {
    const moved = { now: () => clock.now(), set: (at: number) => sandbox.clock.set(at), ring: () => clock.ring() };
    return started.app === null ? clock.now() : advanceClock({ engine: started.app.engine, clock: moved, to });
  };
  try {
    const common = { statePath, source, configuration, timezone, clock, logger, randomness: systemRandomness };
    const services = servicesOf(sandbox.settings, settings);
    const app = await startApp({ ...common, ...services, flowFolders: settings.flowFolders });
    started.app = app;
    const stop = async () => {
      await app.stop();
      await sandbox.close();
    };
    const startLines = [...leavingLines(settings), ...flowLines(app.problems), ...lines];
    return { engine: app.engine, url: sandbox.url, startLines, stop };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

/** The stand-ins, but for what the environment sets: then mails or events really leave. */
function servicesOf(standIns: SandboxSettings, real: Settings): Pick<AppOptions, "slack" | "smtp" | "calendar"> {
  const { slackBotToken: botToken, slackAppToken: appToken, slackApiUrl: apiUrl } = standIns;
  return {
    slack: { kind: "socket", botToken, appToken, apiUrl },
    smtp: real.smtp ?? { url: standIns.smtpUrl, from: "revops@example.com" },
    calendar:
      real.calendar === null
        ? {
            calendarId: standIns.googleCalendarId,
            credentials: standIns.googleCredentials,
            rootUrl: standIns.googleApiUrl,
          }
        : googleCalendar(real.calendar),
  };
}

/** Without a `revops.yml`: the lead leads, and the lead and the customer-success managers operate. */
function sandboxConfiguration(people: readonly SandboxPerson[]): Configuration {
  const operators = people.filter(({ title }) => title === "Customer success").map(({ email }) => email);
  return {
    variables: { admin_email: leadEmail },
    roles: { revops_lead: [leadEmail], operator: [leadEmail, ...operators] },
    channels: { default: "#revops", alerts: "#renewals", flows: {} },
  };
}
