/** What does the engine tell of a whole execution: its attempts, where its card stands, and nothing of one that isn't there? */
import { expect, test } from "vitest";
import { RequestError } from "../../src/engine/engine.ts";
import { renewalFlow } from "./flows.ts";
import { startHarness } from "./harness.ts";
import { outsider } from "./world.ts";

test("a parked execution tells its attempts and the place of its card, as the store has them", async () => {
  const harness = await startHarness({ flows: [renewalFlow()] });
  const { executionId } = await harness.engine.start({
    flowId: "renewal",
    input: { customer_id: "acme" },
    person: outsider,
  });
  await harness.engine.idle();
  const state = await harness.engine.execution({ executionId });
  expect(state.steps["approve"]).toMatchObject({ status: "waiting", approval: { status: "pending" } });
  expect(state.cards[`${executionId}/approve#card`]).toMatchObject({
    channel: expect.any(String),
    ts: expect.any(String),
  });
  const attempts = Object.values(state.steps).flatMap((step) => step.attempts);
  expect(attempts.every(({ endedAt }) => endedAt !== null)).toBe(true);
});

test("an execution that isn't there is told, with the nearest that is", async () => {
  const harness = await startHarness({ flows: [renewalFlow()] });
  const { executionId } = await harness.engine.start({
    flowId: "renewal",
    input: { customer_id: "acme" },
    person: outsider,
  });
  const mistyped = `${executionId.slice(0, -1)}~`;
  const asked = harness.engine.execution({ executionId: mistyped });
  await expect(asked).rejects.toBeInstanceOf(RequestError);
  await expect(harness.engine.execution({ executionId: mistyped })).rejects.toMatchObject({ suggestion: executionId });
});
