/** The figures of a flow: right for what happened, empty for what didn't, and cheap enough to ask for while people click. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { percentiles } from "../../src/engine/metrics-percentiles.ts";
import { mostExecutions, spanMs } from "../../src/engine/metrics-reading.ts";
import { FailureError } from "../../src/flow/failure.ts";
import type { ExecutionHeader } from "../../src/flow/record.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { CorruptRecordError } from "../../src/state/state-store.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";
import { startHarness, type Harness } from "./harness.ts";
import { answer, customer, scriptedAgents, type Script } from "./scripted-agents.ts";
import { lead, World } from "./world.ts";

const manual = { triggers: [] };
const minute = 60_000;
const broken: Script = () => {
  throw new FailureError({ error: "Input.Invalid", cause: "no" });
};

async function start(harness: Harness, customerId: string, flowId = "renewal"): Promise<string> {
  const { executionId } = await harness.engine.start({ flowId, input: { customer_id: customerId }, person: null });
  await harness.engine.idle();
  return executionId;
}

async function decide(harness: Harness, executionId: string, decision: "approve" | "reject"): Promise<void> {
  const vote = { executionId, stepId: "ask", version: 1, person: lead, decision, reason: "so" };
  expect(await harness.engine.decide(vote)).toMatchObject({ kind: "recorded" });
  await harness.engine.idle();
}

describe("percentiles", () => {
  test("of nothing there are none; of one it is both", () => {
    expect(percentiles([])).toEqual({ p50: null, p95: null });
    expect(percentiles([7])).toEqual({ p50: 7, p95: 7 });
  });

  test("are values that occurred, with at least that share at or below them, and no smaller one has it", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 300 }), (values) => {
        const found = percentiles(values);
        for (const [share, value] of [
          [50, found.p50],
          [95, found.p95],
        ] as const) {
          const upTo = (limit: number) => values.filter((one) => one <= limit).length * 100;
          expect(values).toContain(value);
          expect(upTo(value ?? -1)).toBeGreaterThanOrEqual(share * values.length);
          const smaller = values.filter((one) => one < (value ?? -1)).length * 100;
          expect(smaller).toBeLessThan(share * values.length);
        }
      }),
    );
  });

  test("of the numbers 1 to 20, by nearest rank", () => {
    expect(percentiles(Array.from({ length: 20 }, (_, index) => 20 - index))).toEqual({ p50: 10, p95: 19 });
  });
});

test("a flow with every kind of end: counts, outcomes, rates, ages", async () => {
  let calls = 0;
  const flaky = () => {
    calls += 1;
    if (calls === 1) throw new FailureError({ error: "Agent.Unavailable", cause: "503" });
    if (calls === 6) throw new FailureError({ error: "Input.Invalid", cause: "no" });
    return answer({});
  };
  const world = new World();
  const steps = [
    agentStep("look", "flaky"),
    approvalStep("ask", { after: ["look"] }),
    agentStep("notify", "notify", { after: ["ask"] }),
  ];
  const customers = ["a", "b", "c", "d", "e"].map((id) => customer(id));
  const agents = scriptedAgents({ flaky });
  const harness = await startHarness({ flows: [flow(steps, manual)], customers, agents, world });
  const began = harness.clock.now();
  const approved = await start(harness, "a");
  await harness.moveTo(began + minute);
  const rejected = await start(harness, "b");
  const aborted = await start(harness, "c");
  await start(harness, "d");
  await start(harness, "e");
  await harness.moveTo(began + 10 * minute);
  await decide(harness, approved, "approve");
  await decide(harness, rejected, "reject");
  await harness.engine.abort({ executionId: aborted, person: lead, compensate: false });
  await harness.engine.idle();

  const { flows, executions, cut, unreadable, since, until } = await harness.engine.metrics({});
  expect({ executions, cut, unreadable, span: until - since }).toEqual({
    executions: 5,
    cut: false,
    unreadable: [],
    span: spanMs,
  });
  expect(flows).toHaveLength(1);
  expect(flows[0]).toMatchObject({
    flow_id: "renewal",
    count: 5,
    running: 1,
    succeeded: 2,
    failed: 1,
    timed_out: 0,
    aborted: 1,
    outcomes: { completed: 1, rejected: 1, expired: 0, nothing_to_do: 0 },
    success_rate: 0.5,
    retries: 1,
    lost_attempts: 0,
    effects: { performed: 2, failed: 0, doubtful: 0 },
    duration_ms: { p50: 9 * minute, p95: 10 * minute },
    approvals: { count: 4, approved: 1, rejected: 1, expired: 0, withdrawn: 1, waiting: 1 },
  });
  expect(flows[0]?.approvals.decided_age_ms.p50).toBe(9 * minute);
  expect(flows[0]?.approvals.decided_age_ms.p95).toBeGreaterThan(9 * minute);
  expect(flows[0]?.approvals.waiting_age_ms).toEqual({ p50: 9 * minute, p95: 9 * minute });
  expect(flows[0]?.steps).toMatchObject([
    { step_id: "look", count: 5, succeeded: 4, failed: 1, success_rate: 0.8, retries: 1 },
    { step_id: "ask", count: 5, open: 1, succeeded: 2, skipped: 1, aborted: 1, approvals: { count: 4 } },
    { step_id: "notify", count: 4, open: 0, succeeded: 1, skipped: 2, aborted: 1, effects: { performed: 2 } },
  ]);
});

test("a doubt that somebody answered, and the mail about a failure, which is nobody's step's", async () => {
  const world = new World();
  world.fault = ({ effect }) => (effect.kind === "email" ? { kind: "answer_lost" } : null);
  const steps = [agentStep("notify", "notify"), agentStep("work", "broken", { after: ["notify"] })];
  const definition = flow(steps, { ...manual, failure_notification: "ops@example.com" });
  const harness = await startHarness({ flows: [definition], world, agents: scriptedAgents({ broken }) });
  const executionId = await start(harness, "acme");
  await harness.engine.resolveDoubt({ effectKey: `${executionId}/notify/email`, person: lead, answer: "arrived" });
  await harness.engine.idle();
  const { flows } = await harness.engine.metrics({});
  expect(flows[0]).toMatchObject({ failed: 1, effects: { performed: 2, failed: 0, doubtful: 1 } });
  expect(flows[0]?.steps[1]).toMatchObject({ step_id: "work", effects: { performed: 0, failed: 0, doubtful: 0 } });
});

test("nothing has run: no flow, no figure, nothing that is not a number", async () => {
  const harness = await startHarness({ flows: [flow([agentStep("look", "noop")], manual)] });
  expect((await harness.engine.metrics({ flowId: "renewal" })).flows).toEqual([]);
  await expect(harness.engine.metrics({ flowId: "renewl" })).rejects.toMatchObject({ suggestion: "renewal" });
  const approval = await startHarness({ flows: [flow([approvalStep("ask")], manual)] });
  await start(approval, "acme");
  const [only] = (await approval.engine.metrics({})).flows;
  expect(only).toMatchObject({
    success_rate: null,
    duration_ms: { p50: null, p95: null },
    approvals: { decided_age_ms: { p50: null, p95: null } },
  });
  expect(JSON.stringify(only)).not.toContain("NaN");
});

test("only what started in the span, and only of that flow", async () => {
  const look = [agentStep("look", "noop")];
  const flows = [flow(look, manual), flow(look, { ...manual, flow_id: "other" })];
  const harness = await startHarness({ flows });
  await start(harness, "acme");
  await harness.moveTo(harness.clock.now() + 60 * minute);
  const since = harness.clock.now();
  await start(harness, "beta");
  await start(harness, "acme", "other");
  const counts = async (asked: { flowId?: string; since?: number }) =>
    (await harness.engine.metrics(asked)).flows.map(({ flow_id, count }) => [flow_id, count]);
  expect(await counts({})).toEqual([
    ["other", 1],
    ["renewal", 2],
  ]);
  expect(await counts({ flowId: "renewal" })).toEqual([["renewal", 2]]);
  expect(await counts({ flowId: "renewal", since })).toEqual([["renewal", 1]]);
  expect(await counts({ since: since + 1 })).toEqual([]);
});

test("a log that can't be read is named, and the others count", async () => {
  const store = new MemoryStateStore();
  const harness = await startHarness({ flows: [flow([agentStep("look", "noop")], manual)], store });
  const corrupt = await start(harness, "acme");
  await start(harness, "beta");
  const readLog = store.readLog.bind(store);
  store.readLog = (asked) =>
    asked.executionId === corrupt ? Promise.reject(new CorruptRecordError("not a record")) : readLog(asked);
  expect(await harness.engine.metrics({})).toMatchObject({
    executions: 1,
    unreadable: [corrupt],
    flows: [{ count: 1, succeeded: 1 }],
  });
  expect(harness.logged).toContain("an execution is left out of the figures: not a record");
});

test("more executions than are read: the newest, it is said, and others have their turn meanwhile", async () => {
  const store = new MemoryStateStore();
  const harness = await startHarness({ flows: [flow([agentStep("look", "noop")], manual)], store });
  const executionId = await start(harness, "acme");
  const header = await store.getHeader({ executionId });
  const entries = await store.readLog({ executionId, after: 0 });
  const copies = Array.from({ length: mostExecutions + 1 }, (_, index): ExecutionHeader[] =>
    header === null ? [] : [{ ...header, execution_id: `copy-${index}` }],
  ).flat();
  store.list = async () => ({ items: copies, next: null });
  store.readLog = async () => entries;
  let turns = 0;
  let isAsking = true;
  const turn = () => {
    turns += 1;
    if (isAsking) setImmediate(turn);
  };
  setImmediate(turn);
  const metrics = await harness.engine.metrics({});
  isAsking = false;
  expect(metrics).toMatchObject({ executions: mostExecutions, cut: true, flows: [{ count: mostExecutions }] });
  expect(turns).toBeGreaterThan(mostExecutions / 10);
});
