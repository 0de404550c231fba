/** The scene on a database of the user's own: does `/revops run renewal_management` bring the cards that CSV files with the same rows bring? */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { shownTable } from "../../src/agents/crm/postgres/mapping.ts";
import { materialiseSample } from "../../src/agents/crm/sample/sample.ts";
import { foreignMapping, tablesFrom } from "../agents/crm/postgres/csv-tables.ts";
import { startServer, type TestServer } from "../agents/crm/postgres/server.ts";
import { Page } from "../sandbox/sandbox-harness.ts";
import { startAppProcess } from "./app-process.ts";

const patient = { timeout: 60_000, interval: 300 };

let server: TestServer;
let folder = "";

beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "revops-crm-"));
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test("the same rows bring the same cards, and one database gives them all", async () => {
  const day = new Date().toISOString().slice(0, 10);
  const csv = await materialiseSample({ folder: join(folder, "sample"), anchorDate: day });
  await server.run(await tablesFrom(csv));
  const REVOPS_CONFIG = await configuration();
  const fromFiles = await cardsOf({ REVOPS_CONFIG, REVOPS_CRM: `csv:${csv}` });
  const fromDatabase = await cardsOf({ REVOPS_CONFIG, REVOPS_CRM: server.address });
  expect(fromFiles.cards.length).toBeGreaterThanOrEqual(3);
  expect(fromDatabase).toEqual(fromFiles);
});

async function configuration(): Promise<string> {
  const tables = Object.entries(foreignMapping).map(([name, { table, columns }]) => {
    const shown = table === null ? {} : { table: shownTable(table) };
    return [name, Object.keys(columns).length === 0 ? shown : { ...shown, columns }];
  });
  const path = join(folder, "revops.yml");
  const variables = { admin_email: "lead@example.com" };
  const roles = { revops_lead: ["lead@example.com"], operator: ["lead@example.com"] };
  await writeFile(path, stringify({ variables, roles, crm: { tables: Object.fromEntries(tables) } }));
  return path;
}

/** What stands on the cards, and in the batch's message, once everything waits or is done. */
async function cardsOf(environment: Record<string, string>): Promise<{ batch: string[]; cards: string[][] }> {
  const app = await startAppProcess({ environment });
  const page = new Page(app.url);
  expect(await page.say({ text: "/revops run renewal_management" })).toEqual({ ok: true });
  const batch = async () =>
    (await page.messages(await page.channel("revops"))).map(({ blocks }) => textsIn(blocks).join("\n"));
  await expect.poll(async () => (await batch()).join("\n"), patient).toMatch(/wait for approval/);
  const cards = async () => {
    const messages = await page.messages(await page.channel("renewals"));
    return messages.map(({ blocks }) => textsIn(blocks)).filter((texts) => texts.includes("Approve"));
  };
  await expect.poll(async () => settled(await batch(), await cards()), patient).toBe(true);
  const found = { batch: await batch(), cards: (await cards()).toSorted((a, b) => (a.join() < b.join() ? -1 : 1)) };
  expect(app.stderr).toEqual([]);
  await app.stop();
  return found;
}

/** Every one who matches is told of, and whoever waits has a card. */
function settled(batch: readonly string[], cards: readonly unknown[]): boolean {
  const counts = /(\d+) of \d+ customers match\n(\d+) wait for approval · (\d+) with nothing to do/.exec(
    batch.join("\n"),
  );
  const [, matching, waiting, idle] = (counts ?? []).map(Number);
  return waiting !== undefined && idle !== undefined && waiting + idle === matching && cards.length === waiting;
}

/** Every text, without the times of day, which move. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === "text" && typeof inner === "string"
      ? [inner.replaceAll(/<!date\^\d+/g, "<!date").replaceAll(/\d\d:\d\d/g, "…")]
      : textsIn(inner),
  );
}
