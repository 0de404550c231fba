/** What is left to do about an execution that has ended: a new process takes it over as it takes over a running one (D5). */
import { expect, test } from "vitest";
import type { ActionAnswer } from "../../src/agents/agent.ts";
import { FailureError } from "../../src/flow/failure.ts";
import { renewalFlow, seedFlow } from "./flows.ts";
import { kill, startHarness } from "./harness.ts";
import { answer, scriptedAgents } from "./scripted-agents.ts";
import { dana, lead, World, type Process } from "./world.ts";

const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };

test("the process dies between the end and the last edit of the card: the next one shows the end", async () => {
  const world = new World();
  const process: Process = {
    alive: true,
    step: (name) => {
      if (name === "update card" && world.ofKind("calendar_event").length > 0) process.alive = false;
    },
  };
  const first = await startHarness({ flows: [renewalFlow()], world, process });
  const { engine, store, clock } = first;
  const { executionId } = await engine.start(acme);
  await engine.idle();
  await engine.decide({ executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null });
  await expect.poll(() => store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: true });
  await expect.poll(() => process.alive).toBe(false);
  await kill(first);

  const next = await startHarness({ flows: [renewalFlow()], store, world, clock, seed: 2 });
  await next.engine.idle();
  expect(world.card("approval").map(({ execution }) => execution)).toEqual([
    { status: "succeeded", outcome: "completed", stopped: null },
  ]);
  expect(await store.getHeader({ executionId })).toMatchObject({ open: false });
  expect(await store.due({ now: clock.now(), limit: 10 })).toEqual([]);
});

test("a failed execution is redriven in another process, and the clock ticks meanwhile: its step runs once", async () => {
  const broken = scriptedAgents({
    retrieve: () => {
      throw new FailureError({ error: "Input.Invalid", cause: "the CRM knows nothing" });
    },
  });
  const first = await startHarness({ flows: [seedFlow()], agents: broken });
  const { executionId } = await first.engine.start(acme);
  await first.engine.idle();
  const { store, world, clock } = first;
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "failed", open: false });
  await kill(first);

  const held = Promise.withResolvers<ActionAnswer>();
  let calls = 0;
  const mended = scriptedAgents({
    retrieve: () => {
      calls += 1;
      return held.promise;
    },
  });
  const next = await startHarness({ flows: [seedFlow()], agents: mended, store, world, clock, seed: 2 });
  await next.engine.redrive({ executionId, person: lead });
  await expect.poll(() => calls).toBe(1);
  await next.engine.tick();
  held.resolve(answer({ usage: 0.4 }));
  await next.engine.idle();
  expect(calls).toBe(1);
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
  expect(world.effects).toHaveLength(3);
});
