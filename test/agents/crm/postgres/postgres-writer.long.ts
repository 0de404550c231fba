/** Does a change arrive in a foreign database, once and as it was planned, whatever the database has against it? */
import { createServer, connect, type Socket } from "node:net";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { defaultLimits, type DatabaseLimits } from "../../../../src/agents/crm/postgres/database.ts";
import type { CrmMapping } from "../../../../src/agents/crm/postgres/mapping.ts";
import { createPostgresSource } from "../../../../src/agents/crm/postgres/postgres-source.ts";
import { createPostgresWriter, type PostgresWriter } from "../../../../src/agents/crm/postgres/postgres-writer.ts";
import type { FieldValue } from "../../../../src/flow/customer.ts";
import type { CrmChange } from "../../../../src/flow/effect.ts";
import { openCustomerSource } from "../../../../src/app/customer-source.ts";
import { failureOf, inTemporaryFolder } from "../../support.ts";
import { startingFields, testCustomerWriter, type WritableCrm } from "../customer-writer.contract.ts";
import { startServer, type TestServer } from "./server.ts";

let server: TestServer;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startServer();
});

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

afterAll(async () => {
  await server.stop();
});

function tableOf(name: string, columns: Record<string, string> = {}): CrmMapping {
  return { customers: { table: { schema: null, name }, columns } };
}

function open(
  mapping: CrmMapping,
  { address = server.address, ...limits }: Partial<DatabaseLimits> & { address?: string } = {},
): PostgresWriter {
  const writer = createPostgresWriter({ address, mapping, limits: { ...defaultLimits, ...limits } });
  closing.push(() => writer.close());
  return writer;
}

const signal = new AbortController().signal;
const kim: CrmChange = { field: "csm_email", from: "lee@example.com", to: "kim@example.com" };
const asked = (...changes: CrmChange[]) => ({ customerId: "C-1", changes, signal });

async function valueOf(sql: string): Promise<unknown> {
  const client = new Client({ connectionString: server.address });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

const columns = {
  plain: `id text PRIMARY KEY, name text, csm_email text, champion_status text, status text, arr numeric(12, 2), seats int,
    auto_renew boolean, renewal_date date, created_at timestamptz, segment text DEFAULT 'mid'`,
  foreign: `id text PRIMARY KEY, name text, csm_email varchar(200), champion_status champion, status text, arr float8,
    seats numeric, auto_renew int2, renewal_date timestamptz, created_at timestamp, segment text DEFAULT 'mid'`,
};

function literal(value: FieldValue): string {
  return value === null ? "NULL" : `'${value}'`;
}

async function openTable(table: string, definition: string): Promise<WritableCrm> {
  const names = Object.keys(startingFields);
  const values = Object.values(startingFields).map((value) => `'${value}'`);
  if (table === "foreign_types") {
    await server.run("CREATE TYPE champion AS ENUM ('active', 'left', 'unknown')");
    values[names.indexOf("auto_renew")] = "1";
  }
  await server.run(`SET timezone = 'UTC'; CREATE TABLE ${table} (${definition}); INSERT INTO ${table} (id, name, ${names.join(", ")})
    SELECT 'C-' || n, 'Acme', ${values.join(", ")} FROM generate_series(1, 9) n`);
  const mapping = tableOf(table);
  const source = createPostgresSource({ address: server.address, mapping, tell: () => {} });
  const writer = createPostgresWriter({ address: server.address, mapping });
  return {
    source,
    writer,
    set: (id, field, value) => server.run(`UPDATE ${table} SET ${field} = ${literal(value)} WHERE id = '${id}'`),
    remove: (id) => server.run(`DELETE FROM ${table} WHERE id = '${id}'`),
    close: async () => {
      await Promise.all([source.close(), writer.close()]);
    },
  };
}

testCustomerWriter("PostgreSQL", () => openTable("plain_types", columns.plain));
testCustomerWriter("PostgreSQL with other types", () => openTable("foreign_types", columns.foreign));

async function table(name: string, more = ""): Promise<PostgresWriter> {
  await server.run(`CREATE TABLE ${name} (${columns.plain});
    INSERT INTO ${name} (id, name, csm_email, champion_status, seats) VALUES ('C-1', 'Acme', 'lee@example.com', 'active', 120); ${more}`);
  return open(tableOf(name));
}

async function refusal(writer: PostgresWriter, ...changes: CrmChange[]): Promise<string> {
  const failure = await failureOf(writer.update(asked(...changes)));
  expect(failure.error).toBe("Effect.Refused");
  return failure.cause;
}

describe("a database that has something against it", () => {
  it("the column's type can't hold the value", async () => {
    const writer = await table("typed");
    expect(await refusal(writer, kim, { field: "seats", from: 120, to: 84.5 })).toMatch(
      /\(22P02\): invalid input syntax for type integer: "84.5". Nothing was written.$/,
    );
    expect(await refusal(writer, { field: "segment", from: "mid", to: "a\0b" })).toContain("(22021)");
    expect(await valueOf("SELECT csm_email FROM typed")).toBe("lee@example.com");
  });

  it("the column rounds", async () => {
    await server.run(
      "CREATE TABLE rounded (id text, name text, arr numeric(12, 0)); INSERT INTO rounded VALUES ('C-1', 'A', 5)",
    );
    const writer = open(tableOf("rounded"));
    expect(await refusal(writer, { field: "arr", from: 5, to: 1.25 })).toBe(
      "rounded made 1 of arr 1.25, so nothing was written.",
    );
    expect(await valueOf("SELECT arr::text FROM rounded")).toBe("5");
  });

  it.each([
    ["puts the old value back", "NEW.csm_email := OLD.csm_email; RETURN NEW", "made lee@example.com of csm_email kim"],
    [
      "writes another",
      "NEW.csm_email := 'x@example.com'; RETURN NEW",
      "made x@example.com of csm_email kim@example.com",
    ],
    ["swallows the row", "RETURN NULL", "changed no row of C-1"],
    ["raises", "RAISE EXCEPTION 'not on a Friday'", "(P0001): not on a Friday. Nothing was written."],
  ])("a trigger that %s", async (name, body, said) => {
    const key = name.replaceAll(" ", "_");
    const writer = await table(
      `t_${key}`,
      `CREATE FUNCTION f_${key}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; END $$;
       CREATE TRIGGER t BEFORE UPDATE ON t_${key} FOR EACH ROW EXECUTE FUNCTION f_${key}()`,
    );
    expect(await refusal(writer, kim)).toContain(said);
    expect(await valueOf(`SELECT csm_email FROM t_${key}`)).toBe("lee@example.com");
  });

  it("constraints: not null, check, unique, and one that shows at the commit", async () => {
    const writer = await table(
      "constrained",
      `ALTER TABLE constrained ALTER csm_email SET NOT NULL, ADD CHECK (seats >= 10), ADD UNIQUE (status);
       INSERT INTO constrained (id, name, csm_email, status) VALUES ('C-2', 'B', 'b@example.com', 'taken');
       CREATE TABLE people (email text PRIMARY KEY); INSERT INTO people VALUES ('lee@example.com'), ('b@example.com');
       ALTER TABLE constrained ADD FOREIGN KEY (csm_email) REFERENCES people DEFERRABLE INITIALLY DEFERRED`,
    );
    expect(await refusal(writer, { ...kim, to: null })).toContain("(23502)");
    expect(await refusal(writer, { field: "seats", from: 120, to: 5 })).toContain("(23514)");
    expect(await refusal(writer, { field: "status", from: null, to: "taken" })).toContain("(23505)");
    expect(await refusal(writer, kim)).toContain("(23503)");
    expect(await valueOf("SELECT csm_email FROM constrained WHERE id = 'C-1'")).toBe("lee@example.com");
  });

  it("views: one that passes it on, one that can't be updated, one that would lose the row", async () => {
    await table(
      "behind",
      `CREATE VIEW passes AS SELECT id, name, csm_email, segment FROM behind;
       CREATE VIEW grouped AS SELECT id, name, max(csm_email) AS csm_email FROM behind GROUP BY id, name;
       CREATE VIEW checked AS SELECT * FROM behind WHERE segment = 'mid' WITH CHECK OPTION;
       CREATE VIEW filtered AS SELECT * FROM behind WHERE segment = 'mid'`,
    );
    await open(tableOf("passes")).update(asked(kim));
    expect(await valueOf("SELECT csm_email FROM behind")).toBe("kim@example.com");
    const back = { ...kim, from: "kim@example.com", to: "lee@example.com" };
    expect(await refusal(open(tableOf("grouped")), back)).toMatch(/\(55000\): cannot update view "grouped"/);
    const small: CrmChange = { field: "segment", from: "mid", to: "small" };
    expect(await refusal(open(tableOf("checked")), small)).toContain("(44000)");
    // It would be nobody's customer any more.
    expect(await refusal(open(tableOf("filtered")), small)).toContain('no customer "C-1" any more');
    expect(await valueOf("SELECT segment FROM behind")).toBe("mid");
  });

  it("no right to write, or not this column, or not this row", async () => {
    await table(
      "guarded",
      `CREATE ROLE narrow LOGIN; ALTER ROLE narrow SET default_transaction_read_only = on;
       GRANT SELECT, UPDATE (csm_email) ON guarded TO narrow`,
    );
    const address = server.address.replace("postgres:s3cret-w0rd@", "narrow@");
    const writer = open(tableOf("guarded"), { address });
    await writer.update(asked(kim));
    expect(await valueOf("SELECT csm_email FROM guarded")).toBe("kim@example.com");
    const status: CrmChange = { field: "champion_status", from: "active", to: "left" };
    expect(await refusal(writer, status)).toContain("(42501): permission denied for table guarded");
    await server.run(
      `ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; CREATE POLICY sees ON guarded FOR SELECT USING (true)`,
    );
    expect(await refusal(writer, { ...kim, from: "kim@example.com", to: "lee@example.com" })).toContain(
      "changed no row",
    );
  });

  it("two rows of one id", async () => {
    await server.run(`CREATE TABLE twins (id text, name text, csm_email text);
      INSERT INTO twins VALUES ('C-1', 'A', 'lee@example.com'), ('C-1', 'B', 'lee@example.com')`);
    expect(await refusal(open(tableOf("twins")), kim)).toBe('twins has the id "C-1" twice, so nothing was written.');
  });

  it("a cell that can't be read is not overwritten", async () => {
    const writer = await table("two_addresses", "UPDATE two_addresses SET csm_email = 'a@example.com,b@example.com'");
    expect(await refusal(writer, kim)).toContain("is not one mail address");
  });

  it("a column that isn't there", async () => {
    await server.run("CREATE TABLE bare (id text, name text); INSERT INTO bare VALUES ('C-1', 'A')");
    expect(await refusal(open(tableOf("bare")), kim)).toBe("bare has no column for csm_email.");
  });

  it("a column that went away meanwhile, and came back under the same name", async () => {
    const writer = await table("moving");
    await writer.update(asked(kim));
    await server.run("ALTER TABLE moving DROP csm_email");
    const back = { ...kim, from: "kim@example.com", to: "lee@example.com" };
    expect(await refusal(writer, back)).toContain("(42703)");
    await server.run("ALTER TABLE moving ADD csm_email varchar(50) DEFAULT 'kim@example.com'");
    await writer.update(asked(back));
    expect(await valueOf("SELECT csm_email FROM moving")).toBe("lee@example.com");
  });

  it("a row that somebody holds for too long: tried again, and written once it is free", async () => {
    await table("held");
    const writer = open(tableOf("held"), { statementTimeoutMs: 300 });
    const holder = new Client({ connectionString: server.address });
    await holder.connect();
    await holder.query("BEGIN; UPDATE held SET segment = 'big' WHERE id = 'C-1'");
    const failure = await failureOf(writer.update(asked(kim)));
    expect(failure).toEqual({
      error: "Agent.Timeout",
      cause: "The customer database took too long while writing to customer C-1.",
    });
    await holder.query("COMMIT");
    await holder.end();
    await writer.update(asked(kim));
    expect(await valueOf("SELECT csm_email || segment FROM held")).toBe("kim@example.combig");
  });

  it("somebody commits another value while it waits for the row", async () => {
    const writer = await table("raced");
    const holder = new Client({ connectionString: server.address });
    await holder.connect();
    await holder.query("BEGIN; UPDATE raced SET csm_email = 'ana@example.com' WHERE id = 'C-1'");
    const waiting = failureOf(writer.update(asked(kim)));
    await expect.poll(() => valueOf("SELECT count(*)::int FROM pg_locks WHERE NOT granted")).toBe(1);
    await holder.query("COMMIT");
    await holder.end();
    expect((await waiting).cause).toContain("csm_email is ana@example.com, not lee@example.com");
    expect(await valueOf("SELECT csm_email FROM raced")).toBe("ana@example.com");
  });

  it("the step's time is over", async () => {
    const writer = await table("late");
    const over = AbortSignal.abort();
    expect(await failureOf(writer.update({ ...asked(kim), signal: over }))).toMatchObject({ error: "Agent.Timeout" });
    expect(await valueOf("SELECT csm_email FROM late")).toBe("lee@example.com");
  });
});

/** Between us and the server; cuts the line before or after the COMMIT has been passed on. */
async function cutAtCommit(when: "before" | "after"): Promise<{ address: string; heal: () => void }> {
  let isCutting = true;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(server.port, "127.0.0.1");
    for (const socket of [client, upstream]) sockets.add(socket.on("error", () => {}));
    let hasWritten = false;
    let isCommitted = false;
    client.on("data", (data) => {
      // What reads the tables ends with a COMMIT as well.
      hasWritten ||= data.includes("UPDATE ");
      const isCommit = isCutting && hasWritten && data.includes("COMMIT");
      if (isCommit && when === "before") return void client.destroy();
      isCommitted ||= isCommit;
      upstream.write(data);
    });
    upstream.on("data", (data) => void (isCommitted ? client.destroy() : client.write(data)));
    client.on("close", () => upstream.destroy());
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await once(proxy, "close");
  });
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    address: server.address.replace(`:${server.port}/`, `:${address.port}/`),
    heal: () => (isCutting = false),
  };
}

describe("an answer that is lost", () => {
  it.each(["before", "after"] as const)("%s the COMMIT: the next try ends it, and it is written once", async (when) => {
    const name = `lost_${when}`;
    await server.run(`CREATE TABLE ${name} (id text, name text, csm_email text, writes int DEFAULT 0);
      INSERT INTO ${name} VALUES ('C-1', 'A', 'lee@example.com');
      CREATE FUNCTION f_${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.writes := OLD.writes + 1; RETURN NEW; END $$;
      CREATE TRIGGER t BEFORE UPDATE ON ${name} FOR EACH ROW EXECUTE FUNCTION f_${name}()`);
    const stands = () => valueOf(`SELECT csm_email || ' ' || writes FROM ${name}`);
    const { address, heal } = await cutAtCommit(when);
    const writer = open(tableOf(name), { address });
    expect((await failureOf(writer.update(asked(kim)))).error).toBe("Agent.Unavailable");
    await expect.poll(stands).toBe(when === "after" ? "kim@example.com 1" : "lee@example.com 0");
    heal();
    await writer.update(asked(kim));
    expect(await stands()).toBe("kim@example.com 1");
  });

  it("a server that is killed in the middle of it", async () => {
    await server.run(
      `CREATE TABLE killed (id text, name text, csm_email text); INSERT INTO killed VALUES ('C-1', 'A', 'lee@example.com')`,
    );
    const writer = open(tableOf("killed"));
    await writer.update(asked({ ...kim, to: "lee@example.com" }));
    await server.kill();
    const failure = await failureOf(writer.update(asked(kim)));
    expect(failure.error).toBe("Agent.Unavailable");
    expect(failure.cause).not.toContain("s3cret");
    await server.start();
    await writer.update(asked(kim));
    expect(await valueOf("SELECT csm_email FROM killed")).toBe("kim@example.com");
  });
});

it("as the app opens it: what may be written, and what has no column, by revops.yml", async () => {
  await server.run("CREATE TABLE opened (id text, name text, csm text); INSERT INTO opened VALUES ('C-1', 'A', NULL)");
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "revops.yml");
    await writeFile(
      path,
      "crm: { tables: { customers: { table: opened, columns: { csm_email: csm } } }, writable: [csm_email, nps] }",
    );
    const crm = { kind: "postgres", address: server.address } as const;
    const configurationFile = { path, isNamed: true };
    const { writer, lines } = await openCustomerSource({
      crm,
      configurationFile,
      dataFolder: folder,
      timezone: "UTC",
      now: 0,
    });
    expect(lines.at(-1)).toBe("opened has no column for nps, which crm.writable of revops.yml names.");
    if ("refusal" in writer) throw new Error(writer.refusal);
    await writer.update({ ...asked({ ...kim, from: null }), signal });
    expect(await valueOf("SELECT csm FROM opened")).toBe("kim@example.com");
  });
});

it("reading customers stays read-only beside it", async () => {
  await server.run(`CREATE TABLE stays (id text, name text); INSERT INTO stays VALUES ('C-1', 'A');
    CREATE FUNCTION sneaky() RETURNS text LANGUAGE plpgsql AS $$ BEGIN DELETE FROM stays; RETURN 'x'; END $$;
    CREATE VIEW sneaks AS SELECT id, sneaky() AS name FROM stays`);
  const source = createPostgresSource({ address: server.address, mapping: tableOf("sneaks"), tell: () => {} });
  closing.push(() => source.close());
  const failure = await failureOf(source.get({ customerId: "C-1" }));
  expect(failure.cause).toContain("read-only transaction");
  expect(await valueOf("SELECT count(*)::int FROM stays")).toBe(1);
});
