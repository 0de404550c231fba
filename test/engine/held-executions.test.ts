/** An execution stays in the hands of whoever looks at it: not let go while a person is being checked, and let go after. */
import { expect, test } from "vitest";
import type { ActionAnswer } from "../../src/agents/agent.ts";
import { FailureError } from "../../src/flow/failure.ts";
import { agentStep, approvalStep, flow, renewalFlow } from "./flows.ts";
import { kill, startHarness } from "./harness.ts";
import { answer, scriptedAgents } from "./scripted-agents.ts";
import { dana, outsider, World } from "./world.ts";

const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };

test("an outsider answers a doubt: refused, and all is quiet again", async () => {
  const world = new World();
  world.fault = ({ effect }) => (effect.kind === "email" ? { kind: "answer_lost" } : null);
  const { engine } = await startHarness({ flows: [renewalFlow()], world });
  const { executionId } = await engine.start(acme);
  await engine.idle();
  await engine.decide({ executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null });
  await engine.idle();
  const [doubt] = world.card("doubt");
  const effectKey = doubt?.effectKey ?? "";
  expect(await engine.resolveDoubt({ effectKey, person: outsider, answer: "arrived" })).toMatchObject({
    kind: "refused",
  });
  const quiet = engine.idle().then(() => "quiet");
  const turns = new Promise((resolve) => setImmediate(() => setImmediate(() => resolve("busy"))));
  expect(await Promise.race([quiet, turns])).toBe("quiet");
});

test("a redrive whose person takes long to check, in another process, and a tick meanwhile: the step runs once", async () => {
  const strangers = Array.from({ length: 40 }, (_, index) => `user:USTRANGER${index}`);
  const steps = [
    approvalStep("approve", { approvers: [...strangers, "dana@example.com"] }),
    agentStep("retrieve_data", "retrieve", { after: ["approve"] }),
  ];
  const broken = scriptedAgents({
    retrieve: () => {
      throw new FailureError({ error: "Input.Invalid", cause: "the CRM knows nothing" });
    },
  });
  const first = await startHarness({ flows: [flow(steps)], agents: broken });
  const { store, world, clock } = first;
  const { executionId } = await first.engine.start(acme);
  await first.engine.idle();
  const vote = { executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null } as const;
  await first.engine.decide(vote);
  await first.engine.idle();
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
  const next = await startHarness({ flows: [flow(steps)], agents: mended, store, world, clock, seed: 2 });
  expect(await next.engine.redrive({ executionId, person: dana })).toMatchObject({ kind: "recorded" });
  await expect.poll(() => calls).toBe(1);
  await next.engine.tick();
  held.resolve(answer({ usage: 0.4 }));
  await next.engine.idle();
  expect(calls).toBe(1);
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
});
