/** Does a foreign database give the customers that it holds, whatever its tables look like and however it fails? */
import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openCsvSource } from "../../../../src/agents/crm/csv/csv-source.ts";
import { type DatabaseLimits, defaultLimits } from "../../../../src/agents/crm/postgres/database.ts";
import { type CrmMapping, noMapping } from "../../../../src/agents/crm/postgres/mapping.ts";
import { createPostgresSource, type PostgresSource } from "../../../../src/agents/crm/postgres/postgres-source.ts";
import { materialiseSample } from "../../../../src/agents/crm/sample/sample.ts";
import type { Customer } from "../../../../src/flow/customer.ts";
import { filterOf } from "../../../flow/filter/sample.ts";
import { inTemporaryFolder } from "../../support.ts";
import { foreignMapping, tablesFrom } from "./csv-tables.ts";
import { startServer, type TestServer } from "./server.ts";

let server: TestServer;
const opened: PostgresSource[] = [];
const told: string[] = [];

beforeAll(async () => {
  server = await startServer();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((source) => source.close()));
});

afterAll(async () => {
  await server.stop();
});

function open(
  mapping: CrmMapping = noMapping,
  { address = server.address, ...limits }: Partial<DatabaseLimits> & { address?: string } = {},
): PostgresSource {
  const source = createPostgresSource({
    address,
    mapping,
    limits: { ...defaultLimits, ...limits },
    tell: (line) => told.push(line),
  });
  opened.push(source);
  return source;
}

function customersIn(table: string, columns: Record<string, string> = {}): CrmMapping {
  return { customers: { table: { schema: null, name: table }, columns } };
}

async function allOf(source: PostgresSource, ...filter: Parameters<PostgresSource["all"]>): Promise<Customer[]> {
  const found: Customer[] = [];
  for await (const page of source.all(...filter)) found.push(...page);
  return found;
}

async function causeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no failure",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

describe("the sample in tables of other names and types", () => {
  it("gives the same customers and records as the CSV files", async () => {
    await inTemporaryFolder(async (parent) => {
      const folder = await materialiseSample({ folder: `${parent}/sample`, anchorDate: "2026-11-23" });
      await server.run(await tablesFrom(folder));
      const csv = await openCsvSource({ folder });
      const source = open(foreignMapping);
      expect(await source.check()).toEqual([]);
      const expected: Customer[] = [];
      for await (const page of csv.all()) expected.push(...page);
      expect(expected.length).toBeGreaterThan(10);
      expect(await allOf(source)).toEqual(expected);
      for (const { id: customerId } of expected) {
        expect(await source.get({ customerId })).toEqual(await csv.get({ customerId }));
        expect(sorted(await source.records({ customerId }))).toEqual(sorted(await csv.records({ customerId })));
      }
      expect(await source.find({ text: "  ACME robotics " })).toEqual(await csv.find({ text: "acme robotics" }));
      expect(await source.get({ customerId: "nobody" })).toBeNull();
      expect(await source.records({ customerId: "nobody" })).toEqual(await csv.records({ customerId: "nobody" }));
    });
  });
});

function sorted(records: object): Record<string, unknown> {
  const pairs = Object.entries(records).map(([name, rows]: [string, unknown]) => [
    name,
    Array.isArray(rows) ? rows.map((row) => JSON.stringify(row)).toSorted() : rows,
  ]);
  return Object.fromEntries(pairs);
}

describe("tables that aren't as they should be", () => {
  it("says which table is missing, and the nearest name", async () => {
    await server.run("CREATE TABLE clients (id int, name text)");
    expect(await causeOf(open(customersIn("client")).check())).toBe(
      "The customer database has no table client, or its user may not see it. Did you mean clients? Name the table in revops.yml under crm.tables.customers.table.",
    );
  });

  it("says which column is missing, and the nearest name", async () => {
    await server.run("CREATE TABLE renamed (id int, name text, renewal_dt date)");
    expect(await causeOf(open(customersIn("renamed", { renewal_date: "renewal_date_x" })).check())).toBe(
      "renamed has no column renewal_date_x, which revops.yml names for renewal_date; did you mean renewal_dt? crm.tables.customers.columns.renewal_date in revops.yml names it.",
    );
  });

  it("refuses a column that can never be a date", async () => {
    await server.run("CREATE TABLE mistyped (id int, name text, renewal_date jsonb)");
    expect(await causeOf(open(customersIn("mistyped")).check())).toContain(
      "mistyped.renewal_date, read as renewal_date, is of the type jsonb, which can't be read as a date",
    );
  });

  it("takes a missing table of tickets for a gap", async () => {
    await server.run("CREATE TABLE gaps (id text, name text); INSERT INTO gaps VALUES ('g', 'Gap')");
    const source = open(customersIn("gaps"));
    const lines = await source.check();
    expect(lines[0]).toMatch(/^gaps has no segment, region, .* and champion_status; read as empty/);
    expect(lines).toContainEqual(expect.stringMatching(/has no table tickets, .*; tickets are a gap/));
    expect(await source.records({ customerId: "g" })).toEqual({
      usage: null,
      tickets: null,
      invoices: null,
      contacts: null,
    });
  });

  it.each([
    ["date", "infinity", "renewal_date", '"infinity" is not a date'],
    ["date", "0044-03-15 BC", "renewal_date", '"0044-03-15 BC" is not a date'],
    ["timestamp", "-infinity", "renewal_date", '"-infinity" is not a date'],
    ["text", "31.12.2026", "renewal_date", '"31.12.2026" is not a date'],
    ["numeric", "NaN", "arr", '"NaN" is not a number'],
    ["float8", "Infinity", "arr", '"Infinity" is not a number'],
    ["text", "84,000", "arr", '"84,000" is not a number'],
    ["text", "a@example.com,b@example.com", "csm_email", "is not one mail address"],
    ["int", "7", "auto_renew", '"7" is not true or false'],
    ["timestamptz", "infinity", "created_at", '"infinity" is not a time'],
  ])("a %s that holds %s fails by table, column and id, and stops no firing", async (type, value, field, fault) => {
    const table = `bad_${field}_${type}`;
    await server.run(`DROP TABLE IF EXISTS ${table}; CREATE TABLE ${table} (id text, name text, ${field} ${type});
      INSERT INTO ${table} VALUES ('bad', 'Bad', '${value}'), ('good', 'Good', NULL)`);
    const source = open(customersIn(table));
    const cause = await causeOf(source.get({ customerId: "bad" }));
    expect(cause).toMatch(/^Agent\.InvalidOutput: /);
    expect(cause).toContain(`${table}.${field}, where id "bad": `);
    expect(cause).toContain(fault);
    expect((await allOf(source)).map(({ id }) => id)).toEqual(["good"]);
    expect(told.at(-1)).toMatch(new RegExp(`^${table}\\.${field}, where id "bad": .*; the customer is left out$`));
  });

  it.each([
    ["text", "2026-12-10", { renewal_date: "2026-12-10" }],
    ["timestamp", "2026-12-10 23:59", { renewal_date: "2026-12-10" }],
    ["timestamptz", "2026-12-10 23:59+00", { renewal_date: "2026-12-10" }],
    ["text", "84000.50", { arr: 84_000.5 }],
    ["float4", "0.1", { arr: 0.1 }],
    ["float8", "1e+21", { arr: 1e21 }],
    ["int", "1", { auto_renew: true }],
    ["date", "2026-12-10", { created_at: "2026-12-10T00:00:00Z" }],
    ["timestamp", "2026-12-10 09:30", { created_at: "2026-12-10T09:30:00Z" }],
  ])("a %s that holds %s is read as %o", async (type, value, expected) => {
    const [field] = Object.keys(expected);
    const table = `other_${field}_${type}`;
    await server.run(
      `CREATE TABLE ${table} (id text, name text, ${field} ${type}); INSERT INTO ${table} VALUES ('c', 'C', '${value}')`,
    );
    expect(await open(customersIn(table)).get({ customerId: "c" })).toMatchObject(expected);
  });

  it("finds a customer by a number, and only by the number as it is written", async () => {
    await server.run(
      "CREATE TABLE numbered (id bigint PRIMARY KEY, name text); INSERT INTO numbered VALUES (7, 'Seven')",
    );
    const source = open(customersIn("numbered"));
    expect(await source.get({ customerId: "7" })).toMatchObject({ id: "7", name: "Seven" });
    expect(await source.get({ customerId: "007" })).toBeNull();
    expect(await source.get({ customerId: "acme" })).toBeNull();
    expect(await source.get({ customerId: "99999999999999999999999" })).toBeNull();
  });

  it("runs no SQL that a name holds", async () => {
    const evil = 'x"; DROP TABLE clients; --';
    await server.run(`CREATE TABLE "x""; DROP TABLE clients; --" (id text, name text, "na""me" text);
      INSERT INTO "x""; DROP TABLE clients; --" VALUES ('c', 'C', 'It''s')`);
    const source = open(customersIn(evil, { name: 'na"me' }));
    expect(await source.get({ customerId: "c'; DROP TABLE clients; --" })).toBeNull();
    expect(await source.find({ text: "it's" })).toMatchObject([{ id: "c" }]);
    await server.run("SELECT 1 FROM clients");
  });

  it("writes nothing, even through a view that would", async () => {
    await server.run(`CREATE TABLE witness (at timestamptz);
      CREATE FUNCTION mark() RETURNS text LANGUAGE sql AS $$ INSERT INTO witness VALUES (now()) RETURNING 'c' $$;
      CREATE VIEW writing AS SELECT mark() AS id, 'C' AS name`);
    expect(await causeOf(allOf(open(customersIn("writing"))))).toContain("read-only transaction");
  });
});

describe("many customers", () => {
  const count = 2500;
  beforeAll(() =>
    server.run(`CREATE TABLE many (id text PRIMARY KEY, name text, arr numeric, renewal_date date, region text);
      INSERT INTO many SELECT 'c' || n, 'Customer ' || n, n, date '2026-12-01' + n, ' EMEA ' FROM generate_series(1, ${count}) n`),
  );

  it("come once each, in pages, in the order of their ids", async () => {
    const source = open(customersIn("many"));
    const pages: number[] = [];
    const ids: string[] = [];
    for await (const page of source.all()) {
      pages.push(page.length);
      ids.push(...page.map(({ id }) => id));
    }
    expect(pages).toEqual([1000, 1000, 500]);
    expect(ids).toEqual(Array.from({ length: count }, (_, n) => `c${n + 1}`).toSorted());
    expect(await source.count()).toBe(count);
  });

  it("are narrowed by what can be asked, and by no more", async () => {
    const source = open(customersIn("many"));
    const filter = filterOf(
      "customer.renewal_date between current_date and current_date + interval '30 days' and customer.region = 'EMEA' and upper(customer.name) like 'CUSTOMER%'",
    );
    const hint = { filter, now: Date.parse("2026-12-02T06:00:00Z"), timezone: "America/New_York" };
    expect(await source.pushedDown(hint)).toEqual([true, true, false]);
    const narrowed = await allOf(source, { hint });
    const matching = (await allOf(source)).filter((customer) => filter.matches({ ...hint, customer }));
    expect(matching.length).toBe(31);
    expect(narrowed.filter((customer) => filter.matches({ ...hint, customer }))).toEqual(matching);
    expect(narrowed.length).toBeLessThan(40);
  });

  it("are narrowed by letters of any case, where the server can't see them otherwise", async () => {
    await server.run(`CREATE TABLE letters (id text, name text, segment text);
      INSERT INTO letters SELECT 'u' || n, 'U', 'a' || chr(n) || 'k' FROM generate_series(33, 8500) n
        WHERE n < 700 OR n > 8480;
      INSERT INTO letters SELECT 'w' || n, 'U', upper('a' || chr(n) || 'k') FROM generate_series(33, 8500) n
        WHERE n < 700 OR n > 8480`);
    const source = open(customersIn("letters"));
    const everybody = await allOf(source);
    const now = Date.parse("2026-12-02T06:00:00Z");
    for (const [text, isAsked] of [
      ["aik", true],
      ["akk", true],
      ["a''k", true],
      ["a\\k", true],
      ["a%k", true],
      ["aék", false],
      ["AIK", true],
    ] as const) {
      const filter = filterOf(`lower(customer.segment) = '${text}'`);
      const hint = { filter, now, timezone: "UTC" };
      expect(await source.pushedDown(hint)).toEqual([isAsked]);
      const narrowed = await allOf(source, { hint });
      const matching = everybody.filter((customer) => filter.matches({ ...hint, customer }));
      expect(narrowed.filter((customer) => filter.matches({ ...hint, customer }))).toEqual(matching);
      expect(matching.length > 0).toBe(text !== "AIK");
      expect(narrowed.length).toBe(isAsked ? matching.length : everybody.length);
    }
    const filter = filterOf("not lower(customer.segment) = 'aik'");
    expect(await source.pushedDown({ filter, now, timezone: "UTC" })).toEqual([false]);
  });

  it("are all seen where the server can't calculate what the filter asks", async () => {
    await server.run(`CREATE TABLE endless (id text, name text, renewal_date date);
      INSERT INTO endless VALUES ('a', 'A', 'infinity'), ('b', 'B', '2026-12-10')`);
    const filter = filterOf("customer.renewal_date - current_date < 30");
    const hint = { filter, now: Date.parse("2026-12-02T06:00:00Z"), timezone: "UTC" };
    const source = open(customersIn("endless"));
    expect(await source.pushedDown(hint)).toEqual([true]);
    expect((await allOf(source, { hint })).map(({ id }) => id)).toEqual(["b"]);
  });
});

describe("a database in trouble", () => {
  it("is too slow: a timeout, which is tried again", async () => {
    await server.run("CREATE VIEW slow AS SELECT 'c' AS id, 'C' || pg_sleep(20) AS name");
    const source = open(customersIn("slow"), { statementTimeoutMs: 200 });
    expect(await causeOf(source.get({ customerId: "c" }))).toBe(
      "Agent.Timeout: The customer database took too long while reading slow.",
    );
  });

  it("is told to stop: the step's time is over", async () => {
    const source = open(customersIn("slow"));
    await source.check();
    const asked = causeOf(source.get({ customerId: "c", signal: AbortSignal.timeout(100) }));
    expect(await asked).toBe("Agent.Timeout: There was no time left while reading slow.");
  });

  it("vanishes and comes back", async () => {
    const source = open(customersIn("clients"));
    await source.check();
    await server.kill();
    const cause = await causeOf(source.get({ customerId: "1" }));
    expect(cause).toMatch(/^Agent\.Unavailable: The customer database can't be reached while reading clients: /);
    await server.start();
    expect(await source.get({ customerId: "1" })).toBeNull();
  });

  it("takes the connection and says nothing", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const at = silent.address();
    const port = typeof at === "object" ? at?.port : 0;
    const address = `postgres://u:s3cret-w0rd@127.0.0.1:${port}/x`;
    const cause = await causeOf(open(noMapping, { address, connectTimeoutMs: 200 }).check());
    expect(cause).toMatch(/^Agent\.Timeout: The customer database took too long/);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it("is renamed under our hands: the next question looks again", async () => {
    await server.run("CREATE TABLE moving (id text, name text, arr int); INSERT INTO moving VALUES ('c', 'C', 1)");
    const source = open(customersIn("moving"));
    expect(await source.get({ customerId: "c" })).toMatchObject({ arr: 1 });
    await server.run("ALTER TABLE moving DROP COLUMN arr");
    expect(await causeOf(source.get({ customerId: "c" }))).toMatch(/^Agent\.Unavailable: .*\(42703\)/);
    expect(await source.get({ customerId: "c" })).toMatchObject({ arr: null });
  });

  it.each([
    ["a wrong password", (url: URL) => (url.username = "nobody-here")],
    ["no such database", (url: URL) => (url.pathname = "/nowhere")],
    ["a port where nothing listens", (url: URL) => (url.port = "1")],
    ["TLS that the server doesn't have", (url: URL) => (url.search = "?sslmode=require&uselibpqcompat=true")],
  ])("with %s no secret is told", async (_, change) => {
    const url = new URL(server.address);
    change(url);
    const error: unknown = await open(noMapping, { address: url.href })
      .check()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    const everything =
      error instanceof Error ? `${error.message}${error.stack}${JSON.stringify(error)}${String(error.cause)}` : "";
    expect(everything).toMatch(/Agent\.Unavailable/);
    expect(everything).not.toContain("s3cret");
  });
});
