/** Simulations in a thread of their own: does the app go on meanwhile, what ends one early, and how long takes a quarter over 1,000? */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { customersTable, ticketsTable, usageTable } from "../../src/agents/crm/csv/table.ts";
import { systemRandomness } from "../../src/app/app-clock.ts";
import { noConfiguration } from "../../src/app/configuration.ts";
import { crmWriting } from "../../src/app/crm-writing.ts";
import { runSimulation, type SimulationRequest } from "../../src/app/simulation/open-simulation.ts";
import { WorkerSimulations } from "../../src/app/simulation/simulations.ts";
import { startSandboxApp } from "../../src/app/sandbox-app.ts";
import { readSettings, type Settings } from "../../src/app/settings.ts";
import { actionCatalogue } from "../../src/cli/known-flows.ts";
import { loadFlowFolders } from "../../src/flow/registry.ts";
import { readPeriod } from "../../src/simulation/period.ts";
import { later, leadId, Page, temporaryFolder } from "../sandbox/sandbox-harness.ts";

const now = Date.parse("2026-10-01T00:00:00Z");
const dayMs = 86_400_000;

function csv(columns: object, rows: Record<string, string | number>[]): string {
  const names = Object.keys(columns);
  const lines = rows.map((row) => names.map((name) => row[name] ?? "").join(","));
  return [names.join(","), ...lines, ""].join("\n");
}

function day(offset: number): string {
  return new Date(now + offset * dayMs).toISOString().slice(0, 10);
}

/** Renewals over the whole year, every fifth with usage that falls, every third with an urgent ticket. */
async function book(count: number): Promise<Settings> {
  const folder = await temporaryFolder();
  const ids = Array.from({ length: count }, (_, index) => index);
  const customers = ids.map((index) => ({
    id: `c-${index}`,
    name: `Customer ${index}`,
    timezone: "Europe/Berlin",
    account_manager_email: `manager-${index % 20}@example.com`,
    arr: 1_000 + index * 37,
    currency: "EUR",
    renewal_date: day((index * 7) % 365),
    seats: 50 + (index % 100),
    nps: ((index * 13) % 100) - 30,
    champion_status: ["active", "left", "unknown"][index % 3] ?? "",
  }));
  const usage = ids.flatMap((index) =>
    ["2026-07", "2026-08", "2026-09"].map((month, at) => ({
      customer_id: `c-${index}`,
      month,
      active_users: Math.round((50 + (index % 100)) * (0.8 - at * (index % 5) * 0.1)),
      events: 1_000,
    })),
  );
  const urgent = ids.filter((index) => index % 3 === 0);
  const tickets = urgent.map((index) => ({
    customer_id: `c-${index}`,
    id: `t-${index}`,
    opened_at: "2026-09-20",
    priority: "urgent",
    subject: "It fails",
  }));
  await writeFile(join(folder, "customers.csv"), csv(customersTable.columns, customers));
  await writeFile(join(folder, "usage.csv"), csv({ customer_id: null, ...usageTable.columns }, usage));
  await writeFile(join(folder, "tickets.csv"), csv({ customer_id: null, ...ticketsTable.columns }, tickets));
  const read = readSettings({
    REVOPS_STATE: `sqlite:${join(folder, "data/revops.db")}`,
    REVOPS_CRM: `csv:${folder}`,
    REVOPS_FLOWS: "flows",
    REVOPS_TIMEZONE: "Europe/Berlin",
  });
  if (!read.ok) throw new Error(read.problems.join("\n"));
  return read.settings;
}

async function renewals(settings: Settings, text: string): Promise<SimulationRequest> {
  const variables = { admin_email: "revops@example.com" };
  const files = ["flows/standard/renewal_management.yml"];
  const { flows } = await loadFlowFolders({
    folders: [],
    files,
    catalogue: await actionCatalogue(crmWriting(settings.crm, noConfiguration)),
    variables,
  });
  const read = readPeriod({ text, now, timezone: settings.timezone });
  const [first] = flows;
  if (!read.ok || first === undefined) throw new Error("no period or no flow");
  const { definition } = first;
  return { settings, now, definition, flows: [], period: read.period, assumed: "approve", customer: null };
}

it("takes less than a minute of a processor for a quarter over 1,000 customers", async () => {
  const request = await renewals(await book(1_000), "2026-Q4");
  const before = process.cpuUsage();
  const report = await runSimulation(request, {});
  const { user, system } = process.cpuUsage(before);
  expect(report).toMatchObject({ customers: 1_000, stoppedAt: null });
  expect(report.firings).toHaveLength(92);
  expect(report.executions.started).toBeGreaterThan(5_000);
  expect(report.effects.length).toBeGreaterThan(100);
  expect((user + system) / 1e6).toBeLessThan(60);
});

async function opened(count: number) {
  const settings = await book(count);
  const request = await renewals(settings, "90d");
  const { definition } = request;
  const flows = { all: () => [{ definition, file: null }], get: () => definition };
  const clock = { now: () => now, at: () => () => {} };
  const simulations = new WorkerSimulations({ settings, flows, clock, randomness: systemRandomness });
  const { period, assumed } = request;
  const asked = { definition, period, assumed, customer: null, signal: new AbortController().signal };
  return { simulations, asked: { ...asked, onProgress: (_done: number) => {} } };
}

describe("in a thread", () => {
  it("a simulation says how far it is, keeps its report, and takes no other beside it", async () => {
    const { simulations, asked } = await opened(100);
    const told: number[] = [];
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    const { id, report } = simulations.start({ ...asked, onProgress: (done) => told.push(done) });
    expect(() => simulations.start(asked)).toThrow("A simulation of renewal_management is running");
    const found = await report;
    delay.disable();
    expect(found.executions.started).toBeGreaterThan(100);
    expect(simulations.find({ id })).toEqual(found);
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual(told.toSorted((one, other) => one - other));
    // What Slack waits.
    expect(delay.max / 1e6).toBeLessThan(3_000);
    await expect(simulations.start({ ...asked, customer: "nobody" }).report).rejects.toThrow(
      "There is no customer nobody.",
    );
  });

  it("a simulation is given up when the app stops", async () => {
    const { simulations, asked } = await opened(1_000);
    const stop = new AbortController();
    const { report } = simulations.start({ ...asked, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(report).rejects.toThrow("The simulation was given up: the app is stopping.");
    // Nor is another one begun then; and the first is no longer in its way.
    const late = simulations.start({ ...asked, signal: stop.signal }).report;
    await expect(late).rejects.toThrow("The simulation was given up");
  });
});

it("in the sandbox a person gets one message, its calendar and the list", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "flows"));
  const read = readSettings({ PORT: "0", REVOPS_STATE: `sqlite:${join(folder, "revops.db")}`, REVOPS_FLOWS: "flows" });
  if (!read.ok) throw new Error(read.problems.join("\n"));
  const app = await startSandboxApp({
    settings: read.settings,
    logger: pino({ level: "silent" }),
    leaseLost: () => {},
  });
  later(() => app.stop());
  const page = new Page(app.url);
  await page.say({ text: "/revops simulate renewal_management 30d" });
  const patient = { timeout: 120_000, interval: 500 };
  await expect
    .poll(async () => JSON.stringify(await page.messages(await page.direct(leadId), leadId)), patient)
    .toMatch(/would be sent[^]*simulated day by day/);
});
