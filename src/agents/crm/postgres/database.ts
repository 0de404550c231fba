/**
 * The connection to a customer's database: a small pool, and reads that can change nothing.
 *
 * - Every read is a transaction of its own that says READ ONLY and carries its own limits, so that a pooler between us and the
 *   server can't mix up whose settings hold. `change` alone says READ WRITE; who reads customers never calls it.
 * - Both end by the server's clock (statement timeout), else by ours: a server that vanished says nothing.
 * Non-job: it knows no tables.
 */
import type { Pool, PoolClient } from "pg";
import { FailureError } from "../../../flow/failure.ts";
import { toFailure } from "./postgres-failure.ts";

export interface DatabaseLimits {
  /** Milliseconds, of one statement. */
  statementTimeoutMs: number;
  connectTimeoutMs: number;
  /** At the same time. */
  connections: number;
}

export const defaultLimits: DatabaseLimits = { statementTimeoutMs: 15_000, connectTimeoutMs: 5_000, connections: 4 };

/** What the network may add to a statement's time before we stop listening. */
const patienceMs = 2_000;

export interface Query {
  sql: string;
  values: readonly (string | number | boolean | null)[];
  /** For the failure: "while reading public.accounts". */
  doing: string;
  signal?: AbortSignal | undefined;
}

export type TextRow = readonly (string | null)[];

type Statement = Pick<Query, "sql" | "values">;

/** One statement of a transaction; `count`: the rows that it changed. */
export type Run = (statement: Statement) => Promise<{ rows: TextRow[]; count: number }>;

export class Database {
  readonly #address: string;
  readonly #limits: DatabaseLimits;
  #pool: Promise<Pool> | null = null;

  constructor({ address, limits }: { address: string; limits: DatabaseLimits }) {
    this.#address = address;
    this.#limits = limits;
  }

  /** Every column must be a text. Throws the server's own error; `read` gives a failure instead. */
  async readRaw({ sql, values, doing, signal }: Query): Promise<TextRow[]> {
    const read = async (run: Run) => (await run({ sql, values })).rows;
    return this.#transaction({ kind: "read", work: read, doing, signal });
  }

  /** What `work` does becomes true at once and whole, or not at all where it throws. Throws the server's own error. */
  async change<T>(asked: { work: (run: Run) => Promise<T>; doing: string; signal: AbortSignal }): Promise<T> {
    return this.#transaction({ kind: "change", ...asked });
  }

  async #transaction<T>({ kind, work, doing, signal }: Transaction<T>): Promise<T> {
    if (signal?.aborted) throw tooLate(doing);
    const client = await this.#connect();
    let stop: (() => void) | null = null;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(tooLate(doing));
      signal?.addEventListener("abort", stop);
    });
    let isSound = false;
    try {
      const done = await Promise.race([within(client, { kind, work, limits: this.#limits }), stopped]);
      isSound = true;
      return done;
    } finally {
      if (stop !== null) signal?.removeEventListener("abort", stop);
      // After a failure nobody knows what the connection is still doing.
      client.release(!isSound);
    }
  }

  async read(query: Query): Promise<TextRow[]> {
    try {
      return await this.readRaw(query);
    } catch (error) {
      throw toFailure(error, query.doing);
    }
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    await (await pool)?.end();
  }

  async #connect(): Promise<PoolClient> {
    this.#pool ??= openPool(this.#address, this.#limits);
    return (await this.#pool).connect();
  }
}

async function openPool(address: string, limits: DatabaseLimits): Promise<Pool> {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    connectionString: address,
    application_name: "revops-flows",
    max: limits.connections,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    query_timeout: limits.statementTimeoutMs + patienceMs,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is no news: the next read opens another.
  pool.on("error", () => {});
  // One that breaks in the middle of a read fails that read.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

const beginnings = {
  read: ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "SET LOCAL default_transaction_read_only = on"],
  // Each statement sees what others have written by then: who waited for a row's lock compares with what stands there now. A day
  // that is written into a time begins where reading takes it to begin.
  change: ["BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", "SET LOCAL timezone = 'UTC'"],
} as const;

interface Transaction<T> {
  kind: keyof typeof beginnings;
  work: (run: Run) => Promise<T>;
  doing: string;
  signal: AbortSignal | undefined;
}

/** After a failure the connection is closed, which rolls back. */
async function within<T>(
  client: PoolClient,
  { kind, work, limits }: Pick<Transaction<T>, "kind" | "work"> & { limits: DatabaseLimits },
): Promise<T> {
  const settings = [
    ...beginnings[kind],
    `SET LOCAL statement_timeout = ${limits.statementTimeoutMs}`,
    `SET LOCAL lock_timeout = ${limits.statementTimeoutMs}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${limits.statementTimeoutMs}`,
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL standard_conforming_strings = on",
  ];
  await client.query(settings.join("; "));
  const done = await work(async ({ sql, values }) => {
    const found = await client.query<(string | null)[]>({ text: sql, values: [...values], rowMode: "array" });
    return { rows: found.rows, count: found.rowCount ?? 0 };
  });
  await client.query("COMMIT");
  return done;
}

function tooLate(doing: string): FailureError {
  return new FailureError({ error: "Agent.Timeout", cause: `There was no time left ${doing}.` });
}
