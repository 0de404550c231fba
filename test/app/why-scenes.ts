/**
 * Executions of docs/why.md's flow behind its questions: on a store of their own, driven by the app's engine on a clock that stands on a
 * Monday, among three people. What they come to is read by the terminal, as a user would.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { customersTable } from "../../src/agents/crm/csv/table.ts";
import { openCsvSource } from "../../src/agents/crm/csv/csv-source.ts";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import { contactRules } from "../../src/app/contact-rules.ts";
import { parseConfiguration } from "../../src/app/configuration.ts";
import type { Person } from "../../src/flow/person.ts";
import { loadFlowFolders } from "../../src/flow/registry.ts";
import { loadTemplates } from "../../src/notify/templates/templates.ts";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import { oneLine } from "../cli/terminal-line.ts";
import { startHarness, type Harness } from "../engine/harness.ts";
import { blocks, text } from "./page.ts";
import { VirtualClock } from "../engine/virtual-clock.ts";
import { dana, lead, outsider, World, type Fault } from "../engine/world.ts";

const monday = Date.parse("2026-11-23T09:00:00Z");
const hour = 3_600_000;

/** The page's own. */
const [flow = ""] = blocks(await text("docs/why.md")).flatMap(({ kind, body }) => (kind === "yaml" ? [body] : []));

const orphan = `flow_id: csm_call
version: "1.0"
trigger: { type: manual }
steps:
  - { id: ask, type: approval, approvers: ["\${customer.csm_email}"], timeout: P3D }
  - id: tell
    agent: execution_agent
    action: send_email
    depends_on: [ask]
    parameters: { to: "\${customer.csm_email}", subject: "Call \${customer.name}", text: Little use. }
`;

/** Missing cells are empty. */
const customers = ["acme", "beta", "gamma", "delta"].map((id, index) => ({
  id,
  name: ["Acme Robotics", "Beta Health", "Gamma Foods", "Delta Freight"][index] ?? id,
  account_manager_email: dana.email,
  arr: String([84_000, 41_000, 9_600, 30_000][index]),
  renewal_date: ["2026-12-17", "2027-03-01", "2026-12-05", ""][index] ?? "",
}));

const quiet = `people: { quiet_hours: { from: "18:00", to: "08:00" } }
limits: { contacts: { per_person_per_week: 1 } }
`;

export interface Scenes {
  /** By its name on the page. */
  executions: ReadonlyMap<string, string>;
  /** What people were told whose click changed nothing. */
  refusals: readonly string[];
  line(args: readonly string[]): ReturnType<typeof oneLine>;
  close(): Promise<void>;
}

export async function playScenes(): Promise<Scenes> {
  const folder = await mkdtemp(join(tmpdir(), "why-"));
  await mkdir(join(folder, "crm"));
  await mkdir(join(folder, "flows"));
  const columns = Object.keys(customersTable.columns);
  const rows = customers.map((row) =>
    columns.map((column) => new Map(Object.entries(row)).get(column) ?? "").join(","),
  );
  await writeFile(join(folder, "crm/customers.csv"), `${[columns.join(","), ...rows].join("\n")}\n`);
  await writeFile(join(folder, "flows/usage_call.yml"), flow);
  await writeFile(join(folder, "flows/csm_call.yml"), orphan);
  const { executions, refusals } = await play(folder);
  await writeFile(join(folder, "flows/usage_call.yml"), flow.replace('"1.0"', '"1.1"'));
  await writeFile(
    join(folder, "flows/typo.yml"),
    flow.replaceAll("usage_call", "typo").replace("customer.arr >= 1", "customer.ar >= 1"),
  );
  const environment = {
    REVOPS_STATE: `sqlite:${join(folder, "revops.db")}`,
    REVOPS_FLOWS: join(folder, "flows"),
    REVOPS_CRM: `csv:${join(folder, "crm")}`,
    REVOPS_CONFIG: join(folder, "revops.yml"),
  };
  await writeFile(join(folder, "revops.yml"), "roles: { revops_lead: [lead@example.com] }\n");
  return {
    executions,
    refusals,
    line: (args) =>
      oneLine({ args: args.map((arg) => arg.replace(/^flows\//, `${folder}/flows/`)), environment, answer: null }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

type Played = Pick<Scenes, "executions" | "refusals">;

async function play(folder: string): Promise<Played> {
  const source = await openCsvSource({ folder: join(folder, "crm") });
  const { agents } = createLocalAgents({ source, templates: await loadTemplates() });
  const catalogue = Object.values(agents).flatMap((agent) => agent.actions);
  const { flows } = await loadFlowFolders({ folders: [join(folder, "flows")], catalogue, variables: {} });
  const known = await Promise.all(customers.map(({ id }) => source.get({ customerId: id })));
  const store = await openSqliteStateStore({ path: join(folder, "revops.db") });
  const played = { executions: new Map<string, string>(), refusals: [] };
  const engine = (world: World, clock: VirtualClock, contacts?: string) =>
    startHarness({
      flows: flows.map(({ definition }) => definition),
      fires: false,
      customers: known.filter((customer) => customer !== null),
      agents,
      store,
      world,
      clock,
      ...(contacts === undefined
        ? {}
        : { contacts: contactRules(parseConfiguration({ file: "revops.yml", text: contacts })) }),
    });
  const world = new World();
  const first = new Scene(await engine(world, new VirtualClock(monday)), played);
  await first.play();
  await first.harness.engine.stop({ graceMs: 0 });
  const second = new Scene(await engine(world, new VirtualClock(monday + 30 * 24 * hour), quiet), played);
  await second.playQuietly();
  await second.harness.engine.stop({ graceMs: 0 });
  await store.close();
  return played;
}

class Scene {
  readonly harness: Harness;
  readonly #played: { executions: Map<string, string>; refusals: string[] };

  constructor(harness: Harness, played: { executions: Map<string, string>; refusals: string[] }) {
    this.harness = harness;
    this.#played = played;
  }

  async play(): Promise<void> {
    const { engine, clock, world } = this.harness;
    await this.#start("no card", { customer_id: "acme", least: 100_000 });
    const expired = await this.#start("expired", { customer_id: "gamma" });
    await this.harness.moveTo(clock.now() + 73 * hour);
    await this.#refused(expired, lead);
    const rejected = await this.#decided("skipped", "reject", "Next year.");
    await this.#refused(rejected, dana);
    await this.#decided("not retried", "approve", null, { kind: "refused" });
    const twice = await this.#decided("twice", "approve", null, { kind: "answer_lost" });
    const [effect] = (await engine.execution({ executionId: twice })).steps["tell"]?.effects ?? [];
    world.fault = () => null;
    await engine.resolveDoubt({ effectKey: effect?.key ?? "", person: lead, answer: "send_again" });
    await engine.idle();
    await this.#decided("in doubt", "approve", null, { kind: "answer_lost" }, "beta");
    await this.#start("nobody asked", { customer_id: "acme" }, "csm_call");
    await engine.pause({ flowId: "csm_call", person: lead });
  }

  /** A month later, with quiet hours and one message a week for each person. */
  async playQuietly(): Promise<void> {
    const { clock } = this.harness;
    await this.harness.moveTo(clock.now() + 11 * hour);
    await this.#decided("the next morning", "approve", null, null, "gamma");
    await this.harness.moveTo(clock.now() + 13 * hour);
    await this.#decided("held back", "approve", null, null, "delta");
    const running = await this.#start("still running", { customer_id: "acme" }, "usage_call", dana);
    await this.#refused(running, dana);
    await this.#refused(running, outsider);
  }

  async #refused(executionId: string, person: Person): Promise<void> {
    const vote = { executionId, stepId: "ask", version: 1, person, decision: "approve", reason: null } as const;
    const answer = await this.harness.engine.decide(vote);
    if (answer.kind !== "refused") throw new Error(`${person.name}'s click counted`);
    this.#played.refusals.push(answer.message);
  }

  async #start(
    name: string,
    input: Record<string, string | number>,
    flowId = "usage_call",
    person: Person | null = null,
  ) {
    const { engine } = this.harness;
    const started = await engine.start({ flowId, input, person });
    if (started.kind !== "started") throw new Error(`${name}: ${JSON.stringify(started)}`);
    await engine.idle();
    this.#played.executions.set(name, started.executionId);
    return started.executionId;
  }

  /** By the lead, on a mail that goes wrong in this way. */
  async #decided(
    name: string,
    decision: "approve" | "reject",
    reason: string | null,
    fault: Fault | null = null,
    customerId = "acme",
  ): Promise<string> {
    const { engine, world } = this.harness;
    const executionId = await this.#start(name, { customer_id: customerId });
    world.fault = ({ effect, times }) => (effect.kind === "email" && times === 1 ? fault : null);
    const vote = { executionId, stepId: "ask", version: 1, person: lead, decision, reason };
    const answer = await engine.decide(vote);
    if (answer.kind !== "recorded") throw new Error(`${name}: ${JSON.stringify(answer)}`);
    await engine.idle();
    return executionId;
  }
}
