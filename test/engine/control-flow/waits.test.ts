/** Does a step wait as long as its flow says, over restarts and jumps of the clock, and does a late one do what it was told? */
import { describe, expect, test } from "vitest";
import type { ContactRules } from "../../../src/engine/contact-rules.ts";
import type { Holidays } from "../../../src/flow/working-time.ts";
import { rules } from "../contact-rules.ts";
import { agentStep, flow, waitStep } from "../flows.ts";
import { kill, startHarness } from "../harness.ts";
import { answer, customer, scriptedAgents } from "../scripted-agents.ts";
import { VirtualClock } from "../virtual-clock.ts";

const thanksgiving: Holidays = ({ date, timezone }) =>
  date === "2026-11-26" && timezone === "America/New_York" ? "Thanksgiving Day" : null;

const minute = 60_000;
const hour = 3_600_000;
const day = 24 * hour;
const manual = { triggers: [] };
const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };
const iso = (at: number) => new Date(at).toISOString();

describe("a wait", () => {
  const definition = flow(
    [
      agentStep("first", "noop"),
      waitStep("cool_off", { after: ["first"], duration_ms: 3 * day }),
      agentStep("last", "noop", { after: ["cool_off"], parameters: { until: "${cool_off.waited_until}" } }),
    ],
    manual,
  );

  test("holds up what is behind it for exactly its duration", async () => {
    const harness = await startHarness({ flows: [definition] });
    const start = harness.clock.now();
    const { executionId } = await harness.engine.start(acme);
    await harness.moveTo(start + 3 * day - 1);
    const { header } = await harness.engine.report({ executionId });
    expect(header).toMatchObject({ status: "running", wake_at: start + 3 * day });
    expect(header.waiting_for).toMatchObject([{ kind: "wait", step_id: "cool_off", until: start + 3 * day }]);
    await harness.moveTo(start + 3 * day);
    const state = await harness.engine.execution({ executionId });
    expect(state).toMatchObject({ status: "succeeded", endedAt: start + 3 * day });
    expect(state.steps["last"]?.output).toEqual({ until: iso(start + 3 * day) });
  });

  test("a process that dies meanwhile costs it nothing", async () => {
    const harness = await startHarness({ flows: [definition] });
    const start = harness.clock.now();
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    await kill(harness);
    const next = await startHarness({
      ...harness,
      process: { alive: true, step: () => {} },
      flows: [definition],
      seed: 2,
    });
    await next.moveTo(start + 3 * day);
    expect((await next.engine.report({ executionId })).header.status).toBe("succeeded");
  });

  test("a clock that jumps over its end ends it once", async () => {
    const harness = await startHarness({ flows: [definition] });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    harness.clock.moveTo(harness.clock.now() + 30 * day);
    await harness.engine.tick();
    await harness.engine.idle();
    const events = (await harness.log(executionId)).flatMap((entry) => entry.events);
    expect(events.filter((event) => event.type === "step_succeeded" && event.step_id === "cool_off")).toHaveLength(1);
  });

  test("until an instant that has passed it doesn't wait at all", async () => {
    const until = "${input.at}";
    const at = { type: "datetime" as const, enum: null, required: true, default: null, description: null };
    const customerId = { ...at, type: "string" as const };
    const passed = flow([waitStep("gate", { until }), agentStep("last", "noop", { after: ["gate"] })], {
      ...manual,
      input: { customer_id: customerId, at },
    });
    const harness = await startHarness({ flows: [passed] });
    const input = { customer_id: "acme", at: iso(harness.clock.now() - day) };
    const { executionId } = await harness.engine.start({ ...acme, input });
    await harness.engine.idle();
    expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
  });

  test("until something that is no instant fails it by name", async () => {
    const broken = flow([waitStep("gate", { until: "${customer.name}" })], manual);
    const harness = await startHarness({ flows: [broken] });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    expect((await harness.engine.report({ executionId })).failure).toBe(
      'Expression.Failed: gate needs an instant such as 2026-12-04T09:00:00Z, not "Customer acme".',
    );
  });
});

describe("a step that comes after its due instant", () => {
  const wednesday = Date.parse("2026-11-25T20:00:00Z");
  const due = iso(wednesday - hour);
  async function lateBy(late: "run" | "skip" | "shift", timezone = "UTC") {
    const ran: number[] = [];
    const agents = scriptedAgents({
      noop: (request) => {
        ran.push(request.context.now);
        return answer({});
      },
    });
    const definition = flow([agentStep("nudge", "noop", { due, late })], manual);
    const clock = new VirtualClock();
    clock.moveTo(wednesday);
    const harness = await startHarness({
      flows: [definition],
      agents,
      clock,
      customers: [customer("acme", { timezone })],
    });
    const { executionId } = await harness.engine.start(acme);
    await harness.moveTo(wednesday + 3 * day);
    return { ran: ran.map(iso), state: await harness.engine.execution({ executionId }) };
  }

  test("runs all the same", async () => {
    const { ran } = await lateBy("run");
    expect(ran).toEqual([iso(wednesday)]);
  });

  test("is skipped as late", async () => {
    const { ran, state } = await lateBy("skip");
    expect(ran).toEqual([]);
    expect(state).toMatchObject({ outcome: "completed", steps: { nudge: { status: "skipped", skipped: "late" } } });
  });

  test("is shifted to the customer's next working hour", async () => {
    expect((await lateBy("shift")).ran).toEqual(["2026-11-26T09:00:00.000Z"]);
    expect((await lateBy("shift", "America/New_York")).ran).toEqual([iso(wednesday)]);
    expect((await lateBy("shift", "Asia/Tokyo")).ran).toEqual(["2026-11-26T00:00:00.000Z"]);
  });

  test("a wait is shifted, and then takes as long as it says, over a restart", async () => {
    const definition = flow([waitStep("rest", { due, late: "shift", duration_ms: 2 * hour })], manual);
    const clock = new VirtualClock();
    clock.moveTo(wednesday);
    const before = await startHarness({ flows: [definition], clock });
    const { executionId } = await before.engine.start(acme);
    await before.engine.idle();
    await kill(before);
    const after = await startHarness({ flows: [definition], clock, store: before.store, world: before.world });
    await after.moveTo(Date.parse("2026-11-26T10:00:00Z"));
    expect((await after.engine.execution({ executionId })).status).toBe("running");
    await after.moveTo(Date.parse("2026-11-26T11:00:00Z"));
    const { status, steps } = await after.engine.execution({ executionId });
    expect(status).toBe("succeeded");
    expect(steps["rest"]?.output).toEqual({ waited_until: "2026-11-26T11:00:00.000Z" });
  });

  test("is shifted to the working hour of whom it reaches, which all of them have in common, off everybody's holidays", async () => {
    const asked = {
      to: "${customer.account_manager_email}",
      recipients: ["kim@example.com", "nobody"],
      text: "b@c.de",
    };
    const definition = flow([agentStep("nudge", "noop", { due, late: "shift", parameters: asked })], manual);
    const zones = { "dana@example.com": "America/New_York", "kim@example.com": "Europe/Berlin" };
    const shifted = async (contacts: Partial<ContactRules>) => {
      const clock = new VirtualClock();
      clock.moveTo(wednesday);
      const harness = await startHarness({ flows: [definition], clock, zones, contacts: rules(contacts) });
      const { executionId } = await harness.engine.start(acme);
      await harness.engine.idle();
      return iso((await harness.engine.execution({ executionId })).steps["nudge"]?.waitsUntil ?? 0);
    };
    expect(await shifted({})).toBe("2026-11-26T14:00:00.000Z");
    expect(await shifted({ workingTime: { quietHours: null, holidays: thanksgiving } })).toBe(
      "2026-11-27T14:00:00.000Z",
    );
  });

  test("before it, it runs at once", async () => {
    const early = flow([agentStep("nudge", "noop", { due: iso(wednesday + day), late: "skip" })], manual);
    const clock = new VirtualClock();
    clock.moveTo(wednesday);
    const harness = await startHarness({ flows: [early], clock });
    const { executionId } = await harness.engine.start(acme);
    await harness.moveTo(wednesday + minute);
    expect((await harness.engine.execution({ executionId })).steps["nudge"]?.endedAt).toBe(wednesday);
  });
});
