/** The history of an execution: is everything in it that a person asks for afterwards, in order, and nothing secret? */
import { describe, expect, test } from "vitest";
import type { HistoryLine } from "../../src/engine/timeline-line.ts";
import { mostCharacters, timeline } from "../../src/engine/timeline.ts";
import { FailureError } from "../../src/flow/failure.ts";
import type { Step } from "../../src/flow/flow.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { agentStep, approvalStep, flow, flowStep, waitStep } from "./flows.ts";
import { kill, startHarness, type Harness, type HarnessOptions } from "./harness.ts";
import { answer, scriptedAgents } from "./scripted-agents.ts";
import { dana, lead, World } from "./world.ts";

const manual = { triggers: [] };
const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: dana };

async function started(steps: Step[], options: Partial<HarnessOptions> = {}) {
  const harness = await startHarness({ flows: [flow(steps, manual)], ...options });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  return { harness, executionId };
}

async function linesOf(harness: Harness, executionId: string): Promise<HistoryLine[]> {
  return (await harness.engine.history({ executionId })).lines;
}

function texts(lines: HistoryLine[]): string[] {
  return lines.map(({ text }) => text);
}

test("an approval from its asking to what was sent: who, why, what went in and came out", async () => {
  const steps = [
    agentStep("look", "noop", { parameters: { about: "${customer.id}" } }),
    approvalStep("ask", { after: ["look"], editable: [{ step: "look", field: "about" }] }),
    agentStep("notify", "notify", { after: ["ask"] }),
  ];
  const { harness, executionId } = await started(steps);
  const vote = { executionId, stepId: "ask", person: lead, decision: "approve" as const, reason: "looks right" };
  const edits = [{ step: "look", field: "about", value: "acme corp" }];
  expect(await harness.engine.edit({ executionId, stepId: "ask", version: 1, person: lead, edits })).toMatchObject({
    kind: "edited",
  });
  await harness.engine.decide({ ...vote, version: 2 });
  await harness.engine.idle();
  const lines = await linesOf(harness, executionId);
  expect(texts(lines)).toEqual([
    "Started for Customer acme by Dana Reyes.",
    "look began.",
    "look succeeded.",
    "ask asks Dana Reyes or a RevOps lead to decide, until Thu 26 Nov, 08:00 UTC.",
    "Morgan Lee edited what ask is about: look.about. What was approved before counts no more.",
    "Morgan Lee approved ask, because: looks right.",
    "ask is approved.",
    "notify began.",
    "notify is to send: mail to dana@example.com: s and message to dana@example.com.",
    "notify: mail to dana@example.com: s: being sent.",
    "notify: message to dana@example.com: being sent.",
    "notify: mail to dana@example.com: s: done (email sent).",
    "notify: message to dana@example.com: done (slack_message sent).",
    "notify succeeded.",
    "Succeeded: completed.",
  ]);
  expect(lines[0]).toMatchObject({
    kind: "execution_started",
    input: { capped: false, value: { customer_id: "acme" } },
  });
  expect(lines[1]?.input).toEqual({ capped: false, value: { about: "acme" } });
  expect(lines[2]?.output).toEqual({ capped: false, value: { about: "acme" } });
  expect(lines[4]?.input).toEqual({ capped: false, value: { "look.about": "acme corp" } });
  expect(lines[5]?.details).toMatchObject({ by: { name: "Morgan Lee" }, decision: "approve", reason: "looks right" });
  expect(lines[11]?.details).toMatchObject({ receipt: { id: `${executionId}/notify/email`, summary: "email sent" } });
});

test("failures with the time of the next attempt, lost attempts and who took over, a redrive by hand", async () => {
  let calls = 0;
  const look = () => {
    calls += 1;
    if (calls === 1) throw new FailureError({ error: "Agent.Unavailable", cause: "503" });
    if (calls === 3) throw new FailureError({ error: "Input.Invalid", cause: "not today" });
    return answer({});
  };
  const agents = scriptedAgents({ look, hang: () => (calls < 3 ? new Promise<never>(() => {}) : answer({})) });
  const store = new MemoryStateStore();
  const steps = [
    agentStep("first", "look"),
    agentStep("long", "hang", { after: ["first"] }),
    agentStep("last", "look", { after: ["long"] }),
  ];
  const first = await startHarness({ flows: [flow(steps, manual)], agents, store });
  const { executionId } = await first.engine.start(acme);
  await first.engine.idle();
  first.clock.moveTo((await first.engine.nextDue()) ?? 0);
  await first.engine.tick();
  await expect.poll(async () => (await first.engine.execution({ executionId })).steps["long"]?.status).toBe("running");
  await kill(first);
  calls = 2;
  const next = await startHarness({
    flows: [flow(steps, manual)],
    agents: scriptedAgents({ look, hang: () => answer({}) }),
    store,
    world: first.world,
    clock: first.clock,
    seed: 2,
  });
  await next.engine.idle();
  await next.engine.redrive({ executionId, person: lead });
  await next.engine.idle();
  const lines = await linesOf(next, executionId);
  expect(texts(lines).map((text) => text.replace(/begins in .*\./, "begins in N."))).toEqual([
    "Started for Customer acme by Dana Reyes.",
    "first began.",
    "first: attempt 1 failed with Agent.Unavailable: 503; the next begins in N.",
    "first began, attempt 2.",
    expect.stringMatching(/^first succeeded after /),
    "long began.",
    "Another process took it over.",
    "long lost attempt 1: its process died or was cut off.",
    "long began, attempt 2.",
    "long succeeded.",
    "last began.",
    "last: attempt 1 failed with Input.Invalid: not today; is not tried again.",
    "last failed: Input.Invalid: not today.",
    "Failed at last: Input.Invalid: not today.",
    "Morgan Lee redrove it: what had not succeeded starts again.",
    "last began, attempt 2.",
    "last succeeded.",
    "Succeeded: completed.",
  ]);
  const failed = lines.find(({ kind }) => kind === "attempt_failed");
  expect(failed?.details).toMatchObject({ attempt: 1, failure: { error: "Agent.Unavailable" } });
  expect(failed?.details["retry_at"]).toBe(lines[3]?.at);
});

test("items, a wait, a sub-flow, a doubt and its answer, and what is taken back", async () => {
  const world = new World();
  world.fault = ({ effect, times }) => (effect.kind === "email" && times === 1 ? { kind: "answer_lost" } : null);
  const undo = { agent: "data_agent" as const, action: "noop", parameters: { was: "${each}" } };
  const child = flow([agentStep("inner", "noop")], { ...manual, flow_id: "child" });
  const steps = [
    agentStep("each", "noop", { for_each: "${[1, 2]}", parameters: { n: "${item}" }, compensate: undo }),
    waitStep("cool_off", { after: ["each"] }),
    flowStep("onboard", "child", { after: ["cool_off"] }),
    agentStep("notify", "notify", { after: ["onboard"] }),
    approvalStep("ask", { after: ["notify"] }),
  ];
  const { harness, executionId } = await started(steps, { world, flows: [flow(steps, manual), child] });
  await harness.moveTo(harness.clock.now() + 3_600_000);
  const effectKey = `${executionId}/notify/email`;
  expect(await harness.engine.resolveDoubt({ effectKey, person: lead, answer: "arrived" })).toMatchObject({
    kind: "recorded",
  });
  await harness.engine.idle();
  await harness.engine.abort({ executionId, person: lead, compensate: true });
  await harness.engine.idle();
  const { items } = await harness.store.list({ filter: { parentId: executionId }, limit: 1 });
  const childId = items[0]?.execution_id ?? "no child";
  const lines = await linesOf(harness, executionId);
  const told = texts(lines);
  for (const expected of [
    "each repeats for 2 items.",
    "each, item 2 began.",
    "each, item 2 succeeded.",
    "cool_off waits until Mon 23 Nov, 09:00 UTC.",
    "cool_off succeeded after 1 h.",
    `onboard started the execution ${childId} of child.`,
    "notify: mail to dana@example.com: s: nobody knows whether it arrived. no answer",
    "notify: mail to dana@example.com: s: Morgan Lee said: it arrived.",
    "Morgan Lee aborted it: what was under way is cut off; what it did is taken back first.",
    "ask is withdrawn.",
    "What was done is taken back: each.",
    "The compensation of each began.",
    "The compensation of each succeeded.",
    "Aborted.",
  ])
    expect(told).toContain(expected);
  expect(lines.find(({ text }) => text === "each, item 2 began.")).toMatchObject({ step_id: "each", part: 1 });
  expect(lines.find(({ kind }) => kind === "flow_started")?.details).toEqual({ execution_id: childId });
  expect(lines.find(({ text }) => text.startsWith("The compensation"))).toMatchObject({ part: "compensation" });
});

describe("what is shown of a value", () => {
  test("a long output: its beginning, and that it is one", async () => {
    const big = "x".repeat(5_000);
    const { harness, executionId } = await started([agentStep("look", "noop", { parameters: { big } })]);
    const lines = await linesOf(harness, executionId);
    const capped = { capped: true, beginning: `{"big":"${"x".repeat(mostCharacters - 8)}`, characters: 5_010 };
    expect(lines[1]?.input).toEqual(capped);
    expect(lines[2]?.output).toEqual(capped);
  });

  test("one of exactly as many characters as are shown stands whole", async () => {
    const big = "x".repeat(mostCharacters - '{"big":""}'.length);
    const { harness, executionId } = await started([agentStep("look", "noop", { parameters: { big } })]);
    expect((await linesOf(harness, executionId))[1]?.input).toEqual({ capped: false, value: { big } });
  });

  test("a secret in parameters, in an output, in a failure, in a reason, in an edit: nowhere", async () => {
    const token = ["xoxb", "123456", "abcdefghij"].join("-");
    const steps = [
      agentStep("look", "noop", { parameters: { api_key: "hunter2", note: `use ${token} for it` } }),
      agentStep("odd", "odd", { on_error: "continue" }),
      approvalStep("ask", { after: ["look", "odd"], editable: [{ step: "look", field: "api_key" }] }),
    ];
    const odd = () => {
      throw new FailureError({ error: "Input.Invalid", cause: `refused Bearer ${token}` });
    };
    const { harness, executionId } = await started(steps, { agents: scriptedAgents({ odd }) });
    const edits = [{ step: "look", field: "api_key", value: "hunter3" }];
    await harness.engine.edit({ executionId, stepId: "ask", version: 1, person: lead, edits });
    const vote = { executionId, stepId: "ask", version: 2, person: lead, decision: "reject" as const };
    await harness.engine.decide({ ...vote, reason: `it holds ${token}` });
    await harness.engine.idle();
    expect(JSON.stringify(await harness.log(executionId))).toContain("hunter3");
    const shown = JSON.stringify(await harness.engine.history({ executionId }));
    expect(shown).not.toMatch(/hunter|abcdefghij/);
    expect(shown).toContain("[redacted]");
  });
});

test("a clock that goes back: times don't, and what was recorded is told", () => {
  const definition = flow([agentStep("look", "noop")], manual);
  const start = {
    type: "execution_started" as const,
    at: 1_000,
    execution_id: "e",
    flow_id: "renewal",
    flow_version: "1.0",
    definition_hash: "h",
    started_by: { type: "manual" as const, person: null },
    batch_id: null,
    input: {},
    customer: null,
    variables: {},
    timezone: "UTC",
    slots: [],
  };
  const events = [start, { type: "step_started" as const, at: 400, step_id: "look", attempt: 1, parameters: {} }];
  const lines = timeline({ definition, entries: [{ execution_id: "e", sequence: 1, epoch: 0, events }] })?.lines ?? [];
  expect(lines.map(({ at }) => at)).toEqual([1_000, 1_000]);
  expect(lines[1]?.details).toMatchObject({ recorded_at: 400 });
});

test("the newest executions of a flow, with how they stand and how long they took", async () => {
  const steps = [approvalStep("ask")];
  const harness = await startHarness({
    flows: [flow(steps, manual), flow([agentStep("look", "noop")], { ...manual, flow_id: "other" })],
  });
  const first = await harness.engine.start(acme);
  await harness.engine.idle();
  harness.clock.moveTo(harness.clock.now() + 60_000);
  const vote = {
    executionId: first.executionId,
    stepId: "ask",
    version: 1,
    person: lead,
    decision: "approve" as const,
  };
  await harness.engine.decide({ ...vote, reason: null });
  await harness.engine.idle();
  const later = await harness.engine.start(acme);
  await harness.engine.start({ ...acme, flowId: "other" });
  await harness.engine.idle();
  harness.clock.moveTo(harness.clock.now() + 5_000);
  expect(await harness.engine.recent({ flowId: "renewal", limit: 5 })).toMatchObject([
    { execution_id: later.executionId, status: "running", ended_at: null, duration_ms: 5_000 },
    { execution_id: first.executionId, status: "succeeded", outcome: "completed", duration_ms: 60_000 },
  ]);
  expect(await harness.engine.recent({ limit: 2 })).toHaveLength(2);
  await expect(harness.engine.recent({ flowId: "renewel", limit: 5 })).rejects.toMatchObject({
    message: "There is no flow renewel, and there never was an execution of it.",
    suggestion: "renewal",
  });
});
