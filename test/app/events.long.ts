/** The real app: does an event from outside start its flow, survive a kill -9 after the answer, and start nothing twice? */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { startAppProcess } from "../scene/app-process.ts";
import { Page } from "../sandbox/sandbox-harness.ts";
import { webhookHeaders, webhookSecret } from "./webhook.ts";

const timeout = 60_000;

const welcome = `
flow_id: welcome
version: "1.0"
input:
  note: { type: string, required: true }
trigger: { type: event, event: customer.created, filter: ["customer.arr > 1000"] }
steps:
  - { id: look, agent: data_agent, action: retrieve_customer_data }
`;
const customers = "id,name,arr\nC-1,Acme Robotics,5000\nC-2,Beta Labs,100\nC-3,Gamma,9000\n";

const Answer = z.object({ started: z.array(z.object({ flow_id: z.string(), execution_id: z.string() })) });

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "events-"));
  await writeFile(join(folder, "welcome.yml"), welcome);
  await writeFile(join(folder, "customers.csv"), customers);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function environment(more: Record<string, string> = {}): Record<string, string> {
  return { REVOPS_FLOWS: folder, REVOPS_CRM: `csv:${folder}`, ...more };
}

async function send(url: string, { id, body, name = "customer.created" }: { id: string; body: string; name?: string }) {
  const headers = webhookHeaders({ id, timestamp: Math.floor(Date.now() / 1_000), body });
  const response = await fetch(new URL(`/events/${name}`, url), { method: "POST", headers, body });
  const answer: unknown = await response.json();
  return { status: response.status, body: answer };
}

it(
  "starts its flow, once for its id, also after a kill; the sandbox's moved clock makes no signature old",
  async () => {
    const app = await startAppProcess({ environment: environment({ REVOPS_EVENTS_SECRET: webhookSecret }) });
    const event = { id: "evt_1", body: '{"customer_id":"C-1","note":"hello"}' };
    const first = await send(app.url, event);
    expect(first.status).toBe(202);
    const [start] = Answer.parse(first.body).started;
    expect(start?.flow_id).toBe("welcome");
    await app.kill();
    await app.restart();
    const known = { flow_id: "welcome", kind: "known", execution_id: start?.execution_id };
    expect(await send(app.url, event)).toEqual({
      status: 202,
      body: { event: "customer.created", event_id: "evt_1", started: [], not_started: [known] },
    });
    await new Page(app.url).post("clock", { advanceMs: 86_400_000 });
    const others = [
      '{"customer_id":"C-3","note":"hello"}',
      '{"customer_id":"C-2","note":"hello"}',
      '{"customer_id":"C-1"}',
    ];
    const answers: unknown[] = [];
    for (const [index, body] of others.entries()) answers.push(await send(app.url, { id: `evt_${index + 2}`, body }));
    expect(answers).toMatchObject([
      { status: 202, body: { started: [{ flow_id: "welcome" }], not_started: [] } },
      { status: 202, body: { started: [], not_started: [{ kind: "filtered" }] } },
      { status: 202, body: { not_started: [{ kind: "refused", message: "welcome needs note: give note=…." }] } },
    ]);
    const lost = await send(app.url, { ...event, id: "evt_9", name: "customer.lost" });
    expect(lost).toMatchObject({ status: 202, body: { started: [], not_started: [] } });
    expect(app.stderr.join("\n")).not.toMatch(/"level":50/);
  },
  timeout,
);
