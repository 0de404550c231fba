/** How fast a slash command is acknowledged while two thousand executions run in the same process. Slack allows three seconds. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { startApp } from "./app.ts";
import { percentile } from "./measure.ts";

const executions = 2_000;
const columns =
  "id,name,segment,region,timezone,account_manager_email,account_manager_name,csm_email,arr,currency,contract_start,renewal_date,notice_date,auto_renew,term_months,seats,status,created_at,nps,champion_status";

const State = z.object({ channels: z.array(z.object({ id: z.string(), name: z.string() })), defaultUser: z.string() });
const Messages = z.object({ messages: z.array(z.object({ text: z.string() })) });
const Answer = z.object({ ok: z.boolean() });

export async function acknowledgeUnderLoad(folder: string): Promise<Record<string, number>> {
  const customers = join(folder, "customers");
  const flows = join(folder, "flows");
  await mkdir(customers);
  await mkdir(flows);
  await writeFile(join(customers, "customers.csv"), customersFile());
  await writeFile(join(flows, "reading.yml"), flowFile());
  const app = await startApp({
    REVOPS_STATE: `sqlite:${join(folder, "revops.db")}`,
    REVOPS_CRM: `csv:${customers}`,
    REVOPS_FLOWS: flows,
  });
  try {
    return await underLoad(app.url);
  } finally {
    await app.stop();
  }
}

async function underLoad(url: string): Promise<Record<string, number>> {
  const { channels, defaultUser: as } = State.parse(await (await fetch(`${url}/sandbox/state`)).json());
  const channel = channels.find(({ name }) => name.replace("#", "") === "revops")?.id ?? "";
  const say = async (text: string) => {
    const begin = performance.now();
    const response = await fetch(`${url}/sandbox/message`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url },
      body: JSON.stringify({ as, channel, text }),
    });
    if (!Answer.parse(await response.json()).ok) throw new Error(`${text} was not acknowledged`);
    return performance.now() - begin;
  };
  const ended = async () => {
    const response = await fetch(`${url}/sandbox/messages?channel=${channel}&as=${as}`);
    return Messages.parse(await response.json()).messages.some(({ text }) => text.includes(`2,000 completed`));
  };
  const quiet: number[] = [];
  for (let index = 0; index < 20; index += 1) quiet.push(await say("/revops help"));
  await say("/revops run reading");
  const times: number[] = [];
  for (let index = 0; index < 2_000 && !(index % 10 === 0 && (await ended())); index += 1) {
    times.push(await say("/revops help"));
  }
  const sorted = times.toSorted((one, other) => one - other);
  return {
    p50: percentile(sorted, 50),
    p99: percentile(sorted, 99),
    quiet_p50: percentile(
      quiet.toSorted((one, other) => one - other),
      50,
    ),
    commands: times.length,
  };
}

function customersFile(): string {
  const rows = Array.from({ length: executions }, (_, index) => {
    const manager = `owner${index % 20}@example.com,Owner ${index % 20}`;
    return `c${index},Customer ${index},,,UTC,${manager},,${1000 + index},USD,,,,,,50,active,,,`;
  });
  return `${[columns, ...rows].join("\n")}\n`;
}

function flowFile(): string {
  const steps = Array.from({ length: 5 }, (_, index) => {
    const after = index === 0 ? "" : `, depends_on: [read_${index}]`;
    return `  - { id: read_${index + 1}, agent: data_agent, action: retrieve_customer_data${after} }`;
  });
  return [
    "flow_id: reading",
    'version: "1.0"',
    'trigger: { type: schedule, schedule: cron(0 0 1 1 ? 2099), filter: ["customer.arr > 0"] }',
    "steps:",
    ...steps,
    "",
  ].join("\n");
}
