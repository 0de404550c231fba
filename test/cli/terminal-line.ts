/** Lines of the terminal in a folder of their own: three customers, two flows, a store, and an app that can be let run on it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import { customersTable } from "../../src/agents/crm/csv/table.ts";
import { openCsvSource } from "../../src/agents/crm/csv/csv-source.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { loadFlowFolders } from "../../src/flow/registry.ts";
import { loadTemplates } from "../../src/notify/templates/templates.ts";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import { startHarness, type Harness } from "../engine/harness.ts";
import { VirtualClock } from "../engine/virtual-clock.ts";

const rows = [
  {
    id: "acme",
    name: "Acme Robotics",
    segment: "enterprise",
    region: "AMER",
    account_manager_email: "dana@example.com",
  },
  { id: "beta", name: "Beta Health", segment: "mid-market", region: "EMEA", account_manager_email: "lead@example.com" },
  {
    id: "gamma",
    name: "Gamma Foods",
    segment: "mid-market",
    region: "EMEA",
    account_manager_email: "dana@example.com",
  },
];
const terms = [
  { arr: "84000", currency: "USD", renewal_date: "2026-12-17", nps: "" },
  { arr: "41000", currency: "EUR", renewal_date: "2027-03-01", nps: "12" },
  { arr: "9600", currency: "EUR", renewal_date: "2026-12-05", nps: "-3" },
];

/** With every column that there is. */
function customersCsv(): string {
  const columns = Object.keys(customersTable.columns);
  const lines = rows.map((row, index) => {
    const cells = new Map<string, string>(Object.entries({ ...row, ...terms[index] }));
    return columns.map((column) => cells.get(column) ?? "").join(",");
  });
  return [columns.join(","), ...lines, ""].join("\n");
}

const review = `flow_id: review
version: "1.0"
description: A review before the renewal
input:
  note: { type: string, default: "none" }
trigger:
  type: schedule
  schedule: cron(0 9 ? * MON-FRI *)
  timezone: Europe/Berlin
  filter: ["customer.arr > 10000", "customer.nps > 0 or customer.renewal_date < date '2027-01-01'"]
steps:
  - { id: retrieve_customer_data, agent: data_agent, action: retrieve_customer_data }
  - { id: approve, type: approval, approvers: [role:revops_lead], depends_on: [retrieve_customer_data], timeout: P3D }
  - id: tell
    agent: execution_agent
    action: send_slack_message
    depends_on: [approve]
    parameters: { to: "#general", text: "\${customer.name}: \${input.note}" }
`;

const meet = `flow_id: meet
version: "1.0"
input:
  at: { type: string, required: true }
trigger: { type: manual }
steps:
  - { id: until_then, type: wait, until: "\${input.at}" }
`;

export interface Line {
  code: number;
  out: string;
  err: string;
}

export interface Running {
  engine: Engine;
  harness: Harness;
}

export interface Sitting {
  folder: string;
  environment: Record<string, string>;
  /** With the words as a shell would give them. */
  line: (...args: string[]) => Promise<Line>;
  /** Somebody sits there and types this when asked. */
  asked: (answer: string, ...args: string[]) => Promise<Line>;
  json: (...args: string[]) => Promise<unknown>;
  /** An app that takes up whatever is there, on the same store; `work` ends with all quiet, and the app stops. */
  app: <T>(work?: (running: Running) => Promise<T>) => Promise<T | undefined>;
  close(): Promise<void>;
}

export async function sitDown(): Promise<Sitting> {
  const folder = await mkdtemp(join(tmpdir(), "terminal-"));
  await mkdir(join(folder, "crm"));
  await mkdir(join(folder, "flows"));
  await writeFile(join(folder, "crm/customers.csv"), customersCsv());
  await writeFile(join(folder, "flows/review.yml"), review);
  await writeFile(join(folder, "flows/meet.yml"), meet);
  const environment = {
    REVOPS_STATE: `sqlite:${join(folder, "data/revops.db")}`,
    REVOPS_FLOWS: join(folder, "flows"),
    REVOPS_CRM: `csv:${join(folder, "crm")}`,
    REVOPS_CONFIG: join(folder, "revops.yml"),
  };
  await writeFile(join(folder, "revops.yml"), "roles: { revops_lead: [lead@example.com] }\n");
  const line = (...args: string[]) => oneLine({ args, environment, answer: null });
  return {
    folder,
    environment,
    line,
    asked: (answer, ...args) => oneLine({ args, environment, answer }),
    json: async (...args) => {
      const { out } = await line(...args, "--json");
      return JSON.parse(out) as unknown;
    },
    app: (work) => runApp(folder, work),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

export async function oneLine(parameters: {
  args: string[];
  environment: Record<string, string>;
  /** Null: nobody can be asked. */
  answer: string | null;
  hasColours?: boolean;
}): Promise<Line> {
  const { args, environment, answer, hasColours = false } = parameters;
  const said = { out: "", err: "" };
  const terminal: Terminal = {
    environment,
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
    isInteractive: answer !== null,
    hasColours,
    ask: (question) => {
      said.err += question;
      return Promise.resolve(answer ?? "");
    },
  };
  return { code: await runCli({ args, terminal }), ...said };
}

async function runApp<T>(folder: string, work?: (running: Running) => Promise<T>): Promise<T | undefined> {
  const source = await openCsvSource({ folder: join(folder, "crm") });
  const { agents } = createLocalAgents({ source, templates: await loadTemplates() });
  const catalogue = Object.values(agents).flatMap((agent) => agent.actions);
  const { flows } = await loadFlowFolders({ folders: [join(folder, "flows")], catalogue, variables: {} });
  const store = await openSqliteStateStore({ path: join(folder, "data/revops.db") });
  const known = await Promise.all(["acme", "beta", "gamma"].map((customerId) => source.get({ customerId })));
  const harness = await startHarness({
    flows: flows.map(({ definition }) => definition),
    customers: known.filter((customer) => customer !== null),
    agents,
    store,
    // The terminal's own clock is the machine's.
    clock: new VirtualClock(Date.now() + 1),
  });
  try {
    await harness.engine.idle();
    const result = await work?.({ engine: harness.engine, harness });
    await harness.engine.idle();
    return result;
  } finally {
    await harness.engine.stop({ graceMs: 0 });
    await store.close();
  }
}

/** In every zone and at every time of day. */
export function masked(text: string): string {
  return text
    .replaceAll(/\b[0-9a-z]{9}-[0-9a-f]{12}\b/g, "ID")
    .replaceAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?/g, "TIME")
    .replaceAll(/\b\d+(?:\.\d+)? (?:ms|s)\b/g, "LENGTH");
}

/** As `column -t` would leave it: widths change with the masks. */
export function rowsOf(text: string): string[] {
  return masked(text)
    .trimEnd()
    .split("\n")
    .map((row) => row.replaceAll(/ {2,}/g, " | "));
}

/** Gives the execution's id. */
export async function startBy(sitting: Sitting, ...args: string[]): Promise<string> {
  return z.object({ execution_id: z.string() }).parse(await sitting.json("run", ...args)).execution_id;
}
