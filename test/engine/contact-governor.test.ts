/** G1–G3, N1–N2: does nobody get more than they should, or at night, and is what was held back never lost and never sent twice? */
import { describe, expect, test } from "vitest";
import type { ContactRules } from "../../src/engine/contact-rules.ts";
import type { PlannedEffect } from "../../src/flow/effect.ts";
import type { EventOf, ExecutionEvent } from "../../src/flow/event.ts";
import { noHolidays, type WorkingTime } from "../../src/flow/working-time.ts";
import { attemptStays } from "../../src/notify/slack/pictures/timeline-stays.ts";
import { stepState } from "../../src/engine/readiness.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { rules } from "./contact-rules.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";
import { kill, startHarness, type Harness, type HarnessOptions } from "./harness.ts";
import { customer, scriptedAgents } from "./scripted-agents.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { dana, lead, World } from "./world.ts";

const at = (text: string) => Date.parse(text);
const iso = (instant: number) => new Date(instant).toISOString();
const day = 86_400_000;
const hour = 3_600_000;
/** A Wednesday. */
const noon = at("2026-11-25T12:00:00Z");
const evening = at("2026-11-25T19:30:00Z");

const nights: WorkingTime = { quietHours: { from: 18 * 60, to: 8 * 60 }, holidays: noHolidays };

const quiet = rules({ workingTime: nights, keepsQuiet: true });

function mail(to: string, target = `email:${to}`): PlannedEffect {
  return { target, effect: { kind: "email", to, subject: "s", html: "h", text: "t" } };
}

function message(email: string): PlannedEffect {
  return { target: `slack:${email}`, effect: { kind: "slack_message", to: { kind: "person", email }, text: "hello" } };
}

const inChannel: PlannedEffect = {
  target: "slack:#renewals",
  effect: { kind: "slack_message", to: { kind: "channel", channel: "#renewals" }, text: "hello" },
};

function invitation(...attendees: string[]): PlannedEffect {
  return {
    target: null,
    effect: {
      kind: "calendar_event",
      title: "Talk",
      description: "",
      attendees,
      duration_minutes: 30,
      timezone: "UTC",
      slot: { rule: "next_free_working_time", not_before: iso(noon), days: 14 },
      forecast_at: iso(noon),
    },
  };
}

const manual = { triggers: [] };
const definition = flow([agentStep("tell", "notify"), agentStep("then", "noop", { after: ["tell"] })], manual);

interface Asked extends Omit<Partial<HarnessOptions>, "clock"> {
  effects: PlannedEffect[];
  now?: number;
  clock?: VirtualClock;
}

async function begin({ effects, now = noon, clock = new VirtualClock(), ...options }: Asked): Promise<Harness> {
  clock.moveTo(Math.max(now, clock.now()));
  const agents = scriptedAgents({ notify: () => ({ output: { sent: true }, effects }) });
  return startHarness({ flows: [definition], agents, clock, ...options });
}

async function run(harness: Harness, customerId = "acme"): Promise<string> {
  const asked = { flowId: "renewal", input: { customer_id: customerId }, person: null };
  const { executionId } = await harness.engine.start(asked);
  await harness.engine.idle();
  return executionId;
}

async function started(asked: Asked): Promise<{ harness: Harness; executionId: string }> {
  const harness = await begin(asked);
  return { harness, executionId: await run(harness) };
}

const sent = ({ world }: Harness) => world.effects.map(({ key }) => key.split("/").slice(2).join("/")).toSorted();

async function events<T extends ExecutionEvent["type"]>(harness: Harness, id: string, type: T): Promise<EventOf<T>[]> {
  const all = (await harness.log(id)).flatMap((entry) => entry.events);
  return all.filter((event): event is EventOf<T> => event.type === type);
}

async function output(harness: Harness, executionId: string): Promise<unknown> {
  return (await harness.engine.execution({ executionId })).steps["tell"]?.output;
}

const holders = async ({ store }: Harness) =>
  (await store.getSlots({ key: "contacts/person/dana@example.com" }))?.holders.map(({ effect }) => effect);

/** All writes of one execution with two mails. */
async function writes(contacts: ContactRules | undefined): Promise<number> {
  let count = 0;
  const store = new MemoryStateStore();
  for (const name of ["create", "append", "putHeader", "putSlots"] as const) {
    const own = store[name].bind(store);
    Object.assign(store, { [name]: (write: never) => ((count += 1), own(write)) });
  }
  const given = contacts === undefined ? {} : { contacts };
  await started({ effects: [mail("dana@example.com"), mail("kim@example.com")], store, ...given });
  return count;
}

const andrews: WorkingTime["holidays"] = ({ date }) => (date === "2026-11-30" ? "St Andrew's Day" : null);

const acmeIn = (timezone: string | null) => [customer("acme", { timezone })];

describe("in quiet hours", () => {
  test("a mail waits for the morning of whom it reaches, the channel doesn't, and the steps behind wait with it", async () => {
    const zones = { "dana@example.com": "America/New_York", "kim@example.com": "Europe/Berlin" };
    const effects = [mail("dana@example.com"), mail("kim@example.com"), inChannel];
    const { harness, executionId } = await started({ effects, now: evening, contacts: quiet, zones });
    expect(sent(harness)).toEqual(["email:dana@example.com", "slack:#renewals"]);
    const morning = at("2026-11-26T07:00:00Z");
    expect(await events(harness, executionId, "effect_held")).toMatchObject([
      {
        key: `${executionId}/tell/email:kim@example.com`,
        hold: { reason: "quiet_hours", cause: "kim@example.com has quiet hours (Europe/Berlin).", until: morning },
      },
    ]);
    const { header } = await harness.engine.report({ executionId });
    expect(header.waiting_for).toMatchObject([{ kind: "held", step_id: "tell", people: ["kim@example.com"] }]);
    expect(header.wake_at).toBe(morning);
    await harness.moveTo(morning - 1);
    expect(harness.world.effects).toHaveLength(2);
    await harness.moveTo(morning);
    expect(sent(harness)).toContain("email:kim@example.com");
    const state = await harness.engine.execution({ executionId });
    expect(state).toMatchObject({ status: "succeeded" });
    const stays = attemptStays(state, stepState(state, "tell"), harness.clock.now()).map(({ kind }) => kind);
    expect(stays).toEqual(["succeeded", "wait", "succeeded"]);
    expect(await output(harness, executionId)).toEqual({ sent: true });
  });

  test("who has no zone rests when the customer does, and by the flow's clock where that has none either", async () => {
    const at1930 = { effects: [mail("dana@example.com")], now: evening, contacts: quiet };
    const inNewYork = await started({ ...at1930, customers: acmeIn("America/New_York") });
    expect(sent(inNewYork.harness)).toHaveLength(1);
    for (const timezone of ["Europe/Berlin", null, "Mars/Olympus"]) {
      const { harness, executionId } = await started({ ...at1930, customers: acmeIn(timezone) });
      expect([sent(harness).length, (await events(harness, executionId, "effect_held")).length]).toEqual([0, 1]);
    }
  });

  test("a holiday on the Monday after a weekend is passed over", async () => {
    const contacts = rules({ workingTime: { ...nights, holidays: andrews }, keepsQuiet: true });
    const saturday = at("2026-11-28T12:00:00Z");
    const { harness, executionId } = await started({ effects: [message("dana@example.com")], now: saturday, contacts });
    await harness.moveTo(at("2026-12-01T07:59:59Z"));
    expect(harness.world.effects).toEqual([]);
    expect(await events(harness, executionId, "effect_held")).toMatchObject([{ hold: { reason: "weekend" } }]);
    await harness.moveTo(at("2026-12-01T08:00:00Z"));
    expect(harness.world.effects).toHaveLength(1);
    const monday = await started({ effects: [mail("dana@example.com")], now: at("2026-11-30T12:00:00Z"), contacts });
    expect((await events(monday.harness, monday.executionId, "effect_held"))[0]?.hold).toMatchObject({
      reason: "holiday",
      cause: "It is St Andrew's Day for dana@example.com (UTC).",
    });
  });

  test("the night in which the clocks go on is an hour shorter, and the mail goes at eight by them", async () => {
    // A Thursday night: Jordan's clocks went from midnight to one.
    const now = at("2021-03-25T20:00:00Z");
    const zones = { "dana@example.com": "Asia/Amman" };
    const clock = new VirtualClock(now);
    const { harness, executionId } = await started({
      effects: [mail("dana@example.com")],
      now,
      contacts: quiet,
      zones,
      clock,
    });
    expect((await events(harness, executionId, "effect_held"))[0]?.hold.until).toBe(at("2021-03-26T05:00:00Z"));
  });

  test("an invitation waits until none of its guests rests", async () => {
    const zones = { "dana@example.com": "America/New_York", "kim@example.com": "Europe/Berlin" };
    const effects = [invitation("kim@example.com", "dana@example.com")];
    const { harness } = await started({ effects, now: at("2026-11-25T09:00:00Z"), contacts: quiet, zones });
    expect(harness.world.effects).toEqual([]);
    await harness.moveTo(at("2026-11-25T13:00:00Z"));
    expect(harness.world.effects).toHaveLength(1);
  });

  test("an invitation to guests who never work at the same time waits for the first one's morning, and no longer", async () => {
    const zones = { "kim@example.com": "Europe/Berlin", "lou@example.com": "America/Los_Angeles" };
    const officeOnly: WorkingTime = { quietHours: { from: 17 * 60, to: 9 * 60 }, holidays: noHolidays };
    const contacts = rules({ workingTime: officeOnly, keepsQuiet: true });
    const effects = [invitation("kim@example.com", "lou@example.com")];
    const { harness, executionId } = await started({ effects, now: evening, contacts, zones });
    await harness.moveTo(at("2026-11-26T08:00:00Z"));
    expect(harness.world.effects).toHaveLength(1);
    expect(await events(harness, executionId, "effect_held")).toHaveLength(1);
  });

  test("where every day is a holiday nobody is held for ever", async () => {
    const contacts = rules({ workingTime: { ...nights, holidays: () => "Long Break" }, keepsQuiet: true });
    const { harness } = await started({ effects: [mail("dana@example.com")], contacts });
    expect(harness.world.effects).toHaveLength(1);
  });

  test("what is held goes out once, though its process dies at night and another wakes", async () => {
    const { harness, executionId } = await started({
      effects: [mail("dana@example.com")],
      now: evening,
      contacts: quiet,
    });
    await kill(harness);
    const { store, world, clock } = harness;
    const next = await begin({ effects: [], store, world, clock, contacts: quiet, seed: 2 });
    await next.moveTo(at("2026-11-26T09:00:00Z"));
    expect(sent(next)).toEqual(["email:dana@example.com"]);
    const state = await next.engine.execution({ executionId });
    expect(state).toMatchObject({ status: "succeeded", steps: { tell: { lostAttempts: 0, failedAttempts: 0 } } });
  });

  test("a process that was away until the next night lets the people sleep", async () => {
    const { harness } = await started({ effects: [mail("dana@example.com")], now: evening, contacts: quiet });
    await kill(harness);
    const { store, world, clock } = harness;
    const next = await begin({ effects: [], store, world, clock, now: evening + day, contacts: quiet, seed: 2 });
    await next.engine.idle();
    expect(sent(next)).toEqual([]);
    await next.moveTo(at("2026-11-27T08:00:00Z"));
    expect(sent(next)).toEqual(["email:dana@example.com"]);
  });

  test("an abort in the night ends it, and the morning sends nothing", async () => {
    const { harness, executionId } = await started({
      effects: [mail("dana@example.com")],
      now: evening,
      contacts: quiet,
    });
    await harness.engine.abort({ executionId, person: lead, compensate: false });
    await harness.engine.idle();
    const { steps } = await harness.engine.report({ executionId });
    expect(steps[0]?.held).toMatchObject([{ until: null }]);
    await harness.moveTo(evening + 2 * day);
    expect(sent(harness)).toEqual([]);
    expect(await harness.engine.execution({ executionId })).toMatchObject({ status: "aborted" });
  });

  test("a mail in doubt beside one that is held doesn't send the held one early, and its answer doesn't lose it", async () => {
    const world = new World();
    world.fault = ({ key }) => (key.endsWith("dana@example.com") ? { kind: "request_lost" } : null);
    const zones = { "dana@example.com": "America/New_York" };
    const effects = [mail("dana@example.com"), mail("kim@example.com")];
    const { harness, executionId } = await started({ effects, now: evening, contacts: quiet, zones, world });
    const effectKey = `${executionId}/tell/email:dana@example.com`;
    await harness.engine.resolveDoubt({ effectKey, person: lead, answer: "arrived" });
    await harness.engine.idle();
    expect(sent(harness)).toEqual([]);
    await harness.moveTo(at("2026-11-26T08:00:00Z"));
    expect(sent(harness)).toEqual(["email:kim@example.com"]);
    expect(await harness.engine.execution({ executionId })).toMatchObject({ status: "succeeded" });
  });

  test("one that fails is tried again beside one that is held, and each arrives once", async () => {
    const world = new World();
    world.fault = ({ key, times }) => (key.endsWith("dana@example.com") && times < 3 ? { kind: "throttled" } : null);
    const zones = { "dana@example.com": "America/New_York" };
    const effects = [mail("dana@example.com"), mail("kim@example.com")];
    const { harness, executionId } = await started({ effects, now: evening, contacts: quiet, zones, world });
    await harness.moveTo(evening + hour);
    expect(sent(harness)).toEqual(["email:dana@example.com"]);
    await harness.moveTo(evening + day);
    expect(sent(harness)).toEqual(["email:dana@example.com", "email:kim@example.com"]);
    expect(await harness.engine.execution({ executionId })).toMatchObject({ status: "succeeded" });
  });

  test("a plan that was approved in the night waits too, and is told in history and explanation", async () => {
    const told = agentStep("tell", "notify", { after: ["approve"] });
    const approved = flow([approvalStep("approve"), told, agentStep("then", "noop", { after: ["tell"] })], manual);
    const { harness, executionId } = await started({
      effects: [mail("dana@example.com")],
      now: evening,
      contacts: quiet,
      flows: [approved],
    });
    const vote = { executionId, stepId: "approve", version: 1, decision: "approve", reason: null } as const;
    await harness.engine.decide({ ...vote, person: dana });
    await harness.engine.idle();
    const explained = await harness.engine.explain({ executionId });
    expect(explained.steps.find(({ step_id }) => step_id === "tell")?.waits_for).toMatchObject([
      {
        kind: "held",
        text: expect.stringContaining("is held back until Thu 26 Nov, 08:00 UTC. dana@example.com has quiet"),
      },
    ]);
    expect(explained.steps.find(({ step_id }) => step_id === "then")?.waits_for[0]?.text).toContain(
      "Waits for tell, which holds something back until Thu 26 Nov, 08:00 UTC.",
    );
    const { lines } = await harness.engine.history({ executionId });
    expect(lines.find(({ kind }) => kind === "effect_held")?.text).toMatch(
      /held back\. .* It goes out Thu 26 Nov, 08:00 UTC\./,
    );
    expect(harness.world.card("approval")[0]?.effects).toMatchObject([
      { status: "held", hold: { reason: "quiet_hours" } },
    ]);
    await harness.moveTo(evening + day);
    expect(sent(harness)).toEqual(["email:dana@example.com"]);
    expect(harness.world.card("approval")[0]?.effects).toMatchObject([{ status: "performed" }]);
  });
});

describe("with a limit for each person", () => {
  const twice = rules({ perPersonPerWeek: 2 });

  test("the third mail of a week isn't sent, its step goes on, and says so; a week after the first there is room again", async () => {
    const harness = await begin({ effects: [mail("dana@example.com")], contacts: twice });
    await run(harness);
    await harness.moveTo(noon + day);
    await run(harness);
    const third = await run(harness);
    expect(harness.world.effects).toHaveLength(2);
    const cause = "dana@example.com has been reached 2 times in seven days, which is the limit.";
    expect(await output(harness, third)).toEqual({
      sent: true,
      held_back: [{ kind: "email", to: ["dana@example.com"], reason: "person_limit", cause }],
    });
    expect(await harness.engine.execution({ executionId: third })).toMatchObject({
      status: "succeeded",
      outcome: "completed",
    });
    expect((await harness.engine.explain({ executionId: third })).reasons).toMatchObject([
      { kind: "done" },
      { kind: "held", step_id: "tell", text: expect.stringContaining(cause) },
    ]);
    const report = await harness.engine.report({ executionId: third });
    expect(report.steps[0]?.held).toEqual([{ summary: "mail to dana@example.com: s", cause, until: null }]);
    await harness.moveTo(noon + 7 * day - 1);
    await run(harness);
    expect(harness.world.effects).toHaveLength(2);
    await harness.moveTo(noon + 7 * day);
    await run(harness);
    expect(harness.world.effects).toHaveLength(3);
  });

  test("is one over all flows, spellings and ways of reaching them", async () => {
    const spellings = [mail("Dana+Renewals@Example.com"), message("DANA@example.com"), mail("dana@example.com")];
    const { harness, executionId } = await started({ effects: spellings, contacts: twice });
    expect(harness.world.effects).toHaveLength(2);
    expect(await events(harness, executionId, "effect_held")).toHaveLength(1);
  });

  test("two processes that reach the last place at once send one mail", async () => {
    const store = new MemoryStateStore();
    const customers = ["c0", "c1", "c2", "c3", "c4", "c5"].map((id) => customer(id));
    const parts = {
      customers,
      effects: [mail("dana@example.com")],
      contacts: rules({ perPersonPerWeek: 3 }),
      store,
      world: new World(),
    };
    const clock = new VirtualClock();
    const all = await Promise.all([1, 2, 3].map((seed) => begin({ ...parts, clock, seed })));
    await Promise.all(all.flatMap((harness, index) => [0, 1].map((one) => run(harness, `c${2 * index + one}`))));
    for (const harness of all) await harness.engine.idle();
    expect(parts.world.effects).toHaveLength(3);
  });

  test("of three in one mailing only the one at the limit is left out; the channel and the CRM are no persons", async () => {
    const first = await begin({ effects: [mail("dana@example.com")], contacts: rules({ perPersonPerWeek: 1 }) });
    await run(first);
    const { store, world, clock } = first;
    const effects = [mail("dana@example.com"), mail("kim@example.com"), mail("lou@example.com"), inChannel];
    const next = await begin({ effects, contacts: rules({ perPersonPerWeek: 1 }), store, world, clock, seed: 2 });
    const executionId = await run(next, "beta");
    const own = world.effects.filter(({ key }) => key.startsWith(executionId));
    expect(own.map(({ key }) => key.split("/").at(-1) ?? "").toSorted()).toEqual([
      "email:kim@example.com",
      "email:lou@example.com",
      "slack:#renewals",
    ]);
    expect(await output(next, executionId)).toMatchObject({ held_back: [{ to: ["dana@example.com"] }] });
  });

  test("the steps behind can tell by the output whether all went out", async () => {
    const behind = agentStep("then", "noop", { after: ["tell"], when: "${$exists(tell.held_back)}" });
    const asking = flow([agentStep("tell", "notify"), behind], manual);
    const harness = await begin({ effects: [mail("dana@example.com")], contacts: twice, flows: [asking] });
    const ids = [await run(harness), await run(harness), await run(harness)];
    const states = await Promise.all(ids.map((executionId) => harness.engine.execution({ executionId })));
    expect(states.map(({ steps }) => steps["then"]?.status)).toEqual(["skipped", "skipped", "succeeded"]);
  });

  test("an invitation with one guest at the limit isn't sent, and takes no place of the others", async () => {
    const once = rules({ perPersonPerWeek: 1 });
    const first = await begin({ effects: [mail("dana@example.com")], contacts: once });
    await run(first);
    const { store, world, clock } = first;
    const parts = { contacts: once, store, world, clock };
    const meeting = await begin({ ...parts, effects: [invitation("dana@example.com", "kim@example.com")], seed: 2 });
    const held = await run(meeting, "beta");
    expect(await output(meeting, held)).toMatchObject({
      held_back: [{ kind: "calendar_event", reason: "person_limit" }],
    });
    const other = await begin({ ...parts, effects: [mail("kim@example.com")], seed: 3 });
    await run(other);
    expect(world.effects).toHaveLength(2);
  });

  test("a mail that was refused takes nobody's place, one in doubt does", async () => {
    const once = rules({ perPersonPerWeek: 1 });
    const world = new World();
    world.fault = () => ({ kind: "refused" });
    const harness = await begin({ effects: [mail("dana@example.com")], contacts: once, world });
    await run(harness);
    world.fault = () => ({ kind: "request_lost" });
    await run(harness, "beta");
    world.fault = () => null;
    const third = await run(harness);
    expect(world.effects).toEqual([]);
    expect(await output(harness, third)).toMatchObject({ held_back: [{ reason: "person_limit" }] });
  });

  test("a mail counts once, however often it is tried and redriven", async () => {
    const world = new World();
    world.fault = ({ times }) => (times < 3 ? { kind: "throttled" } : null);
    const harness = await begin({ effects: [mail("dana@example.com")], contacts: twice, world });
    const executionId = await run(harness);
    await harness.moveTo(noon + hour);
    await harness.engine.redrive({ executionId, person: null, from: "tell" });
    await harness.engine.idle();
    expect(world.effects).toHaveLength(1);
    expect(await holders(harness)).toEqual([`${executionId}/tell/email:dana@example.com`]);
    expect(await output(harness, executionId)).toEqual({ sent: true });
  });

  test("a mail that is sent again on a person's word counts again", async () => {
    const world = new World();
    world.fault = ({ key }) => (key.endsWith("#2") ? null : { kind: "request_lost" });
    const harness = await begin({ effects: [mail("dana@example.com")], contacts: twice, world });
    const executionId = await run(harness);
    const effectKey = `${executionId}/tell/email:dana@example.com`;
    await harness.engine.resolveDoubt({ effectKey, person: lead, answer: "send_again" });
    await harness.engine.idle();
    expect(await holders(harness)).toEqual([effectKey, `${effectKey}#2`]);
    const other = await run(harness, "beta");
    expect(await output(harness, other)).toMatchObject({ held_back: [{ reason: "person_limit" }] });
  });

  test("a redrive asks anew about what was held back, and sends it where there is room by then", async () => {
    const harness = await begin({ effects: [mail("dana@example.com"), mail("kim@example.com")], contacts: twice });
    await run(harness);
    await run(harness);
    const third = await run(harness);
    expect(await output(harness, third)).toMatchObject({ held_back: [{}, {}] });
    await harness.moveTo(noon + 8 * day);
    await harness.engine.redrive({ executionId: third, person: null, from: "tell" });
    await harness.engine.idle();
    expect(await output(harness, third)).toEqual({ sent: true });
    expect(harness.world.effects).toHaveLength(6);
  });

  test("a process that dies after it sent and before it said so has counted it, and doesn't send it again", async () => {
    const once = rules({ perPersonPerWeek: 1 });
    const world = new World();
    const process = {
      alive: true,
      step: (name: string, when: string) => {
        if (name === "perform slack_message" && when === "after") process.alive = false;
      },
    };
    const first = await begin({ effects: [message("dana@example.com")], contacts: once, world, process });
    const asked = { flowId: "renewal", input: { customer_id: "acme" }, person: null };
    const { executionId } = await first.engine.start(asked);
    await expect.poll(() => process.alive).toBe(false);
    await kill(first);
    const { store, clock } = first;
    const next = await begin({ effects: [message("dana@example.com")], contacts: once, world, store, clock, seed: 2 });
    await next.engine.idle();
    expect(await next.engine.execution({ executionId })).toMatchObject({ status: "succeeded" });
    const other = await run(next, "beta");
    expect(world.effects).toHaveLength(1);
    expect(await output(next, other)).toMatchObject({ held_back: [{ reason: "person_limit" }] });
  });

  test("what was held for the night counts when it goes out, and is left out if the week is full by then", async () => {
    const contacts = rules({ perPersonPerWeek: 1, workingTime: nights, keepsQuiet: true });
    const harness = await begin({ effects: [mail("dana@example.com")], now: evening, contacts });
    const [one, other] = [await run(harness), await run(harness, "beta")];
    await harness.moveTo(evening + day);
    expect(harness.world.effects).toHaveLength(1);
    const outputs = [await output(harness, one), await output(harness, other)];
    expect(outputs.filter((each) => JSON.stringify(each).includes("held_back"))).toHaveLength(1);
  });
});

describe("with a limit for each account", () => {
  test("it is the customer's, whoever is reached, and another's is not touched", async () => {
    const contacts = rules({ perAccountPerWeek: 2 });
    const effects = [mail("dana@example.com"), mail("kim@example.com"), mail("lou@example.com")];
    const harness = await begin({ effects, contacts });
    const first = await run(harness);
    expect(harness.world.effects).toHaveLength(2);
    expect((await events(harness, first, "effect_held"))[0]?.hold).toMatchObject({
      reason: "account_limit",
      cause: "People have been reached about Customer acme 2 times in seven days, which is the limit.",
    });
    await run(harness, "beta");
    expect(harness.world.effects).toHaveLength(4);
  });
});

describe("who is not to be contacted", () => {
  test("isn't, in any spelling, and nobody is about a customer of the list", async () => {
    const contacts = rules({ never: ["dana@example.com"], customers: ["customer beta"] });
    const effects = [mail("Dana+x@EXAMPLE.com"), mail("kim@example.com"), inChannel];
    const harness = await begin({ effects, contacts });
    const executionId = await run(harness);
    expect(sent(harness)).toEqual(["email:kim@example.com", "slack:#renewals"]);
    expect(await output(harness, executionId)).toMatchObject({ held_back: [{ reason: "do_not_contact" }] });
    const other = await run(harness, "beta");
    expect(await output(harness, other)).toMatchObject({
      held_back: [
        { to: ["Dana+x@EXAMPLE.com"] },
        { cause: "Nobody is to be contacted about Customer beta: revops.yml says so." },
      ],
    });
  });

  test("a direct message isn't sent where nobody wants one, a mail is", async () => {
    const contacts = rules({ directMessages: false });
    const { harness, executionId } = await started({
      effects: [message("dana@example.com"), mail("dana@example.com")],
      contacts,
    });
    expect(sent(harness)).toEqual(["email:dana@example.com"]);
    expect(await output(harness, executionId)).toMatchObject({ held_back: [{ reason: "direct_messages" }] });
  });
});

describe("what it costs", () => {
  test("is nothing without a limit, and a write for each effect with one", async () => {
    const without = await writes(undefined);
    expect(await writes(quiet)).toBe(without);
    expect(await writes(rules({ perPersonPerWeek: 5 }))).toBe(without + 2);
  });
});
