/** A program is killed in the middle of its work: does the next one go on, and does nothing happen twice? */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FlowEngine } from "revops-flows";

let folder = "";
let data = "";
beforeEach(async () => {
  // Within the repository, where the package knows its own name.
  folder = await mkdtemp(join(import.meta.dirname, ".killed-"));
  data = await mkdtemp(join(tmpdir(), "library-killed-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(data, { recursive: true, force: true });
});

const flow = `flow_id: held
version: "1.0"
steps:
  - { id: ask, type: approval, approvers: ["\${customer.account_manager_email}"], timeout: P1D }
  - { id: after, agent: data_agent, action: retrieve_customer_data, depends_on: [ask] }
`;

const program = `import { FlowEngine } from "revops-flows";
const engine = new FlowEngine();
const { id } = await engine.executeFlow({ flowId: "held", inputParameters: { customer_id: "cust-10021" } });
console.log(id);
if (process.argv[2] === "later") await engine.idle();
process.kill(process.pid, "SIGKILL");
`;

it.each(["at once", "later"])("an execution whose program was killed %s goes on in the next one", async (when) => {
  await writeFile(join(folder, "program.ts"), program);
  const flows = join(data, "flows");
  await mkdir(flows);
  await writeFile(join(flows, "held.yml"), flow);
  const environment = {
    REVOPS_STATE: `sqlite:${join(data, "revops.db")}`,
    REVOPS_FLOWS: flows,
    REVOPS_LOG_LEVEL: "silent",
  };
  const killed = promisify(execFile)(process.execPath, [join(folder, "program.ts"), when], { env: environment });
  const said = await killed.catch((error: unknown) => error);
  expect(said).toMatchObject({ signal: "SIGKILL" });
  const id = said instanceof Error && "stdout" in said ? String(said.stdout).trim() : "";

  const engine = new FlowEngine({ environment });
  await engine.start();
  await engine.idle();
  expect(await engine.getExecutionStatus(id)).toMatchObject({ status: "running", waiting_for: [{ kind: "approval" }] });
  const decision = { executionId: id, stepId: "ask", decision: "approve", by: "dana.reyes@example.com" } as const;
  expect(await engine.decide(decision)).toMatchObject({ kind: "recorded" });
  await engine.idle();
  const { status, steps } = await engine.getExecutionStatus(id);
  expect([status, ...steps.map(({ attempts }) => attempts)]).toEqual(["succeeded", 0, 1]);
  await engine.close();
});
