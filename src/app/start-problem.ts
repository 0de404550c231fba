/** Why the app did not start, in a sentence that says what to do; anything unknown keeps its stack for whoever mends it. */
import { CustomerSourceError } from "../agents/crm/customer-source.ts";
import { BotStartError } from "../bot/start-error.ts";
import { FailureError } from "../flow/failure.ts";
import { StoreUnavailableError } from "../state/state-store.ts";
import { ConfigurationError } from "./configuration.ts";
import type { Settings } from "./settings.ts";

/** Ends the start with its message. */
export class StartError extends Error {
  override readonly name = "StartError";
}

export function startProblem(error: unknown, settings: Pick<Settings, "host" | "port">): string {
  if (error instanceof FailureError) return error.failure.cause;
  const told = [StartError, CustomerSourceError, BotStartError, StoreUnavailableError, ConfigurationError];
  if (told.some((kind) => error instanceof kind)) return error instanceof Error ? error.message : String(error);
  if (!(error instanceof Error)) return String(error);
  const { code, syscall, path } = systemError(error);
  return addressProblem({ code, syscall, ...settings }) ?? fileProblem({ code, path }) ?? error.stack ?? error.message;
}

interface SystemError {
  code: string;
  syscall: string;
  path: string;
}

function systemError(error: object): SystemError {
  const text = (name: keyof SystemError) => {
    const value: unknown = name in error ? Reflect.get(error, name) : "";
    return typeof value === "string" ? value : "";
  };
  return { code: text("code"), syscall: text("syscall"), path: text("path") };
}

function addressProblem(asked: { code: string; syscall: string; host: string; port: number }): string | null {
  const { code, syscall, host, port } = asked;
  if (code === "EADDRINUSE")
    return `Port ${port} is in use. Stop what listens there, or set PORT to another one, such as PORT=${port < 65_535 ? port + 1 : port - 1}.`;
  if (code === "EACCES" && syscall === "listen")
    return `Port ${port} needs rights that this user lacks. Set PORT to one above 1023.`;
  if (code === "EADDRNOTAVAIL" || syscall === "getaddrinfo")
    return `${host} is no address of this machine. Set HOST to one that is.`;
  return null;
}

const fileReasons: Readonly<Record<string, string>> = {
  EACCES: "this user may not use it",
  EPERM: "this user may not use it",
  EROFS: "its disk is read-only",
  ENOSPC: "its disk is full",
  EISDIR: "it is a folder",
  EEXIST: "it is a file where a folder is needed",
  ENOTDIR: "a part of it is a file where a folder is needed",
};

function fileProblem({ code, path }: { code: string; path: string }): string | null {
  const reason = fileReasons[code];
  if (reason === undefined || path === "") return null;
  return `${path}: ${reason}. Put that right, or set REVOPS_STATE to another place.`;
}
