import { expect, test } from "vitest";
import { answers } from "../../../src/asl/protocol.ts";
import type { Follower } from "../../../src/engine/follower.ts";
import type { StateStore } from "../../../src/state/state-store.ts";
import { agentStep, approvalStep, flow, renewalFlow, seedFlow, waitStep } from "../../engine/flows.ts";
import { startHarness, type HarnessOptions } from "../../engine/harness.ts";
import { answer, scriptedAgents } from "../../engine/scripted-agents.ts";
import { dana } from "../../engine/world.ts";
import { failureOf, Machine } from "./machine.ts";

async function machineOf(definition = seedFlow(), options: Partial<HarnessOptions> = {}) {
  const harness = await startHarness({ flows: [definition], fires: false, ...options });
  return { harness, machine: await new Machine(harness, definition).deploy() };
}

test("started by another program, under a name of its own, it gives the roots and is in every list", async () => {
  const { harness, machine } = await machineOf();
  const { roots } = answers.begin.parse(await machine.begin());
  expect(roots).toMatchObject({
    customer: { id: "acme", name: "Customer acme" },
    input: { customer_id: "acme" },
    execution: { id: "by-boto3", started_by: "manual" },
    flow: { id: "renewal", version: "1.0" },
    admin_email: "revops@example.com",
  });
  const [header] = await harness.engine.list({ limit: 10 });
  expect(header).toMatchObject({ execution_id: "by-boto3", status: "running", driver: "stepfunctions" });
});

test("begun twice, since the answer was lost: one start, the same roots", async () => {
  const { harness, machine } = await machineOf();
  const first = await machine.begin();
  expect(await machine.begin()).toEqual(first);
  const log = await harness.log("by-boto3");
  expect(log.flatMap(({ events }) => events).filter(({ type }) => type === "execution_started")).toHaveLength(1);
});

test.each([
  [{}, "Input.Invalid", "renewal needs customer_id: name the customer."],
  [{ customer_id: "nobody" }, "Input.Invalid", "There is no customer nobody."],
  [{ customer_id: "acme", seats: 1 }, "Input.Invalid", "renewal has no input seats. It takes customer_id."],
])("an input that can't be: %j", async (input, name, message) => {
  const { machine } = await machineOf();
  expect(await failureOf(machine.begin(input))).toEqual({ name, message });
});

test("a step's answer was lost: the record is the answer, and nothing is done twice", async () => {
  let invoked = 0;
  const agents = scriptedAgents({ retrieve: () => answer({ usage: (invoked += 1) }) });
  const { machine } = await machineOf(seedFlow(), { agents });
  await machine.begin();
  const first = answers.step.parse(await machine.step("retrieve_data"));
  expect(first).toEqual({ state: "done", output: { usage: 1 }, effects: 0 });
  expect(await machine.step("retrieve_data", { attempt: 2 })).toEqual(first);
  expect(invoked).toBe(1);
});

test("a failure is thrown by its name and its sentence, and tried again as the machine says", async () => {
  let times = 0;
  const agents = scriptedAgents({
    retrieve: () => {
      if ((times += 1) < 3) throw new Error("503");
      return answer({ usage: 1 });
    },
  });
  const { machine } = await machineOf(seedFlow(), { agents });
  await machine.begin();
  const failed = { name: "Agent.Unavailable", message: "data_agent could not do retrieve: 503" };
  expect(await failureOf(machine.step("retrieve_data"))).toEqual(failed);
  expect(await failureOf(machine.step("retrieve_data", { attempt: 2 }))).toEqual(failed);
  expect(await machine.step("retrieve_data", { attempt: 3 })).toMatchObject({ state: "done" });
  const { attempts } = (await machine.state()).steps["retrieve_data"] ?? {};
  expect(attempts?.map(({ failure }) => failure?.error ?? null)).toEqual([failed.name, failed.name, null]);
});

test("two branches append at once: both are in the log, each once", async () => {
  const both = flow([agentStep("one", "retrieve"), agentStep("other", "assess")]);
  const { harness, machine } = await machineOf(both);
  await machine.begin();
  await Promise.all([machine.step("one"), machine.step("other")]);
  const state = await machine.state();
  expect(state.steps["one"]?.status).toBe("succeeded");
  expect(state.steps["other"]?.status).toBe("succeeded");
  const sequences = (await harness.log("by-boto3")).map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.map((_one, index) => index + 1));
});

test("mails and messages go out once, with a record before and a receipt after", async () => {
  const { harness, machine } = await machineOf();
  await machine.begin();
  await machine.step("retrieve_data");
  await machine.step("assess");
  const request = { effects: true, parameters: { to: "dana@example.com" } };
  const done = { state: "done", output: { sent: true }, effects: 2 };
  expect(await machine.step("notify", request)).toEqual(done);
  expect(await machine.step("notify", request)).toEqual(done);
  expect(harness.world.count("by-boto3/notify/email")).toBe(1);
  expect(harness.world.count("by-boto3/notify/slack")).toBe(1);
});

test("an effect begun by a function that died: a mail is in doubt, a message is asked after, nothing goes out twice", async () => {
  const { harness, machine } = await machineOf();
  await machine.begin();
  await machine.step("retrieve_data");
  await machine.step("assess");
  const request = { effects: true, parameters: { to: "dana@example.com" } };
  // The store of the first call dies with it, once both effects have reached the world.
  void machine.step("notify", { ...request, overrides: { store: deadAt("effect_performed", harness.store) } });
  await expect.poll(() => harness.world.effects.length).toBe(2);
  expect(await machine.step("notify", { ...request, attempt: 2 })).toEqual({ state: "doubt" });
  expect(harness.world.effects).toHaveLength(2);
  const { effects } = (await machine.state()).steps["notify"] ?? {};
  expect(effects?.map(({ state }) => state.status)).toEqual(["doubtful", "performed"]);
});

test("a question, its token and its plan come in one append; the answer is owed with the plan's outputs", async () => {
  const { harness, machine } = await machineOf(renewalFlow());
  await machine.begin();
  await machine.step("retrieve_data");
  await machine.step("assess");
  await machine.ask("approve");
  const asked = (await harness.log("by-boto3")).find(({ events }) => events.some(({ type }) => type === "token_kept"));
  expect(asked?.events.map(({ type }) => type)).toEqual(["approval_requested", "token_kept"]);
  expect((await machine.state()).steps["approve"]?.approval?.plans.map(({ step_id }) => step_id)).toEqual([
    "notify",
    "book",
  ]);
  // The token is nobody's to see.
  const shown = [
    await harness.engine.history({ executionId: "by-boto3" }),
    await harness.engine.report({ executionId: "by-boto3" }),
    await harness.engine.explain({ executionId: "by-boto3" }),
  ];
  expect(JSON.stringify(shown)).not.toContain("token-1");
});

test("asked again with another token, since the first call's answer was lost: one question, the newest token counts", async () => {
  const { harness, machine } = await machineOf(renewalFlow());
  await machine.begin();
  await machine.step("retrieve_data");
  await machine.step("assess");
  await machine.ask("approve", "token-1");
  await machine.ask("approve", "token-2");
  const state = await machine.state();
  const events = (await harness.log("by-boto3")).flatMap((entry) => entry.events);
  expect(events.filter(({ type }) => type === "approval_requested")).toHaveLength(1);
  expect(Object.values(state.service?.tokens ?? {}).map(({ token }) => token)).toEqual(["token-2"]);
});

test("what was approved is what is performed, though the machine gives other parameters (A3)", async () => {
  const { harness, machine } = await machineOf(renewalFlow());
  await machine.begin();
  await machine.step("retrieve_data");
  await machine.step("assess");
  await machine.ask("approve");
  const decision = { executionId: "by-boto3", stepId: "approve", version: 1, reason: null } as const;
  expect(await harness.engine.decide({ ...decision, person: dana, decision: "approve" })).toMatchObject({
    kind: "recorded",
  });
  await machine.step("notify", { effects: true, parameters: { to: "mallory@example.com" } });
  expect(harness.world.ofKind("email").map(({ effect }) => effect)).toMatchObject([{ to: "dana@example.com" }]);
});

test("the time is over: a decision that came first is the answer, and a second call says the same", async () => {
  const { harness, machine } = await machineOf(renewalFlow());
  await machine.begin();
  await machine.step("retrieve_data");
  await machine.step("assess");
  await machine.ask("approve");
  const decision = { executionId: "by-boto3", stepId: "approve", version: 1 } as const;
  await harness.engine.decide({ ...decision, person: dana, decision: "reject", reason: "not now" });
  const timeout = { kind: "approval_timeout", step_id: "approve", escalated: false };
  const told = answers.approval.parse(await machine.effects(timeout));
  expect(told.output).toMatchObject({ decision: "rejected", by: ["dana@example.com"], reason: "not now" });
  expect(await machine.effects(timeout)).toEqual(told);
});

test("a click after the time was over is refused, and nothing changes", async () => {
  const { harness, machine } = await machineOf(renewalFlow());
  await machine.begin();
  await machine.step("retrieve_data");
  await machine.step("assess");
  await machine.ask("approve");
  await machine.effects({ kind: "approval_timeout", step_id: "approve", escalated: false });
  const decision = { executionId: "by-boto3", stepId: "approve", version: 1, reason: null } as const;
  const refused = await harness.engine.decide({ ...decision, person: dana, decision: "approve" });
  expect(refused).toMatchObject({ kind: "refused", reason: "expired" });
  expect((await machine.state()).steps["approve"]?.approval?.status).toBe("expired");
});

test("nobody who could decide fails the step by name", async () => {
  const definition = flow([approvalStep("approve", { approvers: ["ghost@example.com"] })]);
  const { machine } = await machineOf(definition);
  await machine.begin();
  expect(await failureOf(machine.ask("approve"))).toMatchObject({ name: "Approval.NoApprover" });
  expect((await machine.state()).steps["approve"]?.status).toBe("failed");
});

test("a machine of another definition is refused with what to do, and writes nothing (D4)", async () => {
  const { harness, machine } = await machineOf();
  await machine.begin();
  const changed = await new Machine(harness, seedFlow({ version: "2.0" }), "by-boto3").deploy();
  const before = await harness.log("by-boto3");
  const failed = await failureOf(changed.step("retrieve_data"));
  expect(failed.name).toBe("Flow.Failed");
  expect(failed.message).toContain("npx revops deploy");
  expect(await harness.log("by-boto3")).toEqual(before);
});

test("a definition that nobody has stored is named", async () => {
  const harness = await startHarness({ flows: [], fires: false });
  const failed = await failureOf(new Machine(harness, seedFlow()).begin());
  expect(failed).toMatchObject({ name: "Flow.Failed" });
  expect(failed.message).toContain("is not in the store");
});

test("an output above 256 KiB fails by name before it is recorded", async () => {
  const agents = scriptedAgents({ retrieve: () => answer({ text: "x".repeat(300_000) }) });
  const { machine } = await machineOf(seedFlow(), { agents });
  await machine.begin();
  const failed = await failureOf(machine.step("retrieve_data"));
  expect(failed.name).toBe("Agent.InvalidOutput");
  expect(failed.message).toContain("The output of retrieve_data is 293 KiB; Step Functions passes on at most 256 KiB.");
  expect((await machine.state()).steps["retrieve_data"]?.status).toBe("failed");
});

test("a request above 256 KiB is refused by name before anything is read", async () => {
  const { machine } = await machineOf();
  const failed = await failureOf(machine.begin({ customer_id: "x".repeat(300_000) }));
  expect(failed).toMatchObject({ name: "Agent.InvalidOutput" });
});

test("what the machine alone knows is in the log before the step that depends on it", async () => {
  const definition = flow([
    waitStep("cool_off"),
    agentStep("maybe", "retrieve", { when: "${input.customer_id = 'beta'}" }),
    agentStep("last", "assess", { after: ["cool_off"] }),
  ]);
  const { machine } = await machineOf({
    ...definition,
    steps: definition.steps.map((step) =>
      step.id === "last" ? { ...step, depends_on: [...step.depends_on, { step: "maybe", optional: true }] } : step,
    ),
  });
  await machine.begin();
  const outputs = [
    { step_id: "cool_off", action: null, output: { waited_until: "2026-11-23T09:00:00.000Z" } },
    { step_id: "maybe", action: "retrieve", output: null },
  ];
  await machine.step("last", { outputs });
  const { steps, status, outcome } = await machine.state();
  expect(steps["cool_off"]?.status).toBe("succeeded");
  expect(steps["maybe"]).toMatchObject({ status: "skipped", skipped: "condition" });
  expect([status, outcome]).toEqual(["succeeded", "nothing_to_do"]);
});

test("items of a repetition, at once and in no order: each once, and the step ends with the last", async () => {
  const definition = flow([
    agentStep("each", "noop", { for_each: "${['a', 'b', 'c']}", parameters: { is: "${item}" } }),
  ]);
  const { machine } = await machineOf(definition);
  await machine.begin();
  await Promise.all(
    ["c", "a", "b"].map((is) => machine.step("each", { index: "abc".indexOf(is), parameters: { is } })),
  );
  const { steps, status } = await machine.state();
  expect(steps["each"]?.output).toEqual([{ is: "a" }, { is: "b" }, { is: "c" }]);
  expect(status).toBe("succeeded");
});

test("the end: failed as the machine says, a step that it gave up included, and the failure is told once", async () => {
  const definition = seedFlow({ failure_notification: "${admin_email}" });
  const { harness, machine } = await machineOf(definition);
  await machine.begin();
  const failures = [{ step_id: "retrieve_data", error: "States.Timeout", cause: "" }];
  const request = { kind: "failure", to: "revops@example.com", failures };
  await machine.effects(request);
  await machine.effects(request);
  await machine.actions({ kind: "end", status: "failed", outcome: null, steps: {} });
  const state = await machine.state();
  expect(state.failure).toMatchObject({ stepId: "retrieve_data", failure: { error: "Step.Timeout" } });
  expect(state.status).toBe("failed");
  expect(harness.world.count("by-boto3/#failure")).toBe(1);
});

test("what was done is taken back, and said where that can't be", async () => {
  const definition = flow([
    agentStep("first", "noop", {
      compensate: { agent: "execution_agent", action: "notify", parameters: { to: "dana@example.com" } },
    }),
    agentStep("second", "retrieve", { after: ["first"], on_error: "compensate" }),
  ]);
  const agents = scriptedAgents({
    retrieve: () => {
      throw new Error("no");
    },
  });
  const { harness, machine } = await machineOf(definition, { agents });
  await machine.begin();
  await machine.step("first");
  const failures = [{ step_id: "second", error: "Agent.Unavailable", cause: "no" }];
  await machine.effects({ kind: "failure", to: null, failures });
  const request = { kind: "compensate", step_id: "first", parameters: { to: "dana@example.com" }, output: {} };
  expect(await machine.effects(request)).toEqual({ compensated: true, cause: null });
  expect(await machine.effects(request)).toEqual({ compensated: true, cause: null });
  expect(harness.world.effects).toHaveLength(2);
  expect((await machine.state()).status).toBe("failed");
});

test("customers of a firing have the scheduler's ids; a paused flow finds nobody, and who is running is left out", async () => {
  const definition = seedFlow({ triggers: [{ ...schedule, filter: null }] });
  const { harness, machine } = await machineOf(definition);
  const request = { kind: "find_customers", flow_id: "renewal", hash: machine.hash, trigger: 0, after: null };
  const find = async () => {
    const found = await machine.find({ ...request, scheduled_at: "2026-11-23T09:00:00Z" });
    return answers.find_customers.parse(found);
  };
  const first = await find();
  expect(first.customers.map(({ customer_id }) => customer_id)).toEqual(["acme", "beta"]);
  expect(await find()).toEqual(first);
  await machine.begin();
  expect((await find()).customers.map(({ customer_id }) => customer_id)).toEqual(["beta"]);
  await harness.engine.pause({ flowId: "renewal", person: null });
  expect(await find()).toEqual({ customers: [], after: null });
});

const schedule = {
  type: "schedule",
  schedule: "cron(0 9 * * ? *)",
  timezone: null,
  catch_up: "latest",
  overlap: "skip",
  jitter_ms: 0,
} as const;

test("an embedded engine on the same store never drives, times or takes over what a service drives", async () => {
  const { harness, machine } = await machineOf(renewalFlow({ timeout_ms: 60_000 }));
  await machine.begin();
  await machine.step("retrieve_data");
  await machine.step("assess");
  await machine.ask("approve");
  const before = await harness.log("by-boto3");
  await harness.moveTo(harness.clock.now() + 10 * 86_400_000);
  await harness.engine.tick();
  await harness.engine.idle();
  expect(await harness.log("by-boto3")).toEqual(before);
  expect(harness.world.cards.size).toBe(0);
});

test("a follower shows the card, tells the decision with the token, and never the embedded engine's work", async () => {
  const { harness, machine } = await machineOf(renewalFlow());
  const told: unknown[] = [];
  const follower: Follower = {
    tell: async (_state, owed) => {
      told.push(owed);
      return { kind: "told", name: "by-boto3" };
    },
    running: async () => new Set(),
    endOf: async () => null,
  };
  await harness.engine.stop({ graceMs: 0 });
  const following = await startHarness({ flows: [renewalFlow()], fires: false, ...kept(harness), follower });
  await machine.begin();
  await machine.step("retrieve_data");
  await machine.step("assess");
  await machine.ask("approve");
  await following.engine.tick();
  await following.engine.idle();
  expect(following.world.card("approval")).toHaveLength(1);
  const decision = { executionId: "by-boto3", stepId: "approve", version: 1, reason: null } as const;
  await following.engine.decide({ ...decision, person: dana, decision: "approve" });
  await following.engine.idle();
  expect(told).toMatchObject([
    { kind: "answer", token: { token: "token-1" }, output: { output: { decision: "approved" } } },
  ]);
  await following.engine.tick();
  await following.engine.idle();
  expect(told).toHaveLength(1);
  expect((await machine.state()).steps["notify"]?.status).toBe("pending");
});

function kept({ store, world, clock }: Awaited<ReturnType<typeof startHarness>>) {
  return { store, world, clock };
}

/** Of a process that dies right before it records the first such event: nothing that it writes from then on arrives. */
function deadAt(type: string, store: StateStore): StateStore {
  let isDead = false;
  const append: StateStore["append"] = (parameters) => {
    isDead ||= parameters.entry.events.some((event) => event.type === type);
    return isDead ? new Promise(() => {}) : store.append(parameters);
  };
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (name === "append") return append;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
