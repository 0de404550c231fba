/** Why the app did not start, in a sentence that says what to do; anything unknown keeps its stack for whoever mends it. */
import { CustomerSourceError } from "../agents/crm/customer-source.ts";
import { BotStartError } from "../bot/start-error.ts";
import { StoreUnavailableError } from "../state/state-store.ts";
import { ConfigurationError } from "./configuration.ts";
import type { Settings } from "./settings.ts";

export function startProblem(error: unknown, { host, port }: Pick<Settings, "host" | "port">): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : null;
  if (code === "EADDRINUSE")
    return `Port ${port} is in use. Stop what listens there, or set PORT to another one, such as PORT=${port + 1}.`;
  if (code === "EACCES" && port < 1024 && port > 0)
    return `Port ${port} needs rights that this user lacks. Set PORT to one above 1023.`;
  if (code === "EADDRNOTAVAIL") return `${host} is no address of this machine. Set HOST to one that is.`;
  const told = [CustomerSourceError, BotStartError, StoreUnavailableError, ConfigurationError];
  return told.some((kind) => error instanceof kind) ? error.message : (error.stack ?? error.message);
}
