/** Is the shell example of docs/configuration.md true to the letter? It needs bash, curl and openssl. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { startAppProcess } from "../scene/app-process.ts";
import { blocks, text } from "./page.ts";
import { webhookSecret } from "./webhook.ts";

const flow = `
flow_id: welcome
version: "1.0"
trigger: { type: event, event: customer.created }
steps:
  - { id: look, agent: data_agent, action: retrieve_customer_data }
`;

it("as it stands it starts a flow", async () => {
  const folder = await mkdtemp(join(tmpdir(), "events-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "welcome.yml"), flow);
  await writeFile(join(folder, "customers.csv"), "id,name\nC-001,Acme Robotics\n");
  const settings = { REVOPS_FLOWS: folder, REVOPS_CRM: `csv:${folder}`, REVOPS_EVENTS_SECRET: webhookSecret };
  const app = await startAppProcess({ environment: settings });
  const [example] = blocks(await text("docs/configuration.md")).filter(({ kind }) => kind === "sh");
  const environment = { PATH: process.env["PATH"], ADDRESS: app.url, REVOPS_EVENTS_SECRET: webhookSecret };
  const script = `set -euo pipefail\n${example?.body ?? "exit 1"}`;
  const { stdout } = await promisify(execFile)("bash", ["-c", script], { env: environment });
  expect(JSON.parse(stdout)).toMatchObject({
    event: "customer.created",
    started: [{ flow_id: "welcome", kind: "started" }],
    not_started: [],
  });
});
