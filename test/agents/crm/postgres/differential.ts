/**
 * The filter's evaluator beside a real PostgreSQL: random predicates over random customers, at instants and in zones of every
 * kind. Also the part that is pushed down: nobody who matches may be left out by it.
 */
import { Client } from "pg";
import { noMapping } from "../../../../src/agents/crm/postgres/mapping.ts";
import { createPostgresSource } from "../../../../src/agents/crm/postgres/postgres-source.ts";
import type { Customer } from "../../../../src/flow/customer.ts";
import { compileFilter } from "../../../../src/flow/filter.ts";
import { localDate } from "../../../../src/flow/zone.ts";
import { customerWith } from "../../support.ts";
import { days, oneOf, predicate, type Random, randomFrom, texts } from "./random-predicate.ts";
import type { TestServer } from "./server.ts";

export interface Findings {
  /** Predicates that both have answered, each for all rows. */
  predicates: number;
  /** Answers that were compared. */
  answers: number;
  /** What our checker doesn't take, and says so. */
  refused: Map<string, number>;
  /** Predicates of which the server narrows by some part. */
  pushedDown: number;
  differences: string[];
  /** Where the server's time zone database is another one than ours. */
  zonesLeftOut: string[];
}

const rowCount = 30;
const zones = [
  "UTC",
  "America/New_York",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "America/Sao_Paulo",
  "Pacific/Apia",
  "Europe/Dublin",
  "America/St_Johns",
  "Africa/Casablanca",
  "Pacific/Chatham",
  "Africa/Cairo",
  "Asia/Tehran",
  "America/Santiago",
];

export async function compare(
  server: TestServer,
  { rounds, perRound, seed }: { rounds: number; perRound: number; seed: number },
): Promise<Findings> {
  const findings: Findings = {
    predicates: 0,
    answers: 0,
    refused: new Map(),
    pushedDown: 0,
    differences: [],
    zonesLeftOut: [],
  };
  const client = new Client({ connectionString: server.address });
  await client.connect();
  await client.query("CREATE SCHEMA IF NOT EXISTS clock");
  try {
    const shared = await sharedZones(client);
    findings.zonesLeftOut.push(...zones.filter((zone) => !shared.includes(zone)));
    for (let round = 0; round < rounds; round++) {
      const random = randomFrom(seed + round);
      await compareRound({ server, client, random, timezone: oneOf(random, shared), perRound, findings });
    }
  } finally {
    await client.end();
  }
  return findings;
}

interface Round {
  server: TestServer;
  client: Client;
  random: Random;
  timezone: string;
  perRound: number;
  findings: Findings;
}

/** Governments change their clocks, and the two databases are of different days. */
async function sharedZones(client: Client): Promise<string[]> {
  const instants = Array.from(
    { length: 52 * 30 },
    (_, week) => Date.parse("2005-01-01T00:30:00Z") + week * 7 * 86_400_000,
  );
  const found: string[] = [];
  for (const timezone of zones) {
    const { rows } = await client.query<{ hours: string }>(
      `SELECT to_char(at AT TIME ZONE $1, 'DD HH24:MI') AS hours FROM unnest($2::timestamptz[]) AS at`,
      [timezone, instants.map((at) => new Date(at).toISOString())],
    );
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone: timezone,
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    });
    if (rows.every(({ hours }, index) => hours === format.format(instants[index]).replace(", ", " ")))
      found.push(timezone);
  }
  return found;
}

async function compareRound({ server, client, random, timezone, perRound, findings }: Round): Promise<void> {
  const now = Date.parse(`${oneOf(random, days)}T00:00:00Z`) + Math.floor(random() * 48 * 60 - 12 * 60) * 60_000;
  const customers = Array.from({ length: rowCount }, (_, index) => randomCustomer(random, index));
  await client.query(`DROP TABLE IF EXISTS public.customers; ${tableOf(customers)};
    CREATE OR REPLACE FUNCTION clock.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT timestamptz '${new Date(now).toISOString()}' $$;
    SET search_path = clock, public, pg_catalog; SET TimeZone = '${timezone}'`);
  const today = localDate({ at: now, timezone });
  const source = createPostgresSource({
    address: server.address,
    mapping: noMapping,
    tell: (line) => findings.differences.push(line),
  });
  for (let index = 0; index < perRound; index++) {
    const text = predicate(random);
    const compiled = compileFilter({ predicates: [text] });
    if (!compiled.ok) {
      const reason = compiled.problems[0]?.message.replaceAll(/'[^']*'|[\d.]+/g, "…") ?? "";
      findings.refused.set(reason, (findings.refused.get(reason) ?? 0) + 1);
      continue;
    }
    const { filter } = compiled;
    const at = `at ${new Date(now).toISOString()} in ${timezone}: ${text}`;
    const theirs = await answersOf(
      client,
      text.replaceAll("current_date", `(date '${today}')`).replaceAll("current_timestamp", "now()"),
    );
    const ours = customers.map((customer) =>
      letter(filter.explain({ customer, now, timezone }).map(({ value }) => value)),
    );
    findings.predicates++;
    findings.answers += rowCount;
    customers.forEach((customer, row) => {
      if (theirs[row] === ours[row]) return;
      findings.differences.push(
        `${at}\n  ours ${ours[row]}, theirs ${theirs[row]}, of ${JSON.stringify(known(customer))}`,
      );
    });
    const hint = { filter, now, timezone };
    if (!(await source.pushedDown(hint)).includes(true)) continue;
    findings.pushedDown++;
    const asked = new Set<string>();
    for await (const page of source.all({ hint })) for (const { id } of page) asked.add(id);
    const lost = customers.filter((customer) => filter.matches({ ...hint, customer }) && !asked.has(customer.id));
    for (const customer of lost) findings.differences.push(`lost ${at}\n  ${JSON.stringify(known(customer))}`);
  }
  await source.close();
}

/** A letter a row: t, f or n(ull). */
async function answersOf(client: Client, sql: string): Promise<string> {
  try {
    const { rows } = await client.query<{ answers: string }>(
      `SELECT string_agg(CASE WHEN value THEN 't' WHEN NOT value THEN 'f' ELSE 'n' END, '' ORDER BY id) AS answers
        FROM (SELECT id, (${sql}) AS value FROM public.customers AS customer) AS valued`,
    );
    return rows[0]?.answers ?? "";
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)} `.padEnd(rowCount, "?");
  }
}

/** The conditions joined by AND. */
function letter(values: readonly (boolean | null)[]): string {
  return values.includes(false) ? "f" : values.includes(null) ? "n" : "t";
}

function known(customer: Customer): object {
  return Object.fromEntries(Object.entries(customer).filter(([, value]) => value !== null));
}

function randomCustomer(random: Random, index: number): Customer {
  const maybe = <T>(value: T): T | null => (random() < 0.2 ? null : value);
  const day = () => {
    if (random() < 0.6) return oneOf(random, days);
    return new Date(Date.parse("2015-01-01") + Math.floor(random() * 5500) * 86_400_000).toISOString().slice(0, 10);
  };
  const instant = () => {
    const at = Date.parse(day()) + Math.floor(random() * 48 * 4 - 48) * 15 * 60_000;
    return random() < 0.2 ? new Date(at).toISOString().replace("Z", "456Z") : new Date(at).toISOString();
  };
  const number = () => oneOf(random, [0, 1, 7, 0.1, 0.2, 0.3, 12, -5, 99.99, 100_000, 2.5]);
  return customerWith({
    id: `c${String(index).padStart(2, "0")}`,
    name: oneOf(random, texts),
    segment: maybe(oneOf(random, texts)),
    region: maybe(oneOf(random, texts)),
    status: maybe(oneOf(random, texts)),
    arr: maybe(Math.abs(number())),
    seats: maybe(Math.floor(random() * 20)),
    nps: maybe(oneOf(random, [-5, 0, 0.1, 0.3, 7, 12, 99.99])),
    term_months: maybe(oneOf(random, [0, 1, 7, 12])),
    auto_renew: maybe(random() < 0.5),
    contract_start: maybe(day()),
    renewal_date: maybe(day()),
    notice_date: maybe(day()),
    created_at: maybe(instant()),
  });
}

const columnTypes: Readonly<Partial<Record<keyof Customer, string>>> = {
  arr: "numeric",
  seats: "numeric",
  nps: "numeric",
  term_months: "numeric",
  auto_renew: "boolean",
  contract_start: "date",
  renewal_date: "date",
  notice_date: "date",
  created_at: "timestamptz",
};

function tableOf(customers: readonly Customer[]): string {
  const names = Object.keys(customerWith());
  const types = new Map<string, string>(Object.entries(columnTypes));
  const columns = names.map((name) => `${name} ${types.get(name) ?? "text"}`).join(", ");
  const rows = customers.map((customer) => {
    const values = new Map(Object.entries(customer));
    return `(${names.map((name) => literal(values.get(name))).join(", ")})`;
  });
  return `CREATE TABLE public.customers (${columns}); INSERT INTO public.customers VALUES ${rows.join(", ")}`;
}

function literal(value: string | number | boolean | null | undefined): string {
  return value === null || value === undefined ? "NULL" : `'${String(value).replaceAll("'", "''")}'`;
}
