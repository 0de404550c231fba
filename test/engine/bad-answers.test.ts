/** Issue 7: what comes of an agent that answers too late, and of a calendar that refuses? Nothing twice, nothing to the wrong person. */
import { expect, test } from "vitest";
import type { ActionAnswer, ActionRequest } from "../../src/agents/agent.ts";
import type { RealTime } from "../../src/engine/context.ts";
import { noTime } from "../../src/testing/virtual-clock.ts";
import { agentStep, flow } from "./flows.ts";
import { type Harness, startHarness } from "./harness.ts";
import { answer, scriptedAgents, scripts } from "./scripted-agents.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { lead } from "./world.ts";

const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };

async function run(harness: Harness): Promise<string> {
  const started = await harness.engine.start(acme);
  if (started.kind !== "started") throw new Error(started.kind);
  await harness.engine.idle();
  return started.executionId;
}

function mailTo(to: string, request: ActionRequest): Promise<ActionAnswer> | ActionAnswer | undefined {
  return scripts["notify"]?.({ ...request, parameters: { to } });
}

test("an answer that comes after its attempt was given up isn't heard, whatever it plans", async () => {
  const late = Promise.withResolvers<void>();
  const asked: number[] = [];
  const agents = scriptedAgents({
    notify: async (request) => {
      const { attempt } = request.context;
      asked.push(attempt);
      // It heeds no signal.
      if (attempt === 1) await late.promise;
      const to = attempt === 1 ? "late@example.com" : "dana@example.com";
      return (await mailTo(to, request)) ?? answer(null);
    },
  });
  const clock = new VirtualClock();
  const given: AbortController[] = [];
  const realTime: RealTime = {
    ...noTime(clock),
    deadline: (ms) => {
      const controller = new AbortController();
      if (ms === 1_000) given.push(controller);
      return { signal: controller.signal, clear: () => {} };
    },
  };
  const steps = [agentStep("tell", "notify", { timeout_ms: 1_000 })];
  const harness = await startHarness({ flows: [flow(steps, { triggers: [] })], agents, clock, realTime });
  const started = await harness.engine.start(acme);
  if (started.kind !== "started") throw new Error(started.kind);
  await expect.poll(() => asked).toEqual([1]);
  given[0]?.abort();
  await expect
    .poll(async () => (await harness.engine.execution(started)).steps["tell"]?.attempts[0]?.failure)
    .toEqual({ error: "Step.Timeout", cause: "tell took longer than 1 s." });
  await harness.moveTo(clock.now() + 3_600_000);
  expect(asked).toEqual([1, 2]);
  late.resolve();
  await harness.engine.idle();
  const mails = harness.world.ofKind("email").map(({ effect }) => (effect.kind === "email" ? effect.to : ""));
  expect(mails).toEqual(["dana@example.com"]);
  expect(harness.world.ofKind("slack_message")).toHaveLength(1);
  expect((await harness.engine.execution(started)).status).toBe("succeeded");
});

test("a calendar that refuses: the step fails by name, and a redrive sends nobody their mail again", async () => {
  const steps = [agentStep("tell", "notify"), agentStep("meet", "book", { after: ["tell"] })];
  const harness = await startHarness({ flows: [flow(steps, { triggers: [] })] });
  harness.world.fault = ({ effect }) => (effect.kind === "calendar_event" ? { kind: "refused" } : null);
  const executionId = await run(harness);
  const failed = await harness.engine.execution({ executionId });
  expect(failed).toMatchObject({ status: "failed", failure: { stepId: "meet", failure: { error: "Effect.Refused" } } });
  expect(failed.steps["meet"]?.attempts).toHaveLength(1);
  expect(harness.world.card("failure")).toMatchObject([{ stepId: "meet", failure: { error: "Effect.Refused" } }]);
  expect(harness.world.ofKind("calendar_event")).toEqual([]);
  harness.world.fault = () => null;
  await harness.engine.redrive({ executionId, person: lead });
  await harness.engine.idle();
  expect((await harness.engine.execution({ executionId })).status).toBe("succeeded");
  expect(harness.world.effects.map(({ effect }) => effect.kind)).toEqual(["email", "slack_message", "calendar_event"]);
});
