/** How things stand now, as a monitor sees it: right, and cheap however often it asks. */
import { expect, test } from "vitest";
import { Gauges } from "../../src/engine/metrics-gauges.ts";
import { toldByOthers } from "../../src/engine/follower.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";
import { startHarness, type Harness } from "./harness.ts";
import { customer } from "./scripted-agents.ts";
import { lead, World } from "./world.ts";

const manual = { triggers: [] };
const hour = 3_600_000;

async function start(harness: Harness, customerId: string, flowId = "renewal"): Promise<string> {
  const { executionId } = await harness.engine.start({ flowId, input: { customer_id: customerId }, person: null });
  await harness.engine.idle();
  return executionId;
}

/** How often the store was asked for which list. */
function counting(store: StateStore): string[] {
  const asked: string[] = [];
  const list = store.list.bind(store);
  store.list = (parameters) => {
    asked.push(parameters.filter.status ?? "all");
    return list(parameters);
  };
  return asked;
}

test("waiting approvals with the oldest one's age, a queue, a doubt, what has ended; a flow without executions too", async () => {
  const world = new World();
  world.fault = ({ effect }) => (effect.kind === "email" ? { kind: "answer_lost" } : null);
  const flows = [
    flow([approvalStep("ask")], { ...manual, concurrency: { key: "all", limit: 2 } }),
    flow([agentStep("notify", "notify")], { ...manual, flow_id: "sending" }),
    flow([agentStep("look", "noop")], { ...manual, flow_id: "never" }),
  ];
  const customers = ["a", "b", "c", "d"].map((id) => customer(id));
  const harness = await startHarness({ flows, customers, world });
  const gauges = new Gauges(harness.context);
  const first = await start(harness, "a");
  await harness.moveTo(harness.clock.now() + hour);
  for (const id of ["b", "c", "d"]) await start(harness, id);
  await start(harness, "a", "sending");
  await harness.moveTo(harness.clock.now() + hour);
  const none = { running: 0, succeeded: 0, failed: 0, timed_out: 0, aborted: 0 };
  const nothing = { approvals_waiting: 0, oldest_approval_ms: 0, doubts: 0, queued: 0, longest_overdue_ms: 0 };
  expect(await gauges.read()).toEqual([
    { flow_id: "never", executions: none, ...nothing },
    {
      flow_id: "renewal",
      executions: { ...none, running: 4 },
      approvals_waiting: 2,
      oldest_approval_ms: 2 * hour,
      doubts: 0,
      queued: 2,
      longest_overdue_ms: 0,
    },
    { flow_id: "sending", executions: { ...none, running: 1 }, ...nothing, doubts: 1 },
  ]);
  const vote = { stepId: "ask", version: 1, person: lead, decision: "approve" as const, reason: null };
  await harness.engine.decide({ executionId: first, ...vote });
  await harness.engine.idle();
  expect((await new Gauges(harness.context).read())[1]).toMatchObject({
    executions: { running: 3, succeeded: 1 },
    approvals_waiting: 2,
    oldest_approval_ms: hour,
    queued: 1,
  });
});

test("a monitor that asks every second: what has ended is counted once a minute, and two at once share a reading", async () => {
  const harness = await startHarness({ flows: [flow([agentStep("look", "noop")], manual)] });
  await start(harness, "acme");
  const gauges = new Gauges(harness.context);
  const asked = counting(harness.store);
  const [one, other] = await Promise.all([gauges.read(), gauges.read()]);
  expect(other).toBe(one);
  await gauges.read();
  expect(asked.toSorted()).toEqual(["aborted", "failed", "running", "running", "succeeded", "timed_out"]);
  await start(harness, "beta");
  expect((await gauges.read())[0]?.executions.succeeded).toBe(1);
  await harness.moveTo(harness.clock.now() + 60_000);
  expect((await gauges.read())[0]?.executions.succeeded).toBe(2);
});

test("where counting what has ended takes long, it is done more rarely", async () => {
  const harness = await startHarness({ flows: [flow([agentStep("look", "noop")], manual)] });
  await start(harness, "acme");
  let now = 0;
  let isSlow = true;
  const realTime = { ...harness.context.realTime, now: () => now };
  const gauges = new Gauges({ ...harness.context, realTime });
  const list = harness.store.list.bind(harness.store);
  harness.store.list = (parameters) => {
    if (isSlow && parameters.filter.status === "failed") now += 3_000;
    return list(parameters);
  };
  const succeeded = async () => (await gauges.read())[0]?.executions.succeeded;
  expect(await succeeded()).toBe(1);
  isSlow = false;
  await start(harness, "beta");
  now = 599_999;
  expect(await succeeded()).toBe(1);
  now = 600_000;
  expect(await succeeded()).toBe(2);
});

test("a store that can't be read: the next reading asks again", async () => {
  const harness = await startHarness({ flows: [flow([agentStep("look", "noop")], manual)] });
  await start(harness, "acme");
  const gauges = new Gauges(harness.context);
  const list = harness.store.list.bind(harness.store);
  harness.store.list = () => Promise.reject(new Error("locked"));
  await expect(gauges.read()).rejects.toThrow("locked");
  harness.store.list = list;
  expect((await gauges.read())[0]?.executions.succeeded).toBe(1);
});

test("how long a start has been owed that the service doesn't take", async () => {
  // Who tells the service nothing is refused as one that is throttled.
  const follower = toldByOthers;
  const flows = [flow([agentStep("look", "noop")], manual)];
  const harness = await startHarness({ flows, fires: false, follower });
  await start(harness, "acme");
  await harness.moveTo(harness.clock.now() + hour);
  const [gauges] = await new Gauges(harness.context).read();
  expect(gauges).toMatchObject({ executions: { running: 1 }, longest_overdue_ms: hour });
});
