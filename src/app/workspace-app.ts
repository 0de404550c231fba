/** The app on a real workspace: everything from the environment, its addresses on its own port. */
import type { Logger } from "pino";
import type { RequestHandler } from "../bot/http-receiver.ts";
import { eventsPath } from "../bot/manifest.ts";
import type { SlackAccess } from "../bot/receiver.ts";
import { AppClock, systemRandomness, systemTime } from "./app-clock.ts";
import { startApp, type App, type ServedApp } from "./app.ts";
import { noConfiguration, readConfiguration, withAdmin } from "./configuration.ts";
import { crmWriting } from "./crm-writing.ts";
import { openCustomerSource } from "./customer-source.ts";
import { eventRoutes } from "./event-route.ts";
import { healthRoutes } from "./health.ts";
import { listen } from "./http-server.ts";
import { deliveryLines, googleCalendar } from "./delivery.ts";
import { metricsRoutes } from "./metrics-route.ts";
import type { Settings } from "./settings.ts";
import { flowLines, setUpLines } from "./start-lines.ts";

export async function startWorkspaceApp(parameters: {
  settings: Settings;
  slack: SlackAccess;
  logger: Logger;
  leaseLost: () => void;
}): Promise<ServedApp> {
  const { settings, slack, logger, leaseLost } = parameters;
  const { crm, timezone, state, dataFolder, smtp, calendar, flowFolders, configurationFile } = settings;
  const started: { app: App | null } = { app: null };
  const routes = {
    ...healthRoutes(() => started.app),
    ...metricsRoutes(() => started.app),
    ...eventRoutes({ secret: settings.eventsSecret, app: () => started.app, logger, now: systemTime.now }),
    ...(slack.kind === "http" ? { [eventsPath]: slackRequests(() => started.app) } : {}),
  };
  const server = await listen({ host: settings.host, port: settings.port, routes, logger });
  try {
    const now = systemTime.now();
    const tell = (line: string) => logger.warn({}, line);
    const { source, writer, lines } = await openCustomerSource({
      crm,
      dataFolder,
      timezone,
      now,
      configurationFile,
      tell,
    });
    const found = await readConfiguration(configurationFile);
    const configuration = withAdmin(found ?? noConfiguration, settings.adminEmail);
    const { directMessages } = configuration.people;
    for (const { text, instead } of deliveryLines({ smtp, calendar, directMessages }))
      logger[instead ? "warn" : "info"]({}, text);
    const app = await startApp({
      slack,
      smtp,
      calendar: calendar === null ? null : await googleCalendar(calendar),
      state,
      engine: settings.engine,
      leaseLost,
      source,
      writer,
      writing: crmWriting(crm, configuration),
      agents: settings.agents,
      settings,
      flowFolders,
      tell: null,
      configuration,
      timezone,
      clock: new AppClock(systemTime),
      randomness: systemRandomness,
      logger,
    });
    started.app = app;
    // The server goes last: until then a load balancer is told that nothing should be sent here.
    const stop = async () => {
      await app.stop();
      await server.close();
    };
    if (slack.kind === "http") logger.info({ address: `${server.url}${eventsPath}` }, "Slack's requests are taken");
    const flows = { flows: await app.engine.flows(), folders: flowFolders, roles: configuration.roles };
    return {
      engine: app.engine,
      url: `${server.url}/healthz`,
      startLines: [...flowLines(app.problems), ...setUpLines(flows), ...lines],
      stop,
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Slack, when it comes before the app has started, comes again. */
function slackRequests(app: () => App | null): RequestHandler {
  return async (request, response) => {
    const handle = app()?.slackRequests;
    if (handle) return handle(request, response);
    response.writeHead(503, { connection: "close" }).end();
  };
}
