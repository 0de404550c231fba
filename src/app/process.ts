/** The process: settings in, an app out, signals heard. */
import { pino } from "pino";
import type { ServedApp } from "./app.ts";
import { startSandboxApp } from "./sandbox-app.ts";
import { readSettings, type Settings } from "./settings.ts";
import { startProblem } from "./start-problem.ts";
import { startWorkspaceApp } from "./workspace-app.ts";

function start(settings: Settings): Promise<ServedApp> {
  const logger = pino({ level: settings.logLevel }, pino.destination({ dest: 2, sync: true }));
  const { slack } = settings;
  return slack.kind === "sandbox"
    ? startSandboxApp({ settings, logger, leaseLost })
    : startWorkspaceApp({ settings, slack, logger, leaseLost });
}

/** At once: whatever it still did, another process may be doing too (D5). Nothing recorded is lost. */
function leaseLost(): void {
  console.error(
    "This process stood still or was cut off, and another took over its executions. It ends: start it again.",
  );
  process.exit(1);
}

/** `npm start` passes on what the terminal has sent to the app as well: that is one wish, not an impatient second one. */
const sameWishMs = process.env["npm_lifecycle_event"] === undefined ? 0 : 500;

function stopOnSignal(app: ServedApp): void {
  let stoppingSince: number | null = null;
  const stop = () => {
    const now = performance.now();
    if (stoppingSince !== null && now - stoppingSince > sameWishMs) process.exit(1);
    if (stoppingSince !== null) return;
    stoppingSince = now;
    app.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
}

export async function runProcess(): Promise<void> {
  const read = readSettings(process.env);
  if (!read.ok) {
    for (const problem of read.problems) console.error(problem);
    process.exit(1);
  }
  try {
    const app = await start(read.settings);
    // Before the address is told: who reads it may stop the app at once.
    stopOnSignal(app);
    for (const line of app.startLines) console.error(line);
    const what = read.settings.slack.kind === "sandbox" ? "RevOps Flows sandbox:" : "RevOps Flows runs; health:";
    console.log(`${what} ${app.url}`);
  } catch (error) {
    console.error(startProblem(error, read.settings));
    process.exit(1);
  }
}
