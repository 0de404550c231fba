/** The app with a sandbox beside it: stand-ins on loopback, people from the customer source, a clock that can be moved. */
import { dirname, join } from "node:path";
import type { Logger } from "pino";
import { openCsvSource } from "../agents/crm/csv/csv-source.ts";
import { materialiseSample } from "../agents/crm/sample/sample.ts";
import { localDate } from "../flow/zone.ts";
import { createSandbox } from "../sandbox/sandbox.ts";
import { startApp, type App } from "./app.ts";
import { advanceClock } from "./advance-clock.ts";
import { readConfiguration, type Configuration } from "./configuration.ts";
import { MovableClock, systemRandomness } from "./movable-clock.ts";
import { leadEmail, sandboxPeople, type SandboxPerson } from "./sandbox-people.ts";
import type { Settings } from "./settings.ts";

export interface SandboxApp extends App {
  url: string;
}

export async function startSandboxApp({ settings, logger }: { settings: Settings; logger: Logger }): Promise<SandboxApp> {
  const folder = dirname(settings.statePath);
  const source = await openSource({ settings, folder });
  const people = await sandboxPeople({ customers: source, timezone: settings.timezone });
  const clock = new MovableClock();
  let app: App | null = null;
  const sandbox = await createSandbox({
    databasePath: join(folder, "sandbox.db"),
    host: settings.host,
    port: settings.port,
    users: people,
    botName: "RevOps",
    commands: [{ command: "/revops", description: "Flows for renewals, onboarding and churn", usageHint: "run FLOW [CUSTOMER] · status · flows · help" }],
    clock,
    advance: ({ to }) => advanceClock({ engine: app?.engine ?? null, clock, to }),
  });
  const configuration = (await readConfiguration(settings.configurationFile)) ?? sandboxConfiguration(people);
  try {
    app = await startApp({
      ...sandboxServices(sandbox.settings),
      statePath: settings.statePath,
      source,
      flowFolders: settings.flowFolders,
      configuration: withAdmin(configuration, settings.adminEmail),
      timezone: settings.timezone,
      clock,
      randomness: systemRandomness,
      logger,
    });
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  const running = app;
  return {
    ...running,
    url: sandbox.url,
    stop: async () => {
      await running.stop();
      await sandbox.close();
    },
  };
}
