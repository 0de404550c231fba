/** The settings that the terminal shares with the app. Throws `CommandError` with every problem. */
import type { Environment } from "../app/environment.ts";
import { readCommonSettings, type CommonSettings } from "../app/settings.ts";
import { CommandError } from "./errors.ts";

export function terminalSettings(environment: Environment): CommonSettings {
  const read = readCommonSettings(environment);
  if (!read.ok) throw new CommandError(read.problems);
  return read.settings;
}
