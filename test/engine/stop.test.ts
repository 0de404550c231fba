/** F2: a stop lets what runs finish and begins nothing more: what was never begun is no doubt when the next process starts. */
import { expect, test } from "vitest";
import type { ActionAnswer } from "../../src/agents/agent.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";
import { startHarness } from "./harness.ts";
import { answer, scriptedAgents } from "./scripted-agents.ts";
import { dana } from "./world.ts";

test("a stop while the step before a planned mail runs: its result is kept, the mail goes out after the start", async () => {
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
    agentStep("retrieve_data", "retrieve", { after: ["approve"] }),
    agentStep("notify", "notify", { after: ["retrieve_data"] }),
  ]);
  const first = await startHarness({ flows: [definition], agents });
  const { engine, store, world, clock } = first;
  const { executionId } = await engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person: null });
  await engine.idle();
  await engine.decide({ executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null });
  await expect.poll(() => calls).toBe(1);
  const stopped = engine.stop({ graceMs: 10_000 });
  held.resolve(answer({ usage: 0.4 }));
  await stopped;
  expect(world.effects).toEqual([]);

  const next = await startHarness({ flows: [definition], agents, store, world, clock, seed: 2 });
  await next.engine.idle();
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", outcome: "completed" });
  expect(calls).toBe(1);
  expect(world.card("doubt")).toEqual([]);
  expect(world.effects.map(({ effect }) => effect.kind).toSorted()).toEqual(["email", "slack_message"]);
});
