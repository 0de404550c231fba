/** Events from outside: does each start what waits for it, once, whatever else it carries and however often it comes? */
import { describe, expect, it } from "vitest";
import type { EventStart } from "../../src/engine/engine.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import type { Json, JsonObject } from "../../src/flow/json.ts";
import { agentStep, approvalStep, eventTrigger, flow } from "./flows.ts";
import { startHarness, type Harness } from "./harness.ts";
import { customer, customerDirectory } from "./scripted-agents.ts";

const steps = [agentStep("note", "noop", { parameters: { name: "${customer.name}" } })];
const created = eventTrigger("customer.created");
const acme = { customer_id: "acme" };

function waiting(flow_id: string, overrides: Partial<FlowDefinition> = {}): FlowDefinition {
  return flow(steps, { flow_id, triggers: [created], ...overrides });
}

function receive(harness: Harness, input: JsonObject = acme, eventId = "evt_1"): Promise<EventStart[]> {
  return harness.engine.receiveEvent({ event: "customer.created", eventId, input });
}

function idOf(start: EventStart | undefined): string {
  if (start?.kind !== "started" && start?.kind !== "known") throw new Error(`not started: ${JSON.stringify(start)}`);
  return start.executionId;
}

describe("an event", () => {
  it("starts each flow that waits for it, about the customer in it; its id stands in the log and the audit", async () => {
    const other = waiting("other", { triggers: [eventTrigger("customer.left")] });
    const harness = await startHarness({ flows: [waiting("welcome"), other, waiting("onboard", {})] });
    const starts = await receive(harness);
    expect(starts.map(({ flowId, kind }) => [flowId, kind])).toEqual([
      ["welcome", "started"],
      ["onboard", "started"],
    ]);
    await harness.engine.idle();
    const { header } = await harness.engine.report({ executionId: idOf(starts[0]) });
    expect(header.execution_id).toMatch(/^0{9}-[0-9a-f]{20}$/);
    expect(header).toMatchObject({ status: "succeeded", customer_id: "acme", batch_id: null, requester_id: null });
    const [start] = (await harness.log(idOf(starts[0])))[0]?.events ?? [];
    expect(start).toMatchObject({
      started_by: { type: "event", event: "customer.created", event_id: "evt_1", trigger: 0 },
      input: acme,
    });
    const { items } = await harness.store.listAudit({ limit: 10 });
    expect(items.map(({ action, flow_id, person }) => [action, flow_id, person])).toEqual(
      expect.arrayContaining([
        ["start", "welcome", null],
        ["start", "onboard", null],
      ]),
    );
  });

  it("that nobody waits for does nothing", async () => {
    const harness = await startHarness({ flows: [waiting("welcome")] });
    expect(await harness.engine.receiveEvent({ event: "customer.lost", eventId: "evt_1", input: acme })).toEqual([]);
    expect(await harness.engine.list({ limit: 10 })).toEqual([]);
  });

  it("sent again, and at once, and to another process, starts once; another id starts again", async () => {
    const flows = [waiting("welcome", { triggers: [eventTrigger("customer.created", { overlap: "allow" })] })];
    const harness = await startHarness({ flows });
    const second = await startHarness({ flows, store: harness.store, seed: 2 });
    const starts = (await Promise.all([receive(harness), receive(second), receive(harness)])).flat();
    expect(new Set(starts.map(idOf)).size).toBe(1);
    expect(starts.filter(({ kind }) => kind === "started")).toHaveLength(1);
    await harness.engine.idle();
    expect(await receive(second)).toEqual([{ flowId: "welcome", kind: "known", executionId: idOf(starts[0]) }]);
    expect(await receive(second, acme, "evt_2")).toMatchObject([{ kind: "started" }]);
    await second.engine.idle();
    expect(await harness.engine.list({ limit: 10 })).toHaveLength(2);
  });

  it("while an execution about the customer runs names that one", async () => {
    const harness = await startHarness({ flows: [waiting("welcome", { steps: [approvalStep("approve")] })] });
    const [first] = await receive(harness);
    await harness.engine.idle();
    expect(await receive(harness, acme, "evt_2")).toEqual([
      { flowId: "welcome", kind: "already_running", executionId: idOf(first) },
    ]);
  });

  it("about no customer needs none", async () => {
    const harness = await startHarness({
      flows: [flow([agentStep("note", "noop")], { input: {}, triggers: [created] })],
    });
    expect(await receive(harness, {})).toMatchObject([{ kind: "started" }]);
    await harness.engine.idle();
    expect((await harness.engine.list({ limit: 1 }))[0]?.customer_id).toBeNull();
  });
});

describe("a filter", () => {
  const big = eventTrigger("customer.created", { filter: ["customer.arr > 500"] });
  const small = eventTrigger("customer.created", { filter: ["customer.arr <= 500"] });

  it("looks at the customer of the event", async () => {
    const customers = [customer("acme"), customer("beta", { arr: 100 }), customer("gamma", { arr: null })];
    const harness = await startHarness({ flows: [waiting("welcome", { triggers: [big] })], customers });
    const kinds: string[] = [];
    for (const { id } of customers) {
      for (const { kind } of await receive(harness, { customer_id: id }, id)) kinds.push(kind);
    }
    expect(kinds).toEqual(["started", "filtered", "filtered"]);
    await harness.engine.idle();
  });

  it("of several triggers chooses one, and the same event chooses no second one when the customer has changed", async () => {
    const customers = [customer("acme")];
    const harness = await startHarness({ flows: [waiting("welcome", { triggers: [small, big] })], customers });
    const [first] = await receive(harness);
    await harness.engine.idle();
    customers[0] = customer("acme", { arr: 100 });
    expect(await receive(harness)).toEqual([{ flowId: "welcome", kind: "known", executionId: idOf(first) }]);
    const [start] = (await harness.log(idOf(first)))[0]?.events ?? [];
    expect(start).toMatchObject({ started_by: { trigger: 1 } });
  });
});

describe("what can't be started", () => {
  const colour = { type: "string" as const, enum: null, required: true, default: null, description: null };
  const picky = () => waiting("picky", { input: { ...waiting("picky").input, colour } });

  it.each<[string, JsonObject, string]>([
    ["a missing input", acme, "picky needs colour: give colour=…."],
    ["no customer", { colour: "red" }, "picky needs customer_id: name the customer."],
    ["a customer that nobody has", { customer_id: "ghost", colour: "red" }, "There is no customer ghost."],
    ["an input of another type", { ...acme, colour: 7 }, "colour of picky must be a text, not 7."],
    ["a list", { ...acme, colour: ["red"] }, "colour of picky must be a text, not a list."],
    ["a customer as an object", { customer_id: { id: "acme" }, colour: "red" }, "must be a text, not an object."],
    ["an unknown input", { ...acme, colour: "red", size: 1 }, "picky has no input size."],
    ["a name that every object has", { ...acme, colour: "red", constructor: 1 }, "picky has no input constructor."],
  ])("for %s is refused with a sentence and audited; another flow starts", async (_name, input, sentence) => {
    const harness = await startHarness({
      flows: [picky(), waiting("calm", { input: {}, steps: [agentStep("a", "noop")] })],
    });
    const starts = await receive(harness, input);
    expect(starts[0]).toMatchObject({ flowId: "picky", kind: "refused", message: expect.stringContaining(sentence) });
    const { items } = await harness.store.listAudit({ limit: 10 });
    const detail = expect.stringMatching(/^event customer\.created evt_1: ./);
    expect(items).toContainEqual(expect.objectContaining({ action: "refuse", flow_id: "picky", detail }));
    expect((await receive(harness, {}, "evt_2")).at(1)).toMatchObject({ flowId: "calm", kind: "started" });
    await harness.engine.idle();
  });

  it("names nothing longer than a person reads, and nothing that overflows", async () => {
    const harness = await startHarness({ flows: [picky()] });
    let deep: Json = 0;
    for (let depth = 0; depth < 400_000; depth += 1) deep = [deep];
    const long = "x".repeat(1_000_000);
    const hostile: JsonObject[] = [
      { ...acme, colour: deep },
      { ...acme, [long]: 1 },
      { customer_id: long, colour: "red" },
      Object.fromEntries([...Object.entries({ ...acme, colour: "red" }), ["__proto__", { polluted: true }]]),
    ];
    for (const input of hostile) {
      const [start] = await receive(harness, input);
      expect(start?.kind).toBe("refused");
      expect(JSON.stringify(start).length).toBeLessThan(400);
    }
    expect(await harness.engine.list({ limit: 10 })).toEqual([]);
  });
});

it("while the customers are away fails as a whole, but starts what it can; sent again it starts the rest", async () => {
  const known = customerDirectory([customer("acme")]);
  const away = { is: true };
  const directory = {
    ...known,
    get: (asked: { customerId: string }) => (away.is ? Promise.reject(new Error("the CRM is away")) : known.get(asked)),
  };
  const alone = flow([agentStep("a", "noop")], { flow_id: "alone", input: {}, triggers: [created] });
  const about = flow([agentStep("a", "noop")], {
    input: { customer_id: { type: "string", enum: null, required: false, default: "acme", description: null } },
    triggers: [created],
  });
  const harness = await startHarness({ flows: [about, alone], directory });
  await expect(receive(harness, {})).rejects.toThrow("the CRM is away");
  expect((await harness.engine.list({ limit: 10 })).map(({ flow_id }) => flow_id)).toEqual(["alone"]);
  away.is = false;
  expect((await receive(harness, {})).map(({ kind }) => kind)).toEqual(["started", "known"]);
  await harness.engine.idle();
});

it("while the app stops starts nothing and says so", async () => {
  const harness = await startHarness({ flows: [waiting("welcome")] });
  await harness.engine.stop({ graceMs: 0 });
  await expect(receive(harness)).rejects.toThrow("stopping");
  expect(await harness.engine.list({ limit: 10 })).toEqual([]);
});
