/** Two living processes on one store (D5): any may record a decision, one drives. */
import { expect, test } from "vitest";
import type { ActionAnswer } from "../../src/agents/agent.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";
import { startHarness } from "./harness.ts";
import { answer, scriptedAgents } from "./scripted-agents.ts";
import { dana } from "./world.ts";

const minute = 60_000;

test("a vote at the process that doesn't drive, while the other is in the middle of it: each step runs once", async () => {
  const held = Promise.withResolvers<ActionAnswer>();
  let calls = 0;
  const agents = scriptedAgents({
    retrieve: () => {
      calls += 1;
      return held.promise;
    },
  });
  const definition = flow([
    approvalStep("approve"),
    agentStep("notify", "notify", { after: ["approve"] }),
    agentStep("retrieve_data", "retrieve"),
  ]);
  const driving = await startHarness({ flows: [definition], agents });
  const { store, world, clock } = driving;
  const other = await startHarness({ flows: [definition], agents, store, world, clock, seed: 2 });
  const input = { customer_id: "acme" };
  const { executionId } = await driving.engine.start({ flowId: "renewal", input, person: null });
  await expect.poll(() => world.card("approval").length + calls).toBe(2);
  const vote = { executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null } as const;
  expect(await other.engine.decide(vote)).toEqual({ kind: "recorded", ended: true });
  await other.engine.idle();
  held.resolve(answer({ usage: 0.4 }));
  await driving.engine.idle();
  expect(calls).toBe(1);
  expect(world.effects.map(({ effect }) => effect.kind).toSorted()).toEqual(["email", "slack_message"]);
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
});

test("a vote at the process that doesn't drive, while nobody does: its owner goes on with the next tick", async () => {
  const definition = flow([approvalStep("approve"), agentStep("notify", "notify", { after: ["approve"] })]);
  const owner = await startHarness({ flows: [definition] });
  const { store, world, clock } = owner;
  const other = await startHarness({ flows: [definition], store, world, clock, seed: 2 });
  const input = { customer_id: "acme" };
  const { executionId } = await owner.engine.start({ flowId: "renewal", input, person: null });
  await owner.engine.idle();
  const vote = { executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null } as const;
  expect(await other.engine.decide(vote)).toEqual({ kind: "recorded", ended: true });
  await other.engine.idle();
  expect(world.effects).toEqual([]);
  await other.moveTo(clock.now() + minute);
  expect(world.effects).toEqual([]);
  await owner.moveTo(clock.now());
  expect(world.effects).toHaveLength(2);
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
  const events = (await owner.log(executionId)).flatMap((entry) => entry.events);
  expect(events.filter(({ type }) => type === "taken_over")).toEqual([]);
});
