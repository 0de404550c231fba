/** The process: settings in, an app out, signals heard. */
import { pino } from "pino";
import type { ServedApp } from "./app/app.ts";
import { startSandboxApp } from "./app/sandbox-app.ts";
import { readSettings, type Settings } from "./app/settings.ts";
import { startProblem } from "./app/start-problem.ts";
import { startWorkspaceApp } from "./app/workspace-app.ts";

async function start(settings: Settings): Promise<ServedApp> {
  const logger = pino({ level: settings.logLevel }, pino.destination({ dest: 2, sync: true }));
  const { slack } = settings;
  const app =
    slack.kind === "sandbox"
      ? await startSandboxApp({ settings, logger })
      : await startWorkspaceApp({ settings, slack, logger });
  for (const line of app.startLines) console.error(line);
  console.log(slack.kind === "sandbox" ? `RevOps Flows sandbox: ${app.url}` : `RevOps Flows runs; health: ${app.url}`);
  return app;
}

const read = readSettings(process.env);
if (!read.ok) {
  for (const problem of read.problems) console.error(problem);
  process.exit(1);
}
try {
  const app = await start(read.settings);
  let stopping = false;
  const stop = () => {
    // A second signal is from somebody who doesn't want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    app.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
} catch (error) {
  console.error(startProblem(error, read.settings));
  process.exit(1);
}
