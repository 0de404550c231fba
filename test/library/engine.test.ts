/** The engine from a program: what it starts, who decides, what it leaves alone, and what happens to it at the end. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Flow, FlowEngine, Trigger, type ProgramOptions } from "revops-flows";
// Its agents are this test's own, so their actions have no types.
import { Step } from "../../src/flow/api/step.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { renewalFlow } from "../engine/flows.ts";
import { startHarness } from "../engine/harness.ts";
import { answer, customer, customerDirectory, scriptedAgents } from "../engine/scripted-agents.ts";
import { VirtualClock } from "../engine/virtual-clock.ts";
import { World, worldPorts } from "../engine/world.ts";

let folder = "";
let store = new MemoryStateStore();
let clock = new VirtualClock();
let world = new World();
const engines: FlowEngine[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "library-"));
  [store, clock, world] = [new MemoryStateStore(), new VirtualClock(), new World()];
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const roles = "roles: { revops_lead: [lead@example.com], operator: [operator@example.com], team: ['group:csm'] }";

async function open(options: ProgramOptions = {}): Promise<FlowEngine> {
  await writeFile(join(folder, "revops.yml"), roles);
  const engine = new FlowEngine({
    environment: {
      REVOPS_STATE: `sqlite:${join(folder, "revops.db")}`,
      REVOPS_FLOWS: folder,
      REVOPS_CONFIG: join(folder, "revops.yml"),
      REVOPS_LOG_LEVEL: "silent",
    },
    store,
    agents: scriptedAgents(),
    customers: customerDirectory([customer("acme"), customer("beta")]),
    notifiers: worldPorts(world, { alive: true, step: () => {} }).notifiers,
    clock,
    ...options,
  });
  engines.push(engine);
  return engine;
}

let made = 0;
/** Each its own: what is registered stays so in this process. */
function flow(steps: Step[], named: { flowId?: string; trigger?: Trigger } = {}): string {
  made += 1;
  const { flowId = `made_${made}`, trigger = Trigger.manual() } = named;
  const flow = new Flow({ flowId, version: "1.0" }).setTrigger(trigger);
  for (const step of steps) flow.addStep(step);
  flow.register();
  return flowId;
}

const note = (id: string, ...dependsOn: string[]) =>
  new Step({ id, agent: "data_agent", action: "noop", dependsOn, parameters: { of: "${customer.name}" } });
const send = (id: string, ...dependsOn: string[]) =>
  new Step({
    id,
    agent: "execution_agent",
    action: "notify",
    dependsOn,
    parameters: { to: "${customer.account_manager_email}" },
  });
const ask = (approvers: string[] = ["${customer.account_manager_email}", "role:revops_lead"]) =>
  new Step({ id: "ask", type: "approval", approvers, timeout: "P3D" });
const about = (flowId: string, customer_id = "acme") => ({ flowId, inputParameters: { customer_id } });

describe("an execution that a program starts", () => {
  it("is durable when its id is there, runs in this process, and is told step by step", async () => {
    const engine = await open();
    const { id } = await engine.executeFlow(about(flow([note("first"), note("second", "first")])));
    expect((await store.readLog({ executionId: id, after: 0 })).length).toBeGreaterThan(0);
    await engine.idle();
    expect(await engine.getExecutionStatus(id)).toMatchObject({
      execution_id: id,
      status: "succeeded",
      outcome: "completed",
      failure: null,
      waiting_for: [],
      steps: [
        {
          step_id: "first",
          status: "succeeded",
          output: { of: "Customer acme" },
          started_at: "2026-11-23T08:00:00.000Z",
        },
        { step_id: "second", status: "succeeded" },
      ],
    });
  });

  it("waits for its approval and can be decided by the program, by those alone who may", async () => {
    const engine = await open();
    const { id } = await engine.executeFlow(about(flow([ask(), send("tell", "ask")])));
    await engine.idle();
    expect(await engine.getExecutionStatus(id)).toMatchObject({
      status: "running",
      waiting_for: [{ kind: "approval", step_id: "ask", people: ["dana@example.com", "a RevOps lead"] }],
      steps: [{ status: "waiting" }, { status: "pending" }],
    });
    expect((await engine.explain(id)).status).toBe("running");
    const decision = { executionId: id, stepId: "ask", decision: "approve" } as const;
    expect(await engine.decide({ ...decision, by: "riley@example.com" })).toMatchObject({ reason: "not_an_approver" });
    expect(world.effects).toEqual([]);
    expect(await engine.decide({ ...decision, by: "Lead@example.com" })).toEqual({ kind: "recorded", ended: true });
    expect(await engine.decide({ ...decision, by: "dana@example.com" })).toMatchObject({ reason: "already_decided" });
    await engine.idle();
    expect(world.effects).toHaveLength(2);
    const { steps, status } = await engine.getExecutionStatus(id);
    expect(status).toBe("succeeded");
    expect(steps[0]?.output).toMatchObject({ decision: "approved" });
  });

  it("is aborted, and redriven where it failed", async () => {
    let attempts = 0;
    const agents = scriptedAgents({
      noop: () => {
        attempts += 1;
        if (attempts === 1) throw new Error("a bad day");
        return answer({ attempts });
      },
    });
    const engine = await open({ agents });
    const once = new Step({ id: "once", agent: "data_agent", action: "noop", retry: { maxAttempts: 1 } });
    const { id } = await engine.executeFlow({ flowId: flow([once]) });
    await engine.idle();
    expect(await engine.getExecutionStatus(id)).toMatchObject({
      status: "failed",
      failure: { error: "Agent.Unavailable" },
    });
    expect(await engine.redrive({ executionId: id })).toMatchObject({ kind: "recorded", restarts: ["once"] });
    await engine.idle();
    expect(await engine.getExecutionStatus(id)).toMatchObject({ status: "succeeded", failure: null });
    const waiting = await engine.executeFlow(about(flow([ask(), send("tell", "ask")])));
    await engine.idle();
    const stranger = await engine.abort({ executionId: waiting.id, by: "riley@example.com" });
    expect(stranger).toMatchObject({ kind: "refused" });
    expect(await engine.abort({ executionId: waiting.id })).toMatchObject({ kind: "recorded" });
    await engine.idle();
    expect(await engine.getExecutionStatus(waiting.id)).toMatchObject({ status: "aborted", waiting_for: [] });
    expect(world.effects).toEqual([]);
  });

  it("with the same start key is one, and about a customer of whom one runs is refused with its id", async () => {
    const engine = await open();
    const flowId = flow([ask()], { trigger: Trigger.manual({ overlap: "allow" }) });
    const starts = await Promise.all(
      [1, 2, 3].map(() => engine.executeFlow({ ...about(flowId), startKey: "order-7" })),
    );
    expect(new Set(starts.map(({ id }) => id)).size).toBe(1);
    const only = flow([ask()]);
    const { id } = await engine.executeFlow(about(only));
    await expect(engine.executeFlow(about(only))).rejects.toThrow(id);
    await expect(engine.executeFlow(about(only, "beta"))).resolves.not.toEqual({ id });
  });
});

describe("what can't be started", () => {
  it("is told with every problem, each with step and key, and starts once it is mended", async () => {
    const engine = await open();
    const flowId = flow([new Step({ id: "first", agent: "data_agent", action: "nop" }), note("second", "frist")]);
    await expect(engine.executeFlow(about(flowId))).rejects.toMatchObject({
      name: "FlowError",
      problems: [
        'step first, action: data_agent has no action "nop"; did you mean noop?',
        expect.stringMatching(/^step second, depends_on\[0\]: .*did you mean first\?/),
      ],
    });
    flow([note("a"), note("b", "a")], { flowId });
    await expect(engine.executeFlow(about(flowId))).resolves.toHaveProperty("id");
  });

  it("is an unknown flow with the nearest name, an unknown input, a missing customer, an unknown execution", async () => {
    const engine = await open();
    const flowId = flow([note("a")], { flowId: "nearly_right" });
    await expect(engine.executeFlow({ flowId: "nearly_rihgt" })).rejects.toMatchObject({ suggestion: flowId });
    await expect(engine.executeFlow({ flowId, inputParameters: { custmer_id: "x" } })).rejects.toThrow("no input");
    await expect(engine.executeFlow({ flowId })).rejects.toThrow("needs customer_id");
    await expect(engine.executeFlow(about(flowId, "nobody"))).rejects.toThrow("There is no customer nobody.");
    await expect(engine.getExecutionStatus("nothing")).rejects.toThrow("There is no execution nothing.");
  });

  it("is anything with settings that are wrong: each is told, at the first call", async () => {
    const engine = await open({
      environment: { REVOPS_STATE: "sqlite:", REVOPS_TIMEZONE: "Mars", SMTP_URL: "smtp://x" },
    });
    const start = engine.start();
    await expect(start).rejects.toThrow(/REVOPS_STATE[^]*REVOPS_TIMEZONE[^]*MAIL_FROM/);
    await expect(engine.executeFlow({ flowId: "any" })).rejects.toThrow("REVOPS_TIMEZONE");
  });

  it("is anything after the engine was closed", async () => {
    const engine = await open();
    const { id } = await engine.executeFlow(about(flow([note("a")])));
    await engine.close();
    await engine.close();
    await expect(engine.getExecutionStatus(id)).rejects.toThrow("closed");
    await expect(store.getHeader({ executionId: id })).resolves.not.toBeNull();
  });
});

describe("without Slack", () => {
  it("a message fails by name, and so do the mail and the event that would be one", async () => {
    const engine = new FlowEngine({
      environment: {
        REVOPS_STATE: `sqlite:${join(folder, "revops.db")}`,
        REVOPS_FLOWS: folder,
        REVOPS_LOG_LEVEL: "silent",
      },
      store,
      clock,
      agents: scriptedAgents(),
      customers: customerDirectory([customer("acme")]),
    });
    engines.push(engine);
    const { id } = await engine.executeFlow(about(flow([send("tell")])));
    await engine.idle();
    expect(await engine.getExecutionStatus(id)).toMatchObject({
      status: "failed",
      failure: { error: "Effect.Refused", cause: expect.stringMatching(/^No Slack is set up\./) },
    });
  });

  it("an approval that names a group waits, although nobody knows who is in it", async () => {
    const engine = await open();
    const { id } = await engine.executeFlow(about(flow([note("first"), ask(["role:team", "user:U012ABC"])])));
    await engine.idle();
    expect(await engine.getExecutionStatus(id)).toMatchObject({
      status: "running",
      waiting_for: [{ kind: "approval" }],
    });
    const by = { executionId: id, stepId: "ask", decision: "approve" } as const;
    expect(await engine.decide({ ...by, by: "riley@example.com" })).toMatchObject({ kind: "refused" });
    expect(await engine.decide({ ...by, by: "U012ABC" })).toMatchObject({ kind: "recorded" });
  });

  it("a card is nobody's until a process with Slack takes over: then it stands", async () => {
    const engine = await open();
    const { id } = await engine.executeFlow(about(flow([ask(), send("tell", "ask")])));
    await engine.idle();
    await engine.close();
    const app = await startHarness({ flows: [], store, world, clock, agents: scriptedAgents() });
    await app.engine.tick();
    await app.engine.idle();
    expect(world.card("approval")).toMatchObject([{ executionId: id, status: "pending" }]);
    await app.engine.stop({ graceMs: 0 });
  });
});

describe("a program's end", () => {
  it("loses nothing: the next program goes on where it was, though it never registers the flow", async () => {
    const first = await open();
    const { id } = await first.executeFlow(about(flow([ask(), send("tell", "ask")])));
    await first.idle();
    await first.close();
    const next = await open();
    const decision = { executionId: id, stepId: "ask", decision: "approve", by: "dana@example.com" } as const;
    expect(await next.decide(decision)).toMatchObject({ kind: "recorded" });
    await next.idle();
    expect(await next.getExecutionStatus(id)).toMatchObject({ status: "succeeded" });
    expect(world.effects).toHaveLength(2);
  });
});

async function started(flowId: string): Promise<number> {
  return (await store.list({ filter: { flowId }, limit: 10 })).items.length;
}

describe("beside an app on the same store", () => {
  it("an execution that a dead app has left is not a program's to drive", async () => {
    const app = await startHarness({ flows: [renewalFlow()], store, world, clock });
    const input = { customer_id: "acme" };
    const { executionId } = await app.engine.start({ flowId: "renewal", input, person: null });
    await app.engine.idle();
    await app.engine.stop({ graceMs: 0 });
    const engine = await open();
    const decision = { executionId, stepId: "approve", decision: "approve", by: "dana@example.com" } as const;
    expect(await engine.decide(decision)).toEqual({ kind: "recorded", ended: true });
    await engine.idle();
    // Recorded, and left to who can do what follows.
    expect(world.effects).toEqual([]);
    const next = await startHarness({ flows: [renewalFlow()], store, world, clock, seed: 2 });
    await next.engine.idle();
    expect(await engine.getExecutionStatus(executionId)).toMatchObject({ status: "succeeded" });
    expect(world.effects).toHaveLength(3);
    await next.engine.stop({ graceMs: 0 });
  });

  it("schedules of the folders are the app's to fire, those of registered flows the program's", async () => {
    const hourly = Trigger.schedule({ schedule: "rate(1 hour)" });
    const own = flow([new Step({ id: "a", agent: "data_agent", action: "noop" })], { trigger: hourly });
    await writeFile(
      join(folder, "folder_flow.yml"),
      `flow_id: folder_flow
version: "1.0"
trigger: { type: schedule, schedule: rate(1 hour) }
steps: [{ id: a, agent: data_agent, action: noop }]
`,
    );
    const engine = await open();
    await engine.start();
    clock.moveTo(clock.now() + 2 * 3_600_000);
    await expect.poll(() => started(own)).toBeGreaterThan(0);
    await engine.idle();
    expect(await started("folder_flow")).toBe(0);
    const { id } = await engine.executeFlow({ flowId: "folder_flow" });
    await engine.idle();
    expect(await engine.getExecutionStatus(id)).toMatchObject({ status: "succeeded" });
  });
});
