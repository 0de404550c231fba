/** How fast a slash command is acknowledged while two thousand executions run in the same process. Slack allows three seconds. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { startApp } from "../app.ts";
import { writeCustomers } from "../customers.ts";
import type { Measure, Surroundings, Taken } from "../measure.ts";
import { percentile, upward } from "../range.ts";

const State = z.object({ channels: z.array(z.object({ id: z.string(), name: z.string() })), defaultUser: z.string() });
const Messages = z.object({ messages: z.array(z.object({ text: z.string() })) });
const Answer = z.object({ ok: z.boolean() });

/** Before the executions start. */
const quietCommands = 20;
/** Between two looks whether they have ended. */
const commandsPerLook = 5;

export const acknowledge: Measure = {
  name: "acknowledge",
  about:
    "`/revops help` over Socket Mode while 2,000 executions of five steps run in the same process, the sandbox included; they are run again until there were enough commands",
  figures: [
    { name: "p99", unit: "ms at the 99th percentile", goal: { atMost: 250 }, floor: "quiet_p99" },
    { name: "p50", unit: "ms", floor: "quiet_p50" },
    { name: "commands", unit: "commands" },
  ],
  run: async (surroundings) => {
    const { folder, sizes } = surroundings;
    const customers = await writeCustomers(join(folder, "customers"), sizes.acknowledged);
    const flows = join(folder, "flows");
    await mkdir(flows);
    await writeFile(join(flows, "reading.yml"), flowFile());
    const app = await startApp({
      REVOPS_STATE: `sqlite:${join(folder, "revops.db")}`,
      REVOPS_CRM: `csv:${customers}`,
      REVOPS_FLOWS: flows,
    });
    try {
      return await underLoad(app.url, surroundings);
    } finally {
      await app.stop();
    }
  },
};

async function underLoad(url: string, { sizes }: Surroundings): Promise<Taken> {
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
  const whole = `${sizes.acknowledged.toLocaleString("en-US")} completed`;
  const ended = async () => {
    const response = await fetch(`${url}/sandbox/messages?channel=${channel}&as=${as}`);
    return Messages.parse(await response.json()).messages.filter(({ text }) => text.includes(whole)).length;
  };
  const quiet: number[] = [];
  for (let index = 0; index < quietCommands; index += 1) quiet.push(await say("/revops help"));
  const times: number[] = [];
  for (let batch = 1; times.length < sizes.commands; batch += 1) {
    await say("/revops run reading");
    while ((await ended()) < batch) {
      for (let index = 0; index < commandsPerLook; index += 1) times.push(await say("/revops help"));
    }
  }
  const [loaded, calm] = [upward(times), upward(quiet)];
  return {
    p50: percentile(loaded, 50),
    p99: percentile(loaded, 99),
    quiet_p50: percentile(calm, 50),
    quiet_p99: percentile(calm, 99),
    commands: times.length,
  };
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
