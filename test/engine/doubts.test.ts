/** Doubts that are answered while something else of the same step is still on its way: is each sent once (E2)? */
import { expect, test } from "vitest";
import type { PlannedEffect } from "../../src/flow/effect.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { agentStep, flow } from "./flows.ts";
import { startHarness, type Harness } from "./harness.ts";
import { scriptedAgents } from "./scripted-agents.ts";
import { lead, World } from "./world.ts";

const definition = flow([agentStep("notify", "notify")]);

function mail(target: string): PlannedEffect {
  return { target, effect: { kind: "email", to: "dana@example.com", subject: target, html: "h", text: "t" } };
}

async function started(world: World, effects: PlannedEffect[]): Promise<{ harness: Harness; executionId: string }> {
  const agents = scriptedAgents({ notify: () => ({ output: { sent: true }, effects }) });
  const harness = await startHarness({ flows: [definition], agents, world });
  const asked = { flowId: "renewal", input: { customer_id: "acme" }, person: null };
  const { executionId } = await harness.engine.start(asked);
  return { harness, executionId };
}

function sendAgain({ engine }: Harness, effectKey: string) {
  return engine.resolveDoubt({ effectKey, person: lead, answer: "send_again" });
}

async function doubtful({ engine }: Harness, executionId: string): Promise<number> {
  const { steps } = await engine.execution({ executionId });
  return (steps["notify"]?.effects ?? []).filter(({ state }) => state.status === "doubtful").length;
}

test("two mails in doubt, both to be sent again, the second answered while the first is on its way", async () => {
  const world = new World();
  world.fault = ({ key }) => (key.endsWith("#2") ? null : { kind: "request_lost" });
  const { harness, executionId } = await started(world, [mail("one"), mail("two")]);
  await harness.engine.idle();
  expect(await doubtful(harness, executionId)).toBe(2);
  const held = Promise.withResolvers<void>();
  world.hold = () => held.promise;
  expect(await sendAgain(harness, `${executionId}/notify/one`)).toMatchObject({ kind: "recorded" });
  expect(await sendAgain(harness, `${executionId}/notify/two`)).toMatchObject({ kind: "recorded" });
  held.resolve();
  await harness.engine.idle();
  const keys = world.effects.map(({ key }) => key).toSorted();
  expect(keys).toEqual([`${executionId}/notify/one#2`, `${executionId}/notify/two#2`]);
  expect((await harness.engine.report({ executionId })).header).toMatchObject({ status: "succeeded", open: false });
});

test("a mail in doubt is to be sent again while another of the same step is still on its way", async () => {
  const world = new World();
  const held = Promise.withResolvers<void>();
  const ways = [null, held.promise, null];
  world.hold = () => ways.shift() ?? null;
  world.fault = ({ key }) => (key.endsWith("/one") ? { kind: "request_lost" } : null);
  const { harness, executionId } = await started(world, [mail("one"), mail("two")]);
  await expect.poll(() => doubtful(harness, executionId)).toBe(1);
  expect(await sendAgain(harness, `${executionId}/notify/one`)).toMatchObject({ kind: "recorded" });
  held.resolve();
  await harness.engine.idle();
  const keys = world.effects.map(({ key }) => key).toSorted();
  expect(keys).toEqual([`${executionId}/notify/one#2`, `${executionId}/notify/two`]);
  expect((await harness.engine.report({ executionId })).header).toMatchObject({ status: "succeeded", open: false });
});

test.for(["readLog", "append"] as const)(
  "another process answers the second, and the owner lets go of the first before its %s: it is sent",
  async (call) => {
    const world = new World();
    world.fault = ({ key }) => (key.endsWith("#2") ? null : { kind: "request_lost" });
    const { harness, executionId } = await started(world, [mail("one"), mail("two")]);
    await harness.engine.idle();
    const held = Promise.withResolvers<void>();
    world.hold = () => held.promise;
    await sendAgain(harness, `${executionId}/notify/one`);
    const store = beforeFirst(harness.store, call, async () => {
      held.resolve();
      await harness.engine.idle();
    });
    const other = await startHarness({ flows: [definition], store, clock: harness.clock, world, seed: 2 });
    expect(await sendAgain(other, `${executionId}/notify/two`)).toMatchObject({ kind: "recorded" });
    await harness.moveTo(harness.clock.now());
    const keys = world.effects.map(({ key }) => key).toSorted();
    expect(keys).toEqual([`${executionId}/notify/one#2`, `${executionId}/notify/two#2`]);
  },
);

/** `other` is done before the first such call reaches the store. */
function beforeFirst(store: StateStore, call: "append" | "readLog", other: () => Promise<void>): StateStore {
  let isFirst = true;
  return new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== "function") return method;
      return async (...given: unknown[]): Promise<unknown> => {
        if (name === call && isFirst) {
          isFirst = false;
          await other();
        }
        return Reflect.apply(method, target, given);
      };
    },
  });
}
