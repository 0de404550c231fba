/** E2: what goes wrong about one effect of an attempt must not have another one of it, still under way, sent again. */
import { expect, test } from "vitest";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { agentStep, flow } from "./flows.ts";
import { startHarness } from "./harness.ts";
import { World } from "./world.ts";

/** Asked for the second time, it throws: a timer that refuses its deadline, a clock that fails. */
class ThrowingLeaseStore extends MemoryStateStore {
  #asked = 0;

  override async openLease(parameters: { owner: string }) {
    const lease = await super.openLease(parameters);
    const expiresAt = () => {
      this.#asked += 1;
      if (this.#asked === 2) throw new RangeError("out of range");
      return Infinity;
    };
    return { ...lease, expiresAt };
  }
}

test("a message can't be begun while the mail beside it is being sent: is the mail sent once?", async () => {
  const world = new World();
  const held = Promise.withResolvers<void>();
  let mails = 0;
  world.hold = (kind) => {
    if (kind !== "email") return null;
    mails += 1;
    return held.promise;
  };
  const definition = flow([agentStep("notify", "notify")], { input: {}, triggers: [] });
  const { engine, clock, logged, store } = await startHarness({
    flows: [definition],
    world,
    store: new ThrowingLeaseStore(),
  });
  const started = engine.start({ flowId: definition.flow_id, input: {}, person: null });
  await expect.poll(() => mails).toBe(1);
  await started;
  for (const _ of [1, 2, 3]) {
    clock.moveTo(clock.now() + 2_000);
    await engine.tick();
  }
  expect(mails).toBe(1);
  held.resolve();
  await engine.idle();
  await engine.tick();
  await engine.idle();
  expect(mails).toBe(1);
  expect(logged.filter((line) => line.includes("out of range"))).toHaveLength(1);
  expect(world.effects.map(({ effect }) => effect.kind).toSorted()).toEqual(["email", "slack_message"]);
  expect((await store.list({ filter: {}, limit: 5 })).items).toMatchObject([{ status: "succeeded" }]);
});
