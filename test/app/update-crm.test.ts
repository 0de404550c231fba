/**
 * From the flow file to the CRM: does a person see what will be overwritten, is just that written, once, and given back where the
 * flow is given up?
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CustomerSource } from "../../src/agents/crm/customer-source.ts";
import { openSampleSource } from "../../src/agents/crm/sample/sample-source.ts";
import type { CrmWriting } from "../../src/agents/local/execution/update-crm.ts";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import { crmWriting } from "../../src/app/crm-writing.ts";
import { noConfiguration } from "../../src/app/configuration.ts";
import type { CrmSettings } from "../../src/app/settings.ts";
import type { Customer, FieldValue, WritableField } from "../../src/flow/customer.ts";
import type { CustomerWriter } from "../../src/flow/customer-writer.ts";
import { readFlowFile } from "../../src/flow/flow-file.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { createCrmNotifier } from "../../src/notify/crm/crm-notifier.ts";
import { DoubtError } from "../../src/notify/notifier.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { echoTemplates } from "../agents/support.ts";
import { type Harness, kill, startHarness } from "../engine/harness.ts";
import { lead } from "../engine/world.ts";

const writing: CrmWriting = { writable: ["csm_email", "champion_status"], refusal: null };
const customerId = "cust-12345";

let folder = "";
let source: CustomerSource & CustomerWriter;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "update-crm-"));
  await writeFile(
    join(folder, "customers.csv"),
    `id,name,csm_email,champion_status\n${customerId},Northwind Clinics,leah.okafor@example.com,active\n`,
  );
  source = await openSampleSource({ folder });
});
afterEach(() => rm(folder, { recursive: true }));

function agentsOf(allowed: CrmWriting = writing) {
  return createLocalAgents({ source, templates: echoTemplates, writing: allowed }).agents;
}

function load(text: string, allowed: CrmWriting = writing) {
  const catalogue = Object.values(agentsOf(allowed)).flatMap(({ actions }) => actions);
  const { definition, problems } = readFlowFile({ file: "f.yml", text, catalogue, variables: {} });
  return { definition, said: problems.map(({ line, column, message }) => `${line}:${column} ${message}`) };
}

function flowOf(text: string): FlowDefinition {
  const { definition, said } = load(text);
  if (definition === null) throw new Error(said.join("\n"));
  return definition;
}

const step = (fields: string, more = "") => `flow_id: note_champion
version: "1.0"
steps:
  - id: note
    agent: execution_agent
    action: update_crm
    parameters: { fields: ${fields}, reason: "No word since spring" }
${more}`;

async function customer(): Promise<Customer> {
  const found = await source.get({ customerId });
  if (found === null) throw new Error(`The sample has no ${customerId}.`);
  return found;
}

async function byHand(field: WritableField, to: FieldValue): Promise<void> {
  const changes = [{ field, from: (await customer())[field], to }];
  await source.update({ customerId, changes, signal: new AbortController().signal });
}

async function start(
  definition: FlowDefinition,
  { writer = source, ...more }: Partial<Parameters<typeof startHarness>[0]> & { writer?: CustomerWriter } = {},
): Promise<Harness> {
  const notifiers = [createCrmNotifier({ writer, writable: writing.writable })];
  return startHarness({ flows: [definition], agents: agentsOf(), directory: source, notifiers, ...more });
}

async function run(harness: Harness): Promise<string> {
  const started = await harness.engine.start({
    flowId: "note_champion",
    input: { customer_id: customerId },
    person: null,
  });
  if (started.kind !== "started") throw new Error(started.kind);
  await harness.engine.idle();
  return started.executionId;
}

async function auditOf({ store }: Harness): Promise<string[]> {
  const { items } = await store.listAudit({ limit: 100 });
  return items.flatMap(({ action, detail }) => (action === "update_crm" ? [detail] : []));
}

function told(path: string): string {
  const parameters = `{ to: "#revops", text: "x \${note.${path}}" }`;
  const tell = "{ id: tell, agent: execution_agent, action: send_slack_message, depends_on: [note], parameters:";
  return step("{ csm_email: null }", `  - ${tell} ${parameters} }\n`);
}

describe("a flow file", () => {
  it.each<[string, string, string]>([
    [
      "a field that isn't listed",
      "{ arr: 1 }",
      '7:29 update_crm takes no parameter "arr"; it takes csm_email, champion_status',
    ],
    ["even if its value is an expression", '{ arr: "${customer.arr}" }', '7:29 update_crm takes no parameter "arr"'],
    ["a slip", "{ csm_mail: null }", '7:29 update_crm takes no parameter "csm_mail"; did you mean csm_email?'],
    [
      "two addresses",
      '{ csm_email: "a@b.co, c@d.co" }',
      '7:40 parameter fields.csm_email: "a@b.co, c@d.co" is not one mail',
    ],
    ["no such word", "{ champion_status: gone }", '7:46 parameter fields.champion_status: "gone" is not one of active'],
    ["nothing at all", "{}", "7:27 parameter fields: names no field"],
  ])("%s is told at its place", (_what, fields, said) => {
    const found = load(step(fields)).said;
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(said);
  });

  it.each<[string, CrmSettings, string]>([
    ["without crm.writable", { kind: "sample" }, "revops.yml lists no field under crm.writable"],
    [
      "on CSV files",
      { kind: "csv", folder: "crm" },
      "the customers come from CSV files (REVOPS_CRM=csv:…), which are only read",
    ],
  ])("can't use it %s", (_what, crm, said) => {
    const { definition, said: found } = load(step("{ csm_email: null }"), crmWriting(crm, noConfiguration));
    expect(found[0]).toMatch(/^6:13 update_crm can't be used here: /);
    expect(found[0]).toContain(said);
    expect(definition).toBeNull();
  });

  it("can speak of what was and what is to be, and of nothing else", () => {
    expect(load(told("before.csm_email")).said).toEqual([]);
    expect(load(told("before.csm_mail")).said.join()).toContain("did you mean csm_email?");
  });
});

const asked = `flow_id: note_champion
version: "1.0"
steps:
  - { id: ask, type: approval, approvers: [role:revops_lead] }
  - id: note
    agent: execution_agent
    action: update_crm
    depends_on: [ask]
    parameters: { fields: { champion_status: left, csm_email: null }, reason: No word since spring }
`;

async function approve(harness: Harness, executionId: string): Promise<void> {
  const { steps } = await harness.engine.execution({ executionId });
  const version = steps["ask"]?.approval?.version ?? 0;
  await harness.engine.decide({ executionId, stepId: "ask", version, person: lead, decision: "approve", reason: null });
  await harness.engine.idle();
}

describe("an approved change", () => {
  it("is shown with before and after, and written when approved, with receipt and audit", async () => {
    const before = await customer();
    const harness = await start(flowOf(asked));
    const executionId = await run(harness);
    const [plan] = harness.world.card("approval")[0]?.plans ?? [];
    expect(plan?.effects[0]?.effect).toMatchObject({
      changes: [
        { field: "csm_email", from: before.csm_email, to: null },
        { field: "champion_status", from: before.champion_status, to: "left" },
      ],
    });
    expect(await customer()).toEqual(before);
    await approve(harness, executionId);
    expect(await customer()).toEqual({ ...before, champion_status: "left", csm_email: null });
    const words = `CRM update of ${before.name}: csm_email ${before.csm_email} → nothing, champion_status ${before.champion_status} → left`;
    expect(harness.world.card("approval")[0]?.effects[0]?.receipt).toEqual({
      id: customerId,
      summary: words,
      url: null,
    });
    expect(await auditOf(harness)).toEqual([`${words}; ${customerId}; because: No word since spring`]);
  });

  it("that somebody has overtaken in the CRM fails by name and overwrites nothing", async () => {
    const before = await customer();
    const harness = await start(flowOf(asked));
    const executionId = await run(harness);
    await byHand("csm_email", "ana@example.com");
    await approve(harness, executionId);
    const { status, failure } = await harness.engine.execution({ executionId });
    expect(status).toBe("failed");
    expect(failure?.failure).toEqual({
      error: "Effect.Refused",
      cause: `The CRM has changed since this was planned for ${customerId}: csm_email is ana@example.com, not ${before.csm_email}, which was to become nothing. Nothing was written.`,
    });
    expect(await customer()).toEqual({ ...before, csm_email: "ana@example.com" });
    expect(await auditOf(harness)).toEqual([]);
  });

  it("of what stands there already sends nothing", async () => {
    await byHand("champion_status", "left");
    const harness = await start(flowOf(step("{ champion_status: left }")));
    const executionId = await run(harness);
    const { status, steps } = await harness.engine.execution({ executionId });
    expect([status, steps["note"]?.output]).toEqual([
      "succeeded",
      { customer_id: customerId, before: { champion_status: "left" }, after: { champion_status: "left" } },
    ]);
    expect(await auditOf(harness)).toEqual([]);
  });
});

describe("an answer that is lost", () => {
  it("is no doubt: the next attempt finds it written, and the audit has it once", async () => {
    const before = await customer();
    let calls = 0;
    const writer: CustomerWriter = {
      update: async (change) => {
        await source.update(change);
        calls += 1;
        if (calls === 1) throw new DoubtError("the line went dead");
      },
    };
    const harness = await start(flowOf(step("{ champion_status: left }")), { writer });
    const executionId = await run(harness);
    await harness.moveTo(harness.clock.now() + 3_600_000);
    expect(calls).toBe(2);
    expect((await harness.engine.execution({ executionId })).status).toBe("succeeded");
    expect(harness.world.card("doubt")).toEqual([]);
    expect(await customer()).toEqual({ ...before, champion_status: "left" });
    expect(await auditOf(harness)).toHaveLength(1);
  });

  it("with the process that wrote it: the next one finds it, and the audit has it once", async () => {
    const store = new MemoryStateStore();
    let isFirst = true;
    const first: { harness: Harness | null } = { harness: null };
    const written = Promise.withResolvers<void>();
    const record = store.append.bind(store);
    // It dies between the audit and the log.
    store.append = (write) => {
      const isSettled = write.entry.events.some(({ type }) => type === "effect_performed");
      if (!isFirst || !isSettled) return record(write);
      isFirst = false;
      written.resolve();
      return new Promise(() => {});
    };
    first.harness = await start(flowOf(step("{ champion_status: left }")), { store });
    const { engine } = first.harness;
    await engine.start({ flowId: "note_champion", input: { customer_id: customerId }, person: null });
    await written.promise;
    await kill(first.harness);
    const next = await start(flowOf(step("{ champion_status: left }")), { store });
    await next.engine.idle();
    const { items } = await store.list({ filter: {}, limit: 10 });
    expect(items.map(({ status }) => status)).toEqual(["succeeded"]);
    expect((await customer()).champion_status).toBe("left");
    expect(await auditOf(next)).toHaveLength(1);
  });
});

describe("a flow that is given up", () => {
  const givenUp = `flow_id: note_champion
version: "1.0"
steps:
  - id: note
    agent: execution_agent
    action: update_crm
    parameters: { fields: { csm_email: kim@example.com }, reason: Kim takes over }
    compensate:
      agent: execution_agent
      action: update_crm
      parameters: { fields: { csm_email: "\${note.before.csm_email}" }, reason: Given up }
  - { id: ask, type: approval, depends_on: [note], approvers: [role:revops_lead] }
`;

  it("gives the old value back, and the audit has both", async () => {
    const before = await customer();
    const harness = await start(flowOf(givenUp));
    const executionId = await run(harness);
    expect((await customer()).csm_email).toBe("kim@example.com");
    await harness.moveTo(harness.clock.now() + 60_000);
    await harness.engine.abort({ executionId, compensate: true, person: lead });
    await harness.engine.idle();
    expect(await customer()).toEqual(before);
    const name = `CRM update of ${before.name}: csm_email`;
    expect(await auditOf(harness)).toEqual([
      `${name} ${before.csm_email} → kim@example.com; ${customerId}; because: Kim takes over`,
      `${name} kim@example.com → ${before.csm_email}; ${customerId}; because: Given up`,
    ]);
  });

  it("gives nothing back where nothing stood", async () => {
    await byHand("csm_email", null);
    const harness = await start(flowOf(givenUp));
    const executionId = await run(harness);
    await harness.engine.abort({ executionId, compensate: true, person: lead });
    await harness.engine.idle();
    expect((await customer()).csm_email).toBeNull();
  });
});

it("two items that want one field: the first gets it, the second learns of it", async () => {
  const text = step('{ csm_email: "${item}" }', "    for_each: \"${['kim@example.com', 'ana@example.com']}\"\n");
  const harness = await start(flowOf(text));
  const executionId = await run(harness);
  const { status, failure } = await harness.engine.execution({ executionId });
  expect(status).toBe("failed");
  expect(failure?.failure.cause).toMatch(
    /csm_email is (kim|ana)@example.com, not .* was to become (kim|ana)@example.com/,
  );
  expect((await customer()).csm_email).toMatch(/^(kim|ana)@example.com$/);
  expect(await auditOf(harness)).toHaveLength(1);
});
