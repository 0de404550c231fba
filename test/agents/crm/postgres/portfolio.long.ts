/** Does a manager's book of thirty cost thirty customers, and not the hundred thousand around them? */
import { afterAll, beforeAll, expect, it } from "vitest";
import { noMapping } from "../../../../src/agents/crm/postgres/mapping.ts";
import { createPostgresSource, type PostgresSource } from "../../../../src/agents/crm/postgres/postgres-source.ts";
import { Portfolio } from "../../../../src/agents/local/data/portfolio.ts";
import { createLocalAgents } from "../../../../src/agents/local/local-agents.ts";
import { echoTemplates, requestFor } from "../../support.ts";
import { startServer, type TestServer } from "./server.ts";

let server: TestServer;
let source: PostgresSource;

beforeAll(async () => {
  server = await startServer();
  await server.run(`CREATE TABLE customers (id text PRIMARY KEY, name text, account_manager_email text, arr int, renewal_date date);
    INSERT INTO customers SELECT 'C-' || n, 'Customer ' || n,
      CASE WHEN n % 3333 = 0 THEN (ARRAY[' O''Neil@Example.com', 'o''neil@example.com', 'O''NEIL@EXAMPLE.COM '])[n / 3333 % 3 + 1]
        ELSE 'manager' || n % 500 || '@example.com' END, 1000, '2026-12-01'::date + n % 365
      FROM generate_series(1, 100000) n`);
  source = createPostgresSource({ address: server.address, mapping: noMapping, tell: () => {} });
});

afterAll(async () => {
  await source.close();
  await server.stop();
});

it("reads the book alone, however its addresses are written", async () => {
  let read = 0;
  const counted = {
    ...source,
    all: async function* (asked: Parameters<PostgresSource["all"]>[0]) {
      for await (const page of source.all(asked)) {
        read += page.length;
        yield page;
      }
    },
  };
  const { data_agent } = createLocalAgents({ source: counted, templates: echoTemplates }).agents;
  const parameters = { account_manager_email: "O'Neil@example.com", limit: 10 };
  const { output } = await data_agent.invoke(requestFor("get_portfolio", { parameters }));
  expect(Portfolio.parse(output)).toMatchObject({ total: 30, is_complete: false, value: [{ arr: 30_000 }] });
  expect(read).toBe(30);
});
