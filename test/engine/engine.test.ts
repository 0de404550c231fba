import { describe, expect, test } from "vitest";
import { FailureError } from "../../src/flow/failure.ts";
import { agentStep, flow, renewalFlow, seedFlow } from "./flows.ts";
import { kill, startHarness } from "./harness.ts";
import { answer, customer, scriptedAgents } from "./scripted-agents.ts";
import { dana, lead, outsider } from "./world.ts";
import { countingStore } from "../state/faulty-store.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";

const day = 86_400_000;
const manual = { triggers: [] };
const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };

describe("retries (F1)", () => {
  test("a throttled action is tried again, no sooner than it asked, and its result counts once", async () => {
    const times: number[] = [];
    const agents = scriptedAgents({
      retrieve: (request) => {
        times.push(request.context.now);
        if (times.length < 3)
          throw new FailureError({ error: "Agent.Throttled", cause: "slow down" }, { retryAfterMs: 90_000 });
        return answer({ usage: 1 });
      },
    });
    const harness = await startHarness({ flows: [seedFlow(manual)], agents });
    const { executionId } = await harness.engine.start(acme);
    await harness.moveTo(harness.clock.now() + 10 * 60_000);
    const report = await harness.engine.report({ executionId });
    expect(report.header.status).toBe("succeeded");
    expect(report.steps[0]).toMatchObject({ status: "succeeded", attempts: 3 });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(90_000);
  });

  test("a validation error is never tried again", async () => {
    let calls = 0;
    const agents = scriptedAgents({
      retrieve: () => {
        calls += 1;
        throw new FailureError({ error: "Input.Invalid", cause: "include_fields names foo" });
      },
    });
    const harness = await startHarness({ flows: [seedFlow(manual)], agents });
    const { executionId } = await harness.engine.start(acme);
    await harness.moveTo(harness.clock.now() + day);
    expect(calls).toBe(1);
    expect((await harness.engine.report({ executionId })).failure).toBe("Input.Invalid: include_fields names foo");
  });

  test("when retries are spent: the notice once, a card that offers Redrive, and Redrive goes on from the failed step", async () => {
    let broken = true;
    let retrieved = 0;
    const agents = scriptedAgents({
      retrieve: () => {
        retrieved += 1;
        return answer({});
      },
      assess: () => {
        if (broken) throw new FailureError({ error: "Agent.Unavailable", cause: "down" });
        return answer({ over_threshold: true });
      },
    });
    const harness = await startHarness({
      flows: [seedFlow({ ...manual, failure_notification: "${admin_email}" })],
      agents,
    });
    const { executionId } = await harness.engine.start(acme);
    await harness.moveTo(harness.clock.now() + day);
    expect((await harness.engine.report({ executionId })).steps[1]).toMatchObject({ status: "failed", attempts: 4 });
    expect(harness.world.ofKind("email")).toMatchObject([
      { effect: { to: "revops@example.com", subject: "renewal for Customer acme failed" } },
    ]);
    expect(harness.world.card("failure")).toMatchObject([{ stepId: "assess", redriven: null }]);
    broken = false;
    expect(await harness.engine.redrive({ executionId, person: outsider })).toMatchObject({ kind: "refused" });
    expect(await harness.engine.redrive({ executionId, person: lead })).toMatchObject({
      kind: "recorded",
      ended: true,
    });
    await harness.engine.idle();
    expect((await harness.engine.report({ executionId })).header).toMatchObject({
      status: "succeeded",
      outcome: "completed",
    });
    expect(retrieved).toBe(1);
    expect(harness.world.card("failure")).toMatchObject([{ redriven: { by: lead } }]);
    expect(await harness.engine.redrive({ executionId, person: lead })).toMatchObject({ kind: "refused" });
  });

  test("independent branches finish after a failure", async () => {
    const steps = [
      agentStep("bad", "boom"),
      agentStep("good", "noop"),
      agentStep("after_good", "noop", { after: ["good"] }),
      agentStep("after_bad", "noop", { after: ["bad"] }),
    ];
    const agents = scriptedAgents({
      boom: () => {
        throw new FailureError({ error: "Input.Invalid", cause: "no" });
      },
    });
    const harness = await startHarness({ flows: [flow(steps)], agents });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    const { steps: reports, header } = await harness.engine.report({ executionId });
    expect(header.status).toBe("failed");
    expect(reports.map(({ status }) => status)).toEqual(["failed", "succeeded", "succeeded", "skipped"]);
  });

  test("a step that says continue lets its dependents see the failure", async () => {
    const steps = [
      agentStep("bad", "boom", { on_error: "continue" }),
      agentStep("after_bad", "noop", { after: ["bad"], parameters: { seen: "${bad.error}" } }),
    ];
    const agents = scriptedAgents({
      boom: () => {
        throw new FailureError({ error: "Input.Invalid", cause: "no" });
      },
    });
    const harness = await startHarness({ flows: [flow(steps)], agents });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    expect((await harness.engine.report({ executionId })).header).toMatchObject({
      status: "succeeded",
      outcome: "completed",
    });
    const events = (await harness.log(executionId)).flatMap((entry) => entry.events);
    expect(events).toContainEqual(
      expect.objectContaining({ type: "step_succeeded", step_id: "after_bad", output: { seen: "Input.Invalid" } }),
    );
  });
});

describe("effects (E2)", () => {
  test("a mail whose answer is lost is not sent again but asked about; the others go on", async () => {
    const harness = await startHarness({ flows: [seedFlow(manual)] });
    harness.world.fault = ({ effect }) => (effect.kind === "email" ? { kind: "answer_lost" } : null);
    const { executionId } = await harness.engine.start(acme);
    await harness.moveTo(harness.clock.now() + day);
    expect(harness.world.ofKind("email")).toHaveLength(1);
    expect(harness.world.ofKind("slack_message")).toHaveLength(1);
    const [doubt] = harness.world.card("doubt");
    expect(doubt).toMatchObject({ resolved: null, cause: "no answer" });
    expect((await harness.engine.report({ executionId })).header.waiting_for).toMatchObject([
      { kind: "doubt", step_id: "notify" },
    ]);
    const effectKey = doubt?.effectKey ?? "";
    expect(await harness.engine.resolveDoubt({ effectKey, person: outsider, answer: "send_again" })).toMatchObject({
      kind: "refused",
    });
    expect(await harness.engine.resolveDoubt({ effectKey, person: lead, answer: "arrived" })).toMatchObject({
      kind: "recorded",
    });
    await harness.engine.idle();
    expect(harness.world.ofKind("email")).toHaveLength(1);
    expect((await harness.engine.report({ executionId })).header).toMatchObject({ status: "succeeded", open: false });
    expect(harness.world.card("doubt")).toMatchObject([{ resolved: { answer: "arrived", by: lead } }]);
    expect(await harness.engine.resolveDoubt({ effectKey, person: lead, answer: "send_again" })).toMatchObject({
      kind: "refused",
    });
  });

  test("send again is a new generation with its own key", async () => {
    const harness = await startHarness({ flows: [seedFlow(manual)] });
    harness.world.fault = ({ effect, times, key }) =>
      effect.kind === "email" && times === 1 && !key.includes("#2") ? { kind: "request_lost" } : null;
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    const effectKey = harness.world.card("doubt")[0]?.effectKey ?? "";
    await harness.engine.resolveDoubt({ effectKey, person: lead, answer: "send_again" });
    await harness.engine.idle();
    expect(harness.world.ofKind("email").map(({ key }) => key)).toEqual([`${executionId}/notify/email#2`]);
    expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
    expect(harness.world.card("doubt")).toMatchObject([{ effectKey, resolved: { answer: "send_again" } }]);
  });

  test("a message whose answer is lost is looked for, and not posted twice", async () => {
    const harness = await startHarness({ flows: [seedFlow(manual)] });
    harness.world.fault = ({ effect, times }) => {
      if (effect.kind !== "slack_message" || times > 2) return null;
      return { kind: times === 1 ? "request_lost" : "answer_lost" };
    };
    await harness.engine.start(acme);
    await harness.moveTo(harness.clock.now() + day);
    expect(harness.world.ofKind("slack_message")).toHaveLength(1);
    expect(harness.world.card("doubt")).toEqual([]);
  });

  test("the calendar has no doubts: the same id again is the same event", async () => {
    const harness = await startHarness({ flows: [seedFlow(manual)] });
    harness.world.fault = ({ effect, times }) =>
      effect.kind === "calendar_event" && times < 3 ? { kind: "answer_lost" } : null;
    const { executionId } = await harness.engine.start(acme);
    await harness.moveTo(harness.clock.now() + day);
    expect(harness.world.ofKind("calendar_event")).toHaveLength(1);
    expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
  });

  test("a refused mail fails the step by name and the other effect of the step is not repeated", async () => {
    const harness = await startHarness({ flows: [seedFlow(manual)] });
    harness.world.fault = ({ effect }) => (effect.kind === "email" ? { kind: "refused" } : null);
    const { executionId } = await harness.engine.start(acme);
    await harness.moveTo(harness.clock.now() + day);
    expect((await harness.engine.report({ executionId })).failure).toBe("Effect.Refused: 550 no such user");
    harness.world.fault = () => null;
    await harness.engine.redrive({ executionId, person: lead });
    await harness.engine.idle();
    expect(harness.world.ofKind("slack_message")).toHaveLength(1);
    expect(harness.world.ofKind("email")).toHaveLength(1);
    expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
  });
});

describe("starts", () => {
  test("the same start key makes one execution", async () => {
    const harness = await startHarness({ flows: [renewalFlow()] });
    const start = () => harness.engine.start({ ...acme, startKey: "one" });
    const answers = await Promise.all([start(), start(), start()]);
    expect(new Set(answers.map(({ executionId }) => executionId)).size).toBe(1);
    await harness.engine.idle();
    expect(harness.world.card("approval")).toHaveLength(1);
  });

  test("a second start about the same customer names the running one", async () => {
    const harness = await startHarness({ flows: [renewalFlow()] });
    const first = await harness.engine.start(acme);
    await harness.engine.idle();
    expect(await harness.engine.start(acme)).toMatchObject({ kind: "already_running", executionId: first.executionId });
  });

  test.each([
    [{ flowId: "renewl", input: {} }, /There is no flow renewl/, "renewal"],
    [{ flowId: "renewal", input: {} }, /renewal needs customer_id/, null],
    [{ flowId: "renewal", input: { customer_id: "acme", colour: "red" } }, /no input colour/, null],
    [{ flowId: "renewal", input: { customer_id: "nobody" } }, /There is no customer nobody/, null],
  ])("bad input %j says what to do and starts nothing", async (request, message, suggestion) => {
    const harness = await startHarness({ flows: [renewalFlow()] });
    await expect(harness.engine.start({ ...request, person: null })).rejects.toMatchObject({
      name: "RequestError",
      message: expect.stringMatching(message),
      suggestion,
    });
    expect(await harness.engine.list({ limit: 10 })).toEqual([]);
  });

  test("an execution keeps the definition it started with, whatever is deployed meanwhile (D4)", async () => {
    const store = new MemoryStateStore();
    const old = await startHarness({ flows: [renewalFlow()], store });
    const { executionId } = await old.engine.start(acme);
    await old.engine.idle();
    await kill(old);
    const changed = renewalFlow({ steps: [agentStep("other", "noop")] });
    const next = await startHarness({ flows: [changed], store, world: old.world, clock: old.clock });
    await next.engine.decide({
      executionId,
      stepId: "approve",
      version: 1,
      person: dana,
      decision: "approve",
      reason: null,
    });
    await next.engine.idle();
    expect(next.world.ofKind("email")).toHaveLength(1);
  });

  test("N steps cost at most N + 3 writes (D6)", async () => {
    const steps = Array.from({ length: 5 }, (_, index) =>
      agentStep(`s${index}`, "noop", { after: index === 0 ? [] : [`s${index - 1}`] }),
    );
    const store = countingStore({ store: new MemoryStateStore() });
    const harness = await startHarness({ flows: [flow(steps)], store });
    await harness.engine.start(acme);
    await harness.engine.idle();
    store.reset();
    await harness.engine.start(acme);
    await harness.engine.idle();
    expect(store.total()).toBeLessThanOrEqual(5 + 3);
  });
});

describe("a process that dies", () => {
  test("a step that kills its process is given up at the tenth time (D3)", async () => {
    const store = new MemoryStateStore();
    const hang = scriptedAgents({ retrieve: () => new Promise(() => {}) });
    let harness = await startHarness({ flows: [seedFlow(manual)], store, agents: hang });
    const { executionId } = await harness.engine.start(acme);
    for (let death = 0; death < 10; death += 1) {
      await kill(harness);
      harness = await startHarness({
        flows: [seedFlow(manual)],
        store,
        agents: hang,
        world: harness.world,
        clock: harness.clock,
        seed: death + 2,
      });
    }
    await harness.engine.idle();
    expect((await harness.engine.report({ executionId })).failure).toMatch(/^Step.Lost/);
  });

  test("an approval that expired while nothing ran ends at the start", async () => {
    const store = new MemoryStateStore();
    const harness = await startHarness({ flows: [renewalFlow(manual)], store });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    await kill(harness);
    harness.clock.moveTo(harness.clock.now() + 10 * day);
    const next = await startHarness({
      flows: [renewalFlow(manual)],
      store,
      world: harness.world,
      clock: harness.clock,
      seed: 9,
    });
    await next.engine.idle();
    expect((await next.engine.report({ executionId })).header).toMatchObject({ outcome: "expired" });
    expect(next.world.card("approval")).toMatchObject([{ status: "expired" }]);
  });
});

describe("a batch", () => {
  test("matches by the filter, starts each once, and its one message counts to the end", async () => {
    const customers = [
      customer("a"),
      customer("b", { nps: 10 }),
      customer("c", { renewal_date: "2027-06-01" }),
      customer("d"),
    ];
    const harness = await startHarness({ flows: [renewalFlow()], customers });
    const batch = await harness.engine.startBatch({ flowId: "renewal", person: lead, channel: "C1", requestId: "r1" });
    expect(batch).toMatchObject({ customer_ids: ["a", "b", "d"], customers_total: 4 });
    await harness.engine.idle();
    expect(harness.world.card("approval").map((card) => card.customer?.id)).toEqual(["a", "d"]);
    for (const card of harness.world.card("approval")) {
      await harness.engine.decide({
        executionId: card.executionId,
        stepId: "approve",
        version: 1,
        person: dana,
        decision: "approve",
        reason: null,
      });
    }
    await harness.engine.idle();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const [progress] = harness.world.card("batch");
    expect(harness.world.posts.filter((key) => key.endsWith("#batch"))).toHaveLength(1);
    expect(progress).toMatchObject({
      matched: 3,
      total: 4,
      started: 3,
      counts: { completed: 2, nothing_to_do: 1 },
      ended: true,
    });
  });

  test("the same request twice starts one batch", async () => {
    const harness = await startHarness({ flows: [renewalFlow()] });
    const request = { flowId: "renewal", person: lead, channel: "C1", requestId: "same" };
    await harness.engine.startBatch(request);
    await expect(harness.engine.startBatch(request)).rejects.toThrow(/started already/);
    await harness.engine.idle();
    expect(harness.world.card("approval")).toHaveLength(2);
  });
});

describe("the schedule", () => {
  test("fires once a day, asks about those that newly match, and nobody twice", async () => {
    const customers = [customer("a", { renewal_date: "2026-12-20" }), customer("b", { renewal_date: "2026-12-24" })];
    const harness = await startHarness({ flows: [renewalFlow()], customers });
    const nine = Date.parse("2026-11-23T09:00:00Z");
    expect(await harness.engine.nextDue()).toBe(nine);
    await harness.moveTo(nine);
    expect(harness.world.card("approval").map((card) => card.customer?.id)).toEqual(["a"]);
    await harness.moveTo(nine + day);
    expect(harness.world.card("approval").map((card) => card.customer?.id)).toEqual(["a", "b"]);
    const told = () => harness.world.card("batch").map(({ matched, alreadyRunning }) => [matched, alreadyRunning]);
    // Its message keeps a pace of its own, which holds nobody up.
    await expect.poll(told).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });

  test("a downtime of three days is caught up by the latest firing alone", async () => {
    const store = new MemoryStateStore();
    const harness = await startHarness({ flows: [renewalFlow()], store });
    await kill(harness);
    harness.clock.moveTo(harness.clock.now() + 3 * day);
    const next = await startHarness({
      flows: [renewalFlow()],
      store,
      clock: harness.clock,
      world: harness.world,
      seed: 3,
    });
    await next.engine.idle();
    expect(next.world.card("batch")).toHaveLength(1);
    expect(next.world.card("batch")[0]?.scheduledAt).toBe(Date.parse("2026-11-25T09:00:00Z"));
  });

  test("two processes, one firing", async () => {
    const store = new MemoryStateStore();
    const one = await startHarness({ flows: [renewalFlow()], store });
    const other = await startHarness({ flows: [renewalFlow()], store, world: one.world, clock: one.clock, seed: 7 });
    one.clock.moveTo(Date.parse("2026-11-23T09:00:00Z"));
    await Promise.all([one.engine.tick(), other.engine.tick()]);
    await Promise.all([one.engine.idle(), other.engine.idle()]);
    expect(one.world.card("batch")).toHaveLength(1);
    expect(one.world.card("approval")).toHaveLength(2);
    expect(one.world.posts).toHaveLength(3);
  });
});
