/** What time it is for the terminal: the sandbox's, which its page may have moved, or the system's. */
import { join } from "node:path";
import { systemTime } from "../app/app-clock.ts";
import type { CommonSettings } from "../app/settings.ts";

export async function terminalClock(settings: CommonSettings): Promise<{ now(): number }> {
  if (settings.slack.kind !== "sandbox") return systemTime;
  // Loads SQLite, which not every command needs.
  const { storedOffsetMs } = await import("../sandbox/stored-offset.ts");
  const offsetMs = storedOffsetMs({ databasePath: join(settings.dataFolder, "sandbox.db") });
  return { now: () => systemTime.now() + offsetMs };
}
