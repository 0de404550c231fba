/**
 * The real app in a process of its own, on a folder of its own: started, stopped as an operator stops it, killed as the system
 * kills it, started again on the same data and the same port. No process and no folder outlives what it was started for.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { afterAll, afterEach } from "vitest";

/** A machine may be busy otherwise; a start that takes longer is a bug. */
const startMs = 55_000;
/** Where flows are due at nine: UTC, unless it is nearly nine there, so that no real firing comes into a scene. */
const flowZone = new Date().getUTCHours() === 8 ? "Etc/GMT-2" : "UTC";
const projectFolder = join(import.meta.dirname, "../..");

type Environment = Readonly<Record<string, string>>;

/** For what an app and its folder live: a test, or all tests of a file. */
export type Lives = "test" | "file";

/** How a process ended: by a code of its own, or by a signal. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface AppProcess {
  /** As it printed it; the same over restarts. */
  readonly url: string;
  /** Of the process that lives now, or lived last. */
  readonly pid: number;
  /** Of its data; gone with the app. */
  readonly folder: string;
  /** Lines, over all restarts. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** `kill -9`. */
  kill(): Promise<Exit>;
  /** SIGTERM, and how it then ended. */
  stop(): Promise<Exit>;
  /** Sends a signal and waits for nothing; `ended` tells what came of it. */
  signal(signal: NodeJS.Signals): void;
  ended(): Promise<Exit>;
  /**
   * A new process on the same data, once the last one has ended; what is given here is set beside the first settings.
   * Rejects when it is killed before it is ready.
   */
  restart(options?: { environment?: Environment }): Promise<void>;
}

const living = new Map<ChildProcess, Lives>();
const folders = new Map<string, Lives>();

process.on("exit", () => {
  for (const child of living.keys()) child.kill("SIGKILL");
});

// Registered before the hooks of the file that imports this, so they run after those.
afterEach(() => endAll("test"));
afterAll(() => endAll("file"));

async function endAll(lives: Lives): Promise<void> {
  const ending = [...living].filter(([, each]) => each === lives).map(([child]) => child);
  const closed = ending.map((child) => new Promise((resolve) => child.once("close", resolve)));
  for (const child of ending) child.kill("SIGKILL");
  await Promise.all(closed);
  for (const [folder, each] of folders) {
    if (each !== lives) continue;
    await rm(folder, { recursive: true, force: true });
    folders.delete(folder);
  }
}

/** Resolves once the app has printed its address and answers there; rejects with what it said when it ends before. */
export async function startAppProcess(options: { environment?: Environment; lives?: Lives } = {}): Promise<AppProcess> {
  const { lives = "test" } = options;
  const folder = await mkdtemp(join(tmpdir(), "revops-scene-"));
  folders.set(folder, lives);
  const first = {
    PORT: String(await freePort()),
    REVOPS_TIMEZONE: flowZone,
    REVOPS_STATE: `sqlite:${join(folder, "revops.db")}`,
    ...options.environment,
  };
  const stdout: string[] = [];
  const stderr: string[] = [];
  let life = begin({ folder, environment: first, lives, stdout, stderr });
  const url = await life.ready;
  const endBy = (signal: NodeJS.Signals): Promise<Exit> => {
    life.child.kill(signal);
    return life.ended;
  };
  return {
    url,
    get pid() {
      return life.child.pid ?? Number.NaN;
    },
    folder,
    stdout,
    stderr,
    kill: () => endBy("SIGKILL"),
    stop: () => endBy("SIGTERM"),
    signal: (signal) => void endBy(signal),
    ended: () => life.ended,
    restart: async ({ environment } = {}) => {
      if (living.has(life.child)) throw new Error("the app still runs: kill or stop it first");
      life = begin({ folder, environment: { ...first, ...environment }, lives, stdout, stderr });
      await life.ready;
    },
  };
}

interface Life {
  child: ChildProcess;
  /** The address, once it has printed it and answers there. */
  ready: Promise<string>;
  ended: Promise<Exit>;
}

function begin(parameters: {
  folder: string;
  environment: Environment;
  lives: Lives;
  stdout: string[];
  stderr: string[];
}): Life {
  const { folder, environment, lives, stdout, stderr } = parameters;
  const child = spawn(process.execPath, [join(projectFolder, "src/main.ts")], {
    cwd: isFile(environment["REVOPS_STATE"]) ? projectFolder : folder,
    // Nothing else of this shell's: its SLACK_ and REVOPS_ settings are another app's.
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  living.set(child, lives);
  const ended = new Promise<Exit>((resolve) => {
    child.once("close", (code, signal) => {
      living.delete(child);
      resolve({ code, signal });
    });
  });
  readLines(child.stderr, (line) => stderr.push(line));
  const address = new Promise<string>((resolve) => {
    readLines(child.stdout, (line) => {
      stdout.push(line);
      const printed = /http:\/\/\S+/.exec(line);
      if (printed !== null) resolve(printed[0]);
    });
  });
  const failed = (what: string) => new Error(`the app ${what}:\n${[...stdout, ...stderr].slice(-20).join("\n")}`);
  const ready = Promise.race([
    address.then(healthy),
    ended.then(({ code, signal }) => Promise.reject(failed(`ended with ${code ?? signal} before it was ready`))),
    expired().then(() => Promise.reject(failed("printed no address"))),
  ]);
  return { child, ready, ended };
}

/** Where its state is no file, what belongs to the machine lies in `data` of the folder that the app is started in. */
function isFile(state = ""): boolean {
  return state.startsWith("sqlite:");
}

async function healthy(url: string): Promise<string> {
  const { ok, status } = await fetch(new URL("/healthz", url));
  if (!ok) throw new Error(`the app answers ${status} to /healthz`);
  return url;
}

function expired(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, startMs).unref());
}

function readLines(stream: Readable, take: (line: string) => void): void {
  createInterface({ input: stream }).on("line", take);
}

/** Below the ports that the system gives to outgoing connections: nobody takes it while the app is down. */
async function freePort(): Promise<number> {
  const port = randomInt(20_000, 32_000);
  const isFree = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
  return isFree ? port : freePort();
}
