/**
 * A process is cut off or stands still, another takes its executions over, and the first wakes up (D5): it writes nothing more
 * of its own, repeats nothing, sends nothing and shows nothing.
 */
import { expect, test } from "vitest";
import type { ActionAnswer, ActionRequest, Agents } from "../../src/agents/agent.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";
import { kill, startHarness } from "./harness.ts";
import { answer, scriptedAgents, scripts } from "./scripted-agents.ts";
import { dana } from "./world.ts";

const minute = 60_000;
const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };

/** Others believe that a living process is gone, as they do when its lease has run out. */
class PartedStore extends MemoryStateStore {
  readonly gone = new Set<string>();

  override async isGone({ owner }: { owner: string }): Promise<boolean> {
    return this.gone.has(owner) || super.isGone({ owner });
  }

  async cutOff(executionId: string): Promise<void> {
    this.gone.add((await this.getHeader({ executionId }))?.owner ?? "");
  }
}

/** What each process had its agents do, and how to let them answer. */
function watched(name: string, calls: string[], held: Record<string, Promise<ActionAnswer>> = {}): Agents {
  const script = (action: string) => async (request: ActionRequest) => {
    calls.push(`${name} ${action}`);
    await held[action];
    return (await scripts[action]?.(request)) ?? answer({});
  };
  return scriptedAgents({ retrieve: script("retrieve"), noop: script("noop"), notify: script("notify") });
}

const steps = [
  agentStep("one", "retrieve"),
  agentStep("two", "noop", { after: ["one"] }),
  agentStep("send", "notify", { after: ["two"] }),
];

test("in the middle of a step: its answer comes too late, and it goes no further", async () => {
  const store = new PartedStore();
  const calls: string[] = [];
  const [late, next] = [Promise.withResolvers<ActionAnswer>(), Promise.withResolvers<ActionAnswer>()];
  const flows = [flow(steps, { triggers: [] })];
  const first = await startHarness({ flows, store, agents: watched("first", calls, { retrieve: late.promise }) });
  const { world, clock } = first;
  const { executionId } = await first.engine.start(acme);
  await expect.poll(() => calls).toEqual(["first retrieve"]);
  await store.cutOff(executionId);
  const agents = watched("second", calls, { retrieve: next.promise });
  const second = await startHarness({ flows, store, world, clock, seed: 2, agents });
  await expect.poll(() => calls).toEqual(["first retrieve", "second retrieve"]);
  const before = await second.log(executionId);
  late.resolve(answer({}));
  await first.engine.idle();
  expect(await second.log(executionId)).toEqual(before);
  next.resolve(answer({}));
  await second.engine.idle();
  expect(calls).toEqual(["first retrieve", "second retrieve", "second noop", "second notify"]);
  expect(world.ofKind("email")).toHaveLength(1);
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
  expect([...first.logged, ...second.logged]).toEqual([]);
});

test("while its agent plans a mail: the plan of the new owner is not performed by both", async () => {
  const store = new PartedStore();
  const calls: string[] = [];
  const late = Promise.withResolvers<ActionAnswer>();
  const flows = [flow(steps, { triggers: [] })];
  const first = await startHarness({ flows, store, agents: watched("first", calls, { notify: late.promise }) });
  const { world, clock } = first;
  const { executionId } = await first.engine.start(acme);
  await expect.poll(() => calls.at(-1)).toBe("first notify");
  await store.cutOff(executionId);
  world.fault = ({ times }) => {
    if (times === 1) late.resolve(answer({}));
    return null;
  };
  const second = await startHarness({ flows, store, world, clock, seed: 2, agents: watched("second", calls) });
  await expect.poll(() => world.effects.length).toBe(2);
  await Promise.all([first.engine.idle(), second.engine.idle()]);
  expect(world.ofKind("email")).toHaveLength(1);
  expect(world.ofKind("slack_message")).toHaveLength(1);
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
});

test("its header still names the dead one: a third process reads the log before it takes over from the living", async () => {
  const store = new PartedStore();
  const calls: string[] = [];
  const held = Promise.withResolvers<ActionAnswer>();
  const flows = [flow(steps, { triggers: [] })];
  const first = await startHarness({ flows, store, agents: watched("first", calls, { retrieve: held.promise }) });
  const { world, clock } = first;
  const { executionId } = await first.engine.start(acme);
  const stale = await store.getHeader({ executionId });
  if (stale === null) throw new Error("it is there");
  await kill(first);
  const agents = watched("second", calls, { retrieve: held.promise });
  const second = await startHarness({ flows, store, world, clock, seed: 2, agents });
  await store.putHeader({ header: stale });
  const third = await startHarness({ flows, store, world, clock, seed: 3, agents: watched("third", calls) });
  await third.engine.idle();
  expect(calls).toEqual(["first retrieve", "second retrieve"]);
  held.resolve(answer({}));
  await second.engine.idle();
  expect(calls.slice(2)).toEqual(["second noop", "second notify"]);
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
});

test("while people are asked: a decision that reaches it counts, and stays for the owner to carry out", async () => {
  const store = new PartedStore();
  const calls: string[] = [];
  const definition = flow([approvalStep("approve"), agentStep("send", "notify", { after: ["approve"] })], {
    triggers: [],
  });
  const flows = [definition];
  const first = await startHarness({ flows, store, agents: watched("first", calls) });
  const { world, clock } = first;
  const { executionId } = await first.engine.start(acme);
  await first.engine.idle();
  await store.cutOff(executionId);
  const second = await startHarness({ flows, store, world, clock, seed: 2, agents: watched("second", calls) });
  const header = await store.getHeader({ executionId });
  if (header === null) throw new Error("it is there");
  await store.putHeader({ header: { ...header, wake_at: clock.now() } });
  await second.moveTo(clock.now() + minute);
  const vote = { executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null } as const;
  expect(await first.engine.decide(vote)).toEqual({ kind: "recorded", ended: true });
  await first.engine.idle();
  expect(world.effects).toEqual([]);
  await second.moveTo(clock.now() + minute);
  await first.moveTo(clock.now() + minute);
  expect(world.effects).toHaveLength(2);
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
  const events = (await second.log(executionId)).flatMap((entry) => entry.events);
  expect(events.filter(({ type }) => type === "taken_over")).toHaveLength(1);
});
