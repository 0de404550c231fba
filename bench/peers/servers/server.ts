/** A server that an engine needs, in a folder of its own. */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

export interface Server {
  address: string;
  /** Of its root; null: somebody else started it, and what it costs is not counted. */
  pid: number | null;
  stop(): Promise<void>;
}

const patienceMs = 60_000;
const lookMs = 50;

/** `isReady` is asked until it says so. */
export async function startProcess(parts: {
  command: string;
  args: readonly string[];
  options?: SpawnOptions;
  address: string;
  isReady: () => Promise<boolean>;
}): Promise<Server> {
  const child = spawn(parts.command, parts.args, { stdio: ["ignore", "ignore", "inherit"], ...parts.options });
  const failed = once(child, "error").then(([error]) =>
    Promise.reject(new Error(`${parts.command}: ${String(error)}`)),
  );
  await Promise.race([failed, untilReady(child, parts)]);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  };
  return { address: parts.address, pid: child.pid ?? null, stop };
}

async function untilReady(
  child: ChildProcess,
  { command, isReady }: { command: string; isReady: () => Promise<boolean> },
): Promise<void> {
  const begin = performance.now();
  while (!(await isReady().catch(() => false))) {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}.`);
    if (performance.now() - begin > patienceMs) throw new Error(`${command} did not get ready.`);
    await pause(lookMs);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}
