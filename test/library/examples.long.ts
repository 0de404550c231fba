/** Is docs/library.md true: does every example run as it stands and say what stands below it? */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LiveFlows } from "../../src/app/live-flows.ts";
import type { CustomerSource } from "../../src/agents/crm/customer-source.ts";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import { loadTemplates } from "../../src/notify/templates/templates.ts";
import { FlowTestCase } from "../../src/testing/flow-test-case.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { blocks, root, text } from "../app/page.ts";
import { VirtualClock } from "../engine/virtual-clock.ts";

const run = promisify(execFile);
const all = blocks(await text("docs/library.md"));
const flows = all.filter(({ kind }) => kind === "ts flow");
const programs = all.flatMap(({ kind, body }, index) =>
  kind === "ts" ? [{ name: `program_${index}.ts`, body, said: all[index + 1]?.body ?? "" }] : [],
);

const nobody: CustomerSource = {
  get: () => Promise.resolve(null),
  find: () => Promise.resolve([]),
  all: async function* () {},
  records: () => Promise.resolve({ usage: null, tickets: null, invoices: null, contacts: null }),
};

/** Within the repository, where the package knows its own name; and one for what the programs keep. */
let folder = "";
let data = "";
beforeAll(async () => {
  folder = await mkdtemp(join(import.meta.dirname, ".docs-"));
  data = await mkdtemp(join(tmpdir(), "library-docs-"));
  await mkdir(join(folder, "flows"));
  for (const [index, { body }] of flows.entries()) await writeFile(join(folder, "flows", `flow_${index}.ts`), body);
  for (const { name, body } of programs) await writeFile(join(folder, name), body);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(data, { recursive: true, force: true });
});

describe("an example of docs/library.md", () => {
  it("is there, in each kind", () => {
    expect(flows).toHaveLength(1);
    expect(programs.length).toBeGreaterThan(2);
    expect(programs.filter(({ said }) => said === "")).toEqual([]);
  });

  it.each(programs)("runs and says what stands below it: $name", async ({ name, said }) => {
    const environment = {
      PATH: process.env["PATH"],
      REVOPS_STATE: `sqlite:${join(data, "revops.db")}`,
      REVOPS_FLOWS: join(root, "flows"),
      NODE_COMPILE_CACHE: join(data, "compiled"),
    };
    const { stdout } = await run(process.execPath, [join(folder, name)], { env: environment, cwd: data });
    expect(stdout).toBe(said);
  });

  it("is a flow that the app takes up", async () => {
    const { agents } = createLocalAgents({ source: nobody, templates: await loadTemplates() });
    const taken = await LiveFlows.open({
      folders: [join(folder, "flows")],
      catalogue: Object.values(agents).flatMap((agent) => agent.actions),
      variables: { admin_email: "revops@example.com" },
      store: new MemoryStateStore(),
      clock: new VirtualClock(),
      logger: { info: () => {}, warn: () => {}, error: () => {} },
      tell: null,
    });
    expect(taken.problems).toEqual([]);
    expect(taken.firing().map(({ definition }) => definition.flow_id)).toEqual(["usage_check"]);
  });

  it("is an action that the app takes up, and computes what it says", async () => {
    const actions = join(folder, "actions");
    await mkdir(actions);
    const [example] = all.filter(({ kind }) => kind === "ts action");
    await writeFile(join(actions, "score_health.ts"), example?.body ?? "");
    await writeFile(
      join(folder, "health.yml"),
      'flow_id: health\nversion: "1.0"\nsteps:\n' +
        "  - { id: health, agent: decision_agent, action: score_health, parameters: { good_from: 60 } }\n",
    );
    const test = new FlowTestCase({ flows: join(folder, "health.yml"), actions });
    test.mockCustomer({ id: "acme", nps: 50, seats: 120 });
    const result = await test.executeFlow({ flowId: "health", inputParameters: { customer_id: "acme" } });
    expect(result.stepOutputs["health"]).toEqual({ score: 62, is_good: true });
  });
});
