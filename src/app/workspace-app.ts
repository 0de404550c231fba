/** The app on a real workspace: everything from the environment, a health address on its own port. */
import { createServer, type Server } from "node:http";
import { dirname } from "node:path";
import type { Logger } from "pino";
import { AppClock, systemRandomness, systemTime } from "./app-clock.ts";
import { startApp, type ServedApp } from "./app.ts";
import { Configuration, readConfiguration, withAdmin } from "./configuration.ts";
import { openCustomerSource } from "./customer-source.ts";
import { deliveryLines, googleCalendar } from "./delivery.ts";
import type { Settings } from "./settings.ts";
import { flowLines } from "./start-lines.ts";

export async function startWorkspaceApp(parameters: {
  settings: Settings;
  slack: { botToken: string; appToken: string; apiUrl: string | null };
  logger: Logger;
}): Promise<ServedApp> {
  const { settings, slack, logger } = parameters;
  const { crm, timezone, statePath, smtp, calendar, flowFolders } = settings;
  const health = await listen(settings);
  try {
    const now = systemTime.now();
    const { source, lines } = await openCustomerSource({ crm, dataFolder: dirname(statePath), timezone, now });
    const found = await readConfiguration(settings.configurationFile);
    const configuration = withAdmin(found ?? Configuration.parse({}), settings.adminEmail);
    for (const { text, instead } of deliveryLines({ smtp, calendar })) logger[instead ? "warn" : "info"]({}, text);
    const app = await startApp({
      slack,
      smtp,
      calendar: calendar === null ? null : googleCalendar(calendar),
      statePath,
      source,
      flowFolders,
      configuration,
      timezone,
      clock: new AppClock(systemTime),
      randomness: systemRandomness,
      logger,
    });
    const stop = async () => {
      await app.stop();
      await close(health);
    };
    const url = `http://${settings.host}:${settings.port}/healthz`;
    return { engine: app.engine, url, startLines: [...flowLines(app.problems), ...lines], stop };
  } catch (error) {
    await close(health);
    throw error;
  }
}

function listen({ host, port }: Settings): Promise<Server> {
  const server = createServer((request, response) => {
    const known = request.method === "GET" && request.url === "/healthz";
    response.writeHead(known ? 200 : 404, { "content-type": "text/plain" }).end(known ? "ok\n" : "not found\n");
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, host, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
